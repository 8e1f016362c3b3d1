using System.Net;
using System.Text;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests;

/// <summary>Whatever a caller sends gets a clear answer, never a fault.</summary>
[Collection("referrals")]
public sealed class BadInputTests(ReferralsFixture city)
{
    [Theory]
    [InlineData(Role.Clinic, "/referrals")]
    [InlineData(Role.Clinic, "/exams")]
    [InlineData(Role.Hospital, "/quotas")]
    [InlineData(Role.Hospital, "/exam-books")]
    [InlineData(Role.Hospital, "/down-referrals")]
    [InlineData(Role.Clinic, "/referrals/{id}/hold")]
    [InlineData(Role.Clinic, "/referrals/{id}/merger")]
    [InlineData(Role.Clinic, "/referrals/{id}/rescheduling")]
    [InlineData(Role.Clinic, "/referrals/{id}/rebooking")]
    [InlineData(Role.Clinic, "/referrals/{id}/closure")]
    [InlineData(Role.Hospital, "/quotas/{id}/withdrawal")]
    [InlineData(Role.Hospital, "/referrals/{id}/information-request")]
    [InlineData(Role.Hospital, "/referrals/{id}/waitlisting")]
    [InlineData(Role.Hospital, "/referrals/{id}/advice")]
    [InlineData(Role.Clinic, "/down-referrals/{id}/decline")]
    [InlineData(Role.Hospital, "/down-referrals/{id}/reassignment")]
    [InlineData(Role.Hospital, "/exams/{id}/rejection")]
    [InlineData(Role.Hospital, "/referrals/{id}/decline")]
    [InlineData(Role.Hospital, "/referrals/{id}/outcome")]
    [InlineData(Role.Hospital, "/referrals/{id}/arrival")]
    [InlineData(Role.Clinic, "/down-referrals/{id}/first-contact")]
    [InlineData(Role.Hospital, "/exams/{id}/report")]
    public async Task Bodies_that_make_no_sense_are_refused(string role, string path)
    {
        path = path.Replace("{id}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal);
        string[] bodies = ["", "{", "[]", "null", "{}", "{\"residentId\":7}", "{\"date\":\"yesterday\",\"mode\":\"shout\",\"critical\":\"so\"}"];
        foreach (var body in bodies)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await city.First.Client(role).PostAsync(path, content);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"{path} {body}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
        await city.First.Client(Role.Resident).Refuses(403, "FORBIDDEN_SCOPE", path);
    }

    [Fact]
    public async Task Sentences_numbers_and_unknown_words_are_no_codes()
    {
        var (hospital, resident) = (await city.Hospital(), await city.Resident());
        object With(object? reasonCode = null, object? priority = null, object? conditionCodes = null) => new
        {
            residentId = resident,
            hospitalId = hospital,
            service = "cardiology",
            priority = priority ?? "routine",
            reasonCode = reasonCode ?? "chestPain",
            conditionCodes = conditionCodes ?? Array.Empty<string>(),
        };
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", "/referrals", With(reasonCode: "he has pain in his chest"));
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", "/referrals", With(conditionCodes: new string?[] { null }));
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", "/referrals", With(conditionCodes: new[] { "two words" }));
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", "/referrals", With(priority: 7));
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", "/referrals", With(priority: "soon"));
    }

    [Theory]
    [InlineData("9999-12-31")]
    [InlineData("0001-01-01")]
    public async Task Days_at_the_end_of_time_are_refused(string date)
    {
        var hospital = await city.Hospital();
        await city.Desk.Refuses(422, "RULE_VIOLATION", "/quotas",
            new { hospitalId = hospital, service = "cardiology", date, firstSlot = "08:00", slotMinutes = 10, familyDoctor = 1, urgent = 0, @public = 0 });
        await city.Desk.Refuses(422, "RULE_VIOLATION", "/exam-books", new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 10, slots = 1 });
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        await city.Clinic.Refuses(409, "QUOTA_EXHAUSTED", $"/referrals/{id}/hold", new { date });
        using var quotas = await city.Clinic.GetAsync($"/quotas?hospitalId={hospital}&service=cardiology&from={date}&to={date}");
        Assert.Equal(HttpStatusCode.OK, quotas.StatusCode);
    }

    [Theory]
    [InlineData("/referrals/{id}")]
    [InlineData("/referrals/{id}/documents/{id}")]
    [InlineData("/down-referrals/{id}")]
    [InlineData("/exams/{id}")]
    [InlineData("/history/{id}")]
    public Task What_nobody_knows_is_not_found(string path) =>
        city.Clinic.Refuses(404, "NOT_FOUND", path.Replace("{id}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal), method: "GET");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1.2")]
    [InlineData("-5.00000000000000000000000000000000")]
    [InlineData("9999999999999999999.00000000000000000000000000000000")]
    public Task A_page_that_was_never_given_is_refused(string after) =>
        city.Desk.Refuses(400, "VALIDATION_FAILED", $"/worklists/hospital?hospitalId={Guid.Empty}&after={after}", method: "GET");

    [Fact]
    public Task Commands_on_what_nobody_knows_are_not_found() => Task.WhenAll(
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/hold", new { date = "2024-05-01" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/submission"),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/cancellation", new { reason = "resident" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/acknowledgement"),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/hold-release"),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/information", new { conditionCodes = new[] { "I20" } }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/merger", new { reasonCode = "more" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/rescheduling", new { date = "2024-05-01" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/rebooking", new { date = "2024-05-01" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/closure", new { reason = "moved" }),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/information-request", new { missing = new[] { "labs" } }),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/waitlisting", new { targetBy = "2024-05-01" }),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/acceptance", new { date = "2024-05-01" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/down-referrals/{Guid.CreateVersion7()}/decline", new { reason = "noCapacity" }),
        city.Desk.Refuses(404, "NOT_FOUND", $"/down-referrals/{Guid.CreateVersion7()}/reassignment", new { institutionId = Guid.CreateVersion7(), reason = "nearer" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/exams/{Guid.CreateVersion7()}/critical-acknowledgement"),
        city.Desk.Refuses(404, "NOT_FOUND", $"/exams/{Guid.CreateVersion7()}/rejection", new { reason = "implant" }),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/acceptance"),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/decline", new { reason = "full", advice = "text" }),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/no-show"),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/arrival", new { admitted = true }),
        city.Desk.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/outcome", new { disposition = "treated" }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/down-referrals/{Guid.CreateVersion7()}/acceptance"),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/down-referrals/{Guid.CreateVersion7()}/closure"),
        city.Desk.Refuses(404, "NOT_FOUND", $"/exams/{Guid.CreateVersion7()}/confirmation"),
        city.Desk.Refuses(404, "NOT_FOUND", $"/exams/{Guid.CreateVersion7()}/no-show"),
        city.Desk.Refuses(404, "NOT_FOUND", $"/exams/{Guid.CreateVersion7()}/report", new { critical = true }),
        city.Clinic.Refuses(404, "NOT_FOUND", $"/exams/{Guid.CreateVersion7()}/cancellation", new { reason = "resident" }));
}
