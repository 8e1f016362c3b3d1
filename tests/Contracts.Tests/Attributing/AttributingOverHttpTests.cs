using System.Net;
using System.Net.Http.Json;
using FamilyDoctor.Contracts.Attributing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests.Attributing;

/// <summary>A payer reads a team's list, confirms it, and says where it knows otherwise; it signs nobody up.</summary>
[Collection("contracts")]
public sealed class AttributingOverHttpTests(ContractsFixture city)
{
    private HttpClient Payer => city.First.Scoped(Role.Payer);

    [Fact]
    public async Task A_payer_reads_the_list_page_by_page_and_confirms_what_it_read()
    {
        var team = await city.Team(5);
        var contracts = await city.Sign(team, 3);
        var list = await Listed(team, 3);
        var second = await Payer.GetFromJsonAsync<AttributionPage>($"/teams/{team}/attribution-list?limit=2&after={list.Items[1].ContractId}");
        Assert.Equal(contracts.Order(), list.Items.Select(i => i.ContractId).Order());
        Assert.Equal(list.Items[2], Assert.Single(second!.Items));
        var today = DateOnly.FromDateTime(city.Clock.Now.ToOffset(TimeSpan.FromHours(8)).DateTime);
        Assert.Equal((today, today.AddYears(1).AddDays(-1)), (list.Items[0].From, list.Items[0].To));
        var done = await Payer.Do($"/teams/{team}/attribution-list/confirmation", new { digest = list.Digest });
        Assert.Equal(done, await Payer.Do($"/teams/{team}/attribution-list/confirmation", new { digest = list.Digest }));

        await city.Clinic.Do($"/contracts/{contracts[0]}/termination", new { reason = "MovedOut" });
        var shorter = await Listed(team, 2);
        Assert.NotEqual(list.Digest, shorter.Digest);
        var refused = await Payer.Refuses(409, "LIST_CHANGED", $"/teams/{team}/attribution-list/confirmation", new { digest = list.Digest });
        Assert.Equal(shorter.Digest, refused.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Where_the_payer_says_otherwise_the_clinic_looks_into_it_and_contracts_stay_as_they_are()
    {
        var institution = Guid.CreateVersion7();
        var (team, elsewhere) = (await city.Team(5, institution), await city.Team(5));
        await city.Sign(team, 1);
        await city.Sign(elsewhere, 1);
        var (own, other) = ((await Listed(team, 1)).Items[0].MemberId, (await Listed(elsewhere, 1)).Items[0].MemberId);
        Assert.Equal(ClaimAnswer.Agrees, (await Claim(team, "additions", own)).Answer);
        Assert.Equal(ClaimAnswer.OtherTeam, (await Claim(team, "additions", other)).Answer);
        Assert.Equal(ClaimAnswer.Unknown, (await Claim(team, "additions", Guid.CreateVersion7())).Answer);
        var removed = await Claim(team, "removals", own);
        Assert.Equal(ClaimAnswer.HasContract, removed.Answer);
        Assert.Equal(removed, await Claim(team, "removals", own));
        Assert.Equal((1, 1), ((await Listed(team, 1)).Members, (await Listed(elsewhere, 1)).Members));

        var clinic = city.First.Scoped(Role.Clinic, institution);
        var open = await Talking.Eventually(() => clinic.GetFromJsonAsync<List<AttributionDifferences>>($"/teams/{team}/attribution-list/differences"), d => d.Count == 3);
        Assert.Contains(open, d => (d.MemberId, d.Claim, d.Answer) == (own, MemberClaim.DoesNotBelong, ClaimAnswer.HasContract));
        await clinic.Do($"/teams/{team}/attribution-list/differences/{own}/resolution", new { outcome = "listIsRight" });
        await clinic.Refuses(404, "NOT_FOUND", $"/teams/{team}/attribution-list/differences/{Guid.CreateVersion7()}/resolution", new { outcome = "listIsRight" });
        await Talking.Eventually(() => clinic.GetFromJsonAsync<List<AttributionDifferences>>($"/teams/{team}/attribution-list/differences"), d => d.Count == 2);
    }

    [Fact]
    public async Task The_list_is_the_payer_s_the_clinic_s_own_and_the_commission_s_for_a_purpose()
    {
        var institution = Guid.CreateVersion7();
        var team = await city.Team(5, institution);
        var (own, other) = (city.First.Scoped(Role.Clinic, institution), city.First.Scoped(Role.Clinic, Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync($"/teams/{team}/attribution-list")).StatusCode);
        await other.Refuses(404, "NOT_FOUND", $"/teams/{team}/attribution-list", method: "GET");
        await other.Refuses(404, "NOT_FOUND", $"/teams/{team}/attribution-list/differences/{Guid.CreateVersion7()}/resolution", new { outcome = "listIsRight" });
        await city.First.Scoped(Role.Commission).Refuses(403, "PURPOSE_REQUIRED", $"/teams/{team}/attribution-list", method: "GET");
        await own.Refuses(403, "FORBIDDEN_SCOPE", $"/teams/{team}/attribution-list/member-additions", new { memberId = Guid.CreateVersion7() });
        await Payer.Refuses(403, "FORBIDDEN_SCOPE", $"/contracts?teamId={team}", method: "GET");
        await Payer.Refuses(404, "NOT_FOUND", $"/teams/{Guid.CreateVersion7()}/attribution-list", method: "GET");
        await Payer.Refuses(404, "NOT_FOUND", $"/teams/{Guid.CreateVersion7()}/attribution-list/member-additions", new { memberId = Guid.CreateVersion7() });
        await Payer.Refuses(400, "VALIDATION_FAILED", $"/teams/{team}/attribution-list/member-additions", new { });
    }

    private Task<AttributionPage> Listed(Guid team, int members) =>
        Talking.Eventually(() => Payer.GetFromJsonAsync<AttributionPage>($"/teams/{team}/attribution-list"), list => list.Members == members);

    private async Task<ClaimResult> Claim(Guid team, string change, Guid member)
    {
        using var answer = await Payer.PostAsJsonAsync($"/teams/{team}/attribution-list/member-{change}", new { memberId = member });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<ClaimResult>())!;
    }
}
