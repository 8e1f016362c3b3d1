using System.Net;
using System.Net.Http.Json;
using System.Text;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Beds.Tests;

/// <summary>Whatever a caller sends gets a clear answer, never a fault.</summary>
[Collection("beds")]
public sealed class BadInputTests(BedsFixture city)
{
    public static TheoryData<string> Commands => [.. new[]
    {
        "/bed-capacities", "/beds", "/beds/{id}/assessment", "/beds/{id}/approval", "/beds/{id}/waiting", "/beds/{id}/decline", "/beds/{id}/opening",
        "/beds/{id}/cancellation", "/beds/{id}/closure", "/beds/{id}/pause", "/beds/{id}/resumption", "/beds/{id}/extension-request", "/beds/{id}/extension",
        "/beds/{id}/assessment-appointment", "/beds/{id}/care-plan", "/beds/{id}/doctor", "/beds/{id}/visits", "/offline-visits",
        "/visits", "/visits/{id}/completion", "/visits/{id}/missed", "/visits/{id}/assignment", "/visits/{id}/rescheduling", "/visits/{id}/departure",
        "/visits/{id}/start", "/visits/{id}/observations", "/visits/{id}/escalation", "/visits/{id}/refusal", "/visits/{id}/not-at-home",
        "/visits/{id}/cancellation", "/visits/{id}/review", "/bed-offers/{id}/acceptance", "/bed-offers/{id}/refusal",
    }];

    [Theory, MemberData(nameof(Commands))]
    public async Task Nonsense_is_refused_everywhere(string path)
    {
        path = path.Replace("{id}", Guid.CreateVersion7().ToString());
        foreach (var body in new[] { "", "{", "[]", "null", "7", "{\"reason\":7}", "{\"type\":\"Unheard\"}", "{\"conditionCodes\":[null]}", "{\"vitals\":[null]}",
            "{\"vitals\":[{}]}", "{\"barthel\":1e99}", "{\"from\":\"yesterday\"}", "{\"visits\":[null]}",
            "{\"visits\":[{\"vitals\":[null]}]}", "{\"observations\":[{}]}", "{\"doctorAt\":\"noon\"}" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await city.Clinic.PostAsync(path, content);
            Assert.True((int)answer.StatusCode is 400 or 404, $"{path} {body}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory, MemberData(nameof(Commands))]
    public Task Only_who_may_is_let_in(string path) =>
        city.First.Client(Role.Hospital).Refuses(403, "FORBIDDEN_SCOPE", path.Replace("{id}", Guid.CreateVersion7().ToString()));

    [Theory]
    [InlineData("/beds/{id}")]
    [InlineData("/visits/{id}")]
    [InlineData("/bed-offers/{id}")]
    [InlineData("/institutions/{id}/bed-capacity")]
    [InlineData("/history/{id}")]
    [InlineData("/history/events/{id}")]
    [InlineData("/residents/{id}/beds/history")]
    [InlineData("/practitioners/{id}/days/2024-03-01/history")]
    [InlineData("/institutions/{id}/bed-capacity/history")]
    public Task What_is_not_there_is_not_found(string path) =>
        city.Clinic.Refuses(404, "NOT_FOUND", path.Replace("{id}", Guid.CreateVersion7().ToString()), method: "GET");

    [Fact]
    public Task Sentences_are_not_codes() => city.Clinic.Refuses(400, "VALIDATION_FAILED", "/beds",
        new { residentId = Guid.CreateVersion7(), origin = "team", type = "therapeutic", conditionCodes = new[] { "has had a stroke" } });

    [Fact]
    public Task A_visit_names_a_bed_or_a_resident() => city.Clinic.Refuses(400, "VALIDATION_FAILED", "/visits",
        new { practitionerId = Guid.CreateVersion7(), role = "nurse", from = city.Clock.Now, to = city.Clock.Now.AddHours(1) });

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T01:00:00Z")]
    [InlineData("9999-12-31T22:00:00Z", "9999-12-31T23:00:00Z")]
    public async Task Times_at_the_end_of_the_world_are_no_fault(string from, string to)
    {
        var bed = await city.OpenBed(await city.Institution(beds: 1));
        using var answer = await city.Clinic.PostAsJsonAsync("/visits", new { bedId = bed, practitionerId = Guid.CreateVersion7(), role = "nurse", from, to });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        using var listed = await city.Clinic.GetAsync($"/visits?practitionerId={Guid.CreateVersion7()}&from={from}&to={to}");
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
    }

    [Fact]
    public async Task Somebody_who_decided_on_an_older_version_is_told()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 1));
        var clinic = city.Clinic;
        clinic.DefaultRequestHeaders.IfMatch.Add(new("\"1\""));
        Assert.Equal(4, (await clinic.Refuses(412, "PRECONDITION_FAILED", $"/beds/{bed}/pause")).GetProperty("currentVersion").GetInt64());
    }

    [Fact]
    public async Task The_same_request_with_the_same_key_is_done_once()
    {
        var institution = await city.Institution(beds: 1);
        var clinic = city.Clinic;
        clinic.DefaultRequestHeaders.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        var request = new { residentId = await city.Resident(institution), origin = "team", type = "therapeutic", conditionCodes = Array.Empty<string>() };
        var first = await clinic.Do("/beds", request);
        Assert.Equal(first.Id, (await clinic.Do("/beds", request)).Id);
    }
}
