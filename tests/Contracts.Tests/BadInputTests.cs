using System.Net;
using System.Net.Http.Headers;
using System.Text;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests;

/// <summary>Whatever a caller sends gets a clear answer, never a fault.</summary>
[Collection("contracts")]
public sealed class BadInputTests(ContractsFixture city)
{
    [Fact]
    public Task No_token_is_unauthenticated() =>
        new HttpClient { BaseAddress = city.First.ClientOptions.BaseAddress }.Refuses(401, "UNAUTHENTICATED", "/contracts");

    [Fact]
    public Task A_role_without_the_right_is_forbidden() => city.First.Client(Role.Resident).Refuses(403, "FORBIDDEN_SCOPE", "/residents");

    [Fact]
    public Task An_unknown_contract_is_not_found() => city.Clinic.Refuses(404, "NOT_FOUND", $"/contracts/{Guid.CreateVersion7()}/withdrawal");

    [Fact]
    public Task An_unknown_address_is_not_found() => city.Clinic.Refuses(404, "NOT_FOUND", "/nowhere");

    [Fact]
    public Task A_wrong_method_is_named() => city.Clinic.Refuses(405, "METHOD_NOT_ALLOWED", "/residents", method: "PUT");

    [Fact]
    public async Task Missing_fields_are_listed()
    {
        var problem = await city.Clinic.Refuses(400, "VALIDATION_FAILED", "/contracts", new { termMonths = 12 });
        var fields = problem.GetProperty("violations").EnumerateArray().Select(v => v.GetProperty("field").GetString()).Order();
        Assert.Equal(["residentId", "teamId"], fields);
        Assert.True(problem.TryGetProperty("correlationId", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"residentId\":\"not an id\"}")]
    [InlineData("{\"residentId\":7}")]
    [InlineData("{\"termMonths\":1e99}")]
    public async Task Malformed_bodies_are_refused(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await city.Clinic.PostAsync("/contracts", content);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest, $"{body}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        using var content = new StringContent("<contract/>", Encoding.UTF8, "application/xml");
        using var answer = await city.Clinic.PostAsync("/contracts", content);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Theory]
    [InlineData("five")]
    [InlineData("\"99999999999999999999\"")]
    public async Task A_version_that_is_none_is_refused(string version)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/contracts/{Guid.CreateVersion7()}/withdrawal");
        request.Headers.TryAddWithoutValidation("If-Match", version);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var answer = await city.Clinic.SendAsync(request);
        Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Rows_that_make_no_sense_are_rejected_with_their_line_and_the_others_taken_in()
    {
        var rows = $$"""
            {"id":"r1"}
            not json
            {"id":"r3","occurredAt":"2024-01-01T00:00:00Z","contractId":"{{Guid.CreateVersion7()}}","residentId":"{{Guid.CreateVersion7()}}","teamId":"{{await city.Team(1)}}","termMonths":12,"proofMethod":"inPerson","guardianRef":null,"renewals":[]}
            """;
        using var answer = await city.First.Client(Role.Import).PostAsync("/imports/contracts", new StringContent(rows));
        var result = await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync<ImportResult>(answer.Content);
        Assert.Equal((0, 3), (result!.Accepted, result.Rejected));
        Assert.Equal(["VALIDATION_FAILED", "VALIDATION_FAILED", "NOT_FOUND"], result.Rejects.Select(r => r.Code));
        Assert.Equal([1, 2, 3], result.Rejects.Select(r => r.Line));
    }

    [Fact]
    public Task An_unknown_kind_of_import_is_not_found() => city.First.Client(Role.Import).Refuses(404, "NOT_FOUND", "/imports/nothing");
}
