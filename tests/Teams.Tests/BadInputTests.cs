using System.Net;
using System.Text;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests;

/// <summary>Whatever a caller sends gets a clear answer, never a fault.</summary>
[Collection("teams")]
public sealed class BadInputTests(TeamsFixture city)
{
    private static readonly Guid Nobody = new("00000000-0000-7000-8000-0000000000ff");

    public static TheoryData<string, string> Commands => new()
    {
        { "POST", "/institutions" }, { "POST", $"/institutions/{Nobody}/suspension" }, { "POST", "/hospitals" },
        { "POST", $"/hospitals/{Nobody}/services" }, { "POST", $"/hospitals/{Nobody}/equipment" }, { "POST", "/practitioners" },
        { "POST", $"/practitioners/{Nobody}/licence" }, { "POST", $"/practitioners/{Nobody}/stars" }, { "POST", "/teams" },
        { "POST", $"/teams/{Nobody}/members" }, { "POST", $"/teams/{Nobody}/members/{Nobody}/removal" }, { "POST", $"/teams/{Nobody}/leader" },
        { "POST", $"/institutions/{Nobody}/closure" }, { "POST", $"/institutions/{Nobody}/merger" },
        { "POST", $"/practitioners/{Nobody}/qualifications" }, { "POST", $"/practitioners/{Nobody}/suspension" },
        { "POST", $"/practitioners/{Nobody}/institution" }, { "POST", $"/practitioners/{Nobody}/departure" },
        { "POST", $"/practitioners/{Nobody}/absences" }, { "POST", $"/practitioners/{Nobody}/absences/{Nobody}/cover" },
        { "POST", $"/practitioners/{Nobody}/assessments" }, { "POST", $"/practitioners/{Nobody}/assessments/2023/components" },
        { "POST", $"/practitioners/{Nobody}/stars/revocation" }, { "POST", "/surveys" }, { "POST", "/complaints" },
        { "POST", $"/complaints/{Nobody}/upholding" }, { "POST", $"/complaints/{Nobody}/dismissal" },
        { "POST", $"/teams/{Nobody}/disbandment" }, { "POST", $"/teams/{Nobody}/disbandment/cancellation" },
        { "POST", "/help-requests" }, { "POST", $"/help-requests/{Nobody}/answer" }, { "POST", $"/help-requests/{Nobody}/decline" },
        { "POST", $"/help-requests/{Nobody}/withdrawal" }, { "POST", $"/studios/{Nobody}/closure" }, { "PUT", $"/studios/{Nobody}/hours" },
        { "POST", "/compliance-flags" }, { "POST", $"/compliance-flags/{Nobody}/resolution" },
        { "POST", $"/teams/{Nobody}/suspension" }, { "POST", "/studios" }, { "POST", "/figures" }, { "POST", "/policies" }, { "PUT", "/calendar" },
    };

    [Theory, MemberData(nameof(Commands))]
    public async Task A_body_that_makes_no_sense_is_refused(string method, string path)
    {
        foreach (var body in new[] { "", "{", "[]", "null", "7", "{}", """{"id":"not an id"}""", """{"name":null,"services":7,"fte":1e99}""" })
        {
            using var request = new HttpRequestMessage(new(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await city.First.Client(Role.Commission, Role.Clinic).SendAsync(request);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"{path} {body}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        }
    }

    public static TheoryData<string, string> Nonsense => new()
    {
        { "/institutions", """{"name":"n","nameEn":"n","districtCode":"1","address":"a","latitude":91,"longitude":1}""" },
        { "/institutions", """{"name":"n","nameEn":"n","districtCode":"1","address":"a","latitude":1,"longitude":1,"openingHours":[null]}""" },
        { "/institutions", """{"name":"n","nameEn":"n","districtCode":"1","address":"a","latitude":1,"longitude":1,"openingHours":[{"day":9,"opens":"08:00","closes":"09:00"}]}""" },
        { "/institutions", """{"name":" ","nameEn":"n","districtCode":"1","address":"a","latitude":1,"longitude":1}""" },
        { "/hospitals", """{"name":"n","nameEn":"n","districtCode":"1","level":4}""" },
        { "/policies", """{"version":1,"from":"2999-01-01T00:00:00Z","policy":{"unknown":1}}""" },
        { "/policies", """{"version":1,"from":"2999-01-01T00:00:00Z","policy":null}""" },
        { "/policies", """{"version":0,"from":"2999-01-01T00:00:00Z","policy":{}}""" },
        { "/figures", """{"figure":"f","from":"2023-12-31","to":"2023-01-01","value":1,"unit":"u","source":"s","publishedOn":"2024-01-01"}""" },
        { $"/teams/{Nobody}/members", $$"""{"practitionerId":"{{Nobody}}","role":"gp","fte":0}""" },
        { $"/teams/{Nobody}/capacity", """{"maxPanel":-1}""" },
        { $"/practitioners/{Nobody}/stars", """{"period":1,"components":[{"code":"a","score":1}]}""" },
        { $"/practitioners/{Nobody}/stars", """{"period":2023,"components":[]}""" },
        { $"/practitioners/{Nobody}/assessments", """{"period":1}""" },
        { $"/institutions/{Nobody}/merger", """{"from":[]}""" },
        { "/policies", """{"version":1,"from":"2999-01-01T00:00:00Z","policy":{"starWeights":{"a":2147483647,"b":2147483647}}}""" },
        { "/policies", """{"version":1,"from":"2999-01-01T00:00:00Z","policy":{"starWeights":null}}""" },
        { "/policies", """{"version":1,"from":"2999-01-01T00:00:00Z","policy":{"starWeights":[100]}}""" },
    };

    [Theory, MemberData(nameof(Nonsense))]
    public async Task Values_out_of_their_range_are_refused(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await city.Commission.PostAsync(path, content);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"{path} {body}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    [Theory]
    [InlineData("/institutions?limit=x")]
    [InlineData("/teams?after=x")]
    [InlineData("/practitioners")]
    public Task A_question_that_makes_no_sense_is_refused(string path) => city.Clinic.Refuses(400, "VALIDATION_FAILED", path, method: "GET");

    [Theory]
    [InlineData("/institutions?limit=-5")]
    [InlineData("/hospitals?limit=2000000000")]
    [InlineData("/teams?limit=0")]
    public async Task A_page_has_one_to_two_hundred(string path)
    {
        using var answer = await city.Clinic.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Who_may_not_is_told_so()
    {
        using var stranger = new HttpClient { BaseAddress = city.First.ClientOptions.BaseAddress };
        await stranger.Refuses(401, "UNAUTHENTICATED", "/teams", method: "GET");
        foreach (var path in new[] { "/institutions", "/hospitals", "/studios", "/figures", "/policies",
            $"/institutions/{Nobody}/closure", $"/practitioners/{Nobody}/suspension", $"/teams/{Nobody}/disbandment/completion", $"/complaints/{Nobody}/upholding" })
            await city.Clinic.Refuses(403, "FORBIDDEN_SCOPE", path);
        foreach (var path in new[] { "/teams", "/practitioners" })
            await city.First.Client(Role.Hospital).Refuses(403, "FORBIDDEN_SCOPE", path);
        await city.Commission.Refuses(403, "FORBIDDEN_SCOPE", "/imports/teams");
    }
}
