using System.Net.Http.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.Contracts.Tests.Linking;

[Collection("contracts")]
public sealed class LinkedCasesOverHttpTests(ContractsFixture city)
{
    [Fact]
    public async Task A_signed_contract_is_reported_once_with_opaque_ids()
    {
        var contract = await Sign();
        var settled = await Settled(contract);
        Assert.Equal((LinkedCaseStatus.Accepted, "REF-1"), (settled.Status, settled.Answer));
        var request = Assert.Single(city.Counterpart.Asked(contract));
        Assert.Equal((contract, settled.ResidentId, LinkedCaseKind.Enrolment), (request.SubjectId, request.ResidentId, request.Kind));
        Assert.Equal(1L, await Count("linked_case_accepted", settled.CaseId));
    }

    [Fact]
    public async Task A_rejection_is_kept_with_its_code_and_care_goes_on()
    {
        var contract = await Sign(SampleCounterpart.Reject("NOT_INSURED"));
        var settled = await Settled(contract);
        Assert.Equal((LinkedCaseStatus.Rejected, "NOT_INSURED"), (settled.Status, settled.Answer));
        Assert.Equal(ContractStatus.Active, (await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract}"))!.Status);
        var listed = await city.First.Client(Role.Commission).GetFromJsonAsync<LinkedCasePage>("/linked-cases?status=Rejected&limit=200");
        Assert.Contains(listed!.Items, c => c.CaseId == settled.CaseId);
    }

    [Fact]
    public async Task Who_is_down_busy_slow_or_babbles_is_asked_again_later_under_the_same_id()
    {
        // The client itself tries once more at once, so each trouble comes twice.
        var troubles = new (Func<Microsoft.AspNetCore.Http.HttpContext, Task> Plan, string Cause)[]
        {
            (SampleCounterpart.HangUp, "unreachable"), (SampleCounterpart.Busy, "busy"), (SampleCounterpart.Dawdle, "slow"),
        };
        var contract = await Sign([.. troubles.SelectMany(t => new[] { t.Plan, t.Plan }), SampleCounterpart.Babble, SampleCounterpart.Pend]);
        var attempts = 0;
        foreach (var cause in troubles.Select(t => t.Cause).Concat(["unexpected", "pending"]))
        {
            attempts++;
            var waiting = await Talking.Eventually(() => Case(contract), c => c.Attempts == attempts);
            Assert.Equal((LinkedCaseStatus.Waiting, cause), (waiting.Status, waiting.Answer));
            city.Clock.Now = waiting.NextAt!.Value;
        }
        var settled = await Settled(contract);
        Assert.Equal(LinkedCaseStatus.Accepted, settled.Status);
        Assert.Equal([settled.CaseId], city.Counterpart.Asked(contract).Select(a => a.CaseId).Distinct());
        Assert.Equal(1L, await Count("linked_case_accepted", settled.CaseId));
    }

    [Fact]
    public async Task Stopped_between_the_call_and_its_record_it_asks_again_and_records_once()
    {
        var answering = new TaskCompletionSource();
        var contract = await Sign(async http =>
        {
            answering.SetResult();
            await SampleCounterpart.Dawdle(http); // it has the case; the answer never arrives
        });
        await answering.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await LoseTheElection();
        var settled = await Settled(contract);
        Assert.Equal(LinkedCaseStatus.Accepted, settled.Status);
        Assert.True(city.Counterpart.Asked(contract).Count >= 2);
        Assert.Equal([settled.CaseId], city.Counterpart.Asked(contract).Select(a => a.CaseId).Distinct());
        Assert.Equal(1L, await Count("linked_case_accepted", settled.CaseId));
    }

    [Fact]
    public async Task A_long_prescription_is_dispensed_or_not()
    {
        var contract = await Sign();
        await Settled(contract);
        var resident = (await Case(contract))!.ResidentId;
        await city.Clinic.Do($"/residents/{resident}/priority-groups", new { group = "hypertension", evidence = "condition" });
        city.Counterpart.Plan(contract, SampleCounterpart.Pend, SampleCounterpart.Reject("OUT_OF_STOCK"));
        await city.Clinic.Do($"/contracts/{contract}/long-prescriptions", new { weeks = 8, conditionCode = "hypertension" });
        var waiting = await Talking.Eventually(() => Case(contract, LinkedCaseKind.Prescription), c => c.Attempts == 1);
        city.Clock.Now = waiting.NextAt!.Value;
        var rejected = await Talking.Eventually(() => Case(contract, LinkedCaseKind.Prescription), c => c.Status is LinkedCaseStatus.Rejected);
        Assert.Equal("OUT_OF_STOCK", rejected.Answer);
        var request = city.Counterpart.Asked(contract)[^1];
        Assert.Equal((8, "hypertension"), (request.Weeks, request.Code));
        await city.Clinic.Do($"/contracts/{contract}/long-prescriptions", new { weeks = 4, conditionCode = "hypertension" });
        await Talking.Until(async () => (await Cases(contract)).Exists(c => c is { Weeks: 4, Status: LinkedCaseStatus.Accepted }));
    }

    [Fact]
    public async Task The_insurer_hears_of_another_team_and_of_the_end_under_the_same_case()
    {
        var contract = await Sign();
        var linked = await Settled(contract);
        var other = await city.Team(1);
        await city.Clinic.Do($"/contracts/{contract}/transfer", new { toTeamId = other, reason = "residentWish", consentMethod = "inPerson" });
        await Talking.Until(() => Task.FromResult(city.Counterpart.Asked(contract)[^1].OrganizationId == other));
        await city.Clinic.Do($"/contracts/{contract}/termination", new { reason = "MovedOut" });
        var ended = await Talking.Eventually(() => Case(contract, LinkedCaseKind.Ending), c => c.Status is LinkedCaseStatus.Accepted);
        var asked = city.Counterpart.Asked(contract);
        Assert.Equal([(linked.CaseId, LinkedCaseKind.Enrolment), (linked.CaseId, LinkedCaseKind.Enrolment), (ended.CaseId, LinkedCaseKind.Ending)],
            asked.Select(a => (a.CaseId, a.Kind)));
        Assert.Equal((linked.CaseId, "MovedOut", ended.EndedOn), (ended.CaseId, asked[^1].Code, asked[^1].EndedOn));
        Assert.Equal(asked.Select(a => a.Version).Order().Distinct(), asked.Select(a => a.Version));
        Assert.Equal(["ContractSigned", "ContractTransferred", "ContractTerminated"], (await Told(ended.ResidentId)).Where(t => t.StartsWith("Contract", StringComparison.Ordinal)));
        Assert.Equal(["ContractInsuranceLinked", "ContractInsuranceLinked"], await Told(ended.CaseId));
    }

    [Fact]
    public async Task The_insurer_is_asked_once_about_an_authorised_referral_and_a_bed_s_period()
    {
        var (resident, referral, bed) = (await city.RegisterResident(), Guid.CreateVersion7(), Guid.CreateVersion7());
        city.Counterpart.Plan(bed, SampleCounterpart.Reject("NEED_NOT_SHOWN"));
        var authorised = city.Stamped(new ReferralAuthorised(new(referral, "R-1", resident, null, Sample.Team, Sample.Institution, "330203", Sample.Institution,
            "cardiology", "emergency", "Scheduled", Sample.Institution, null, null, null, null, null), new(2199, 4, 1)), referral, 6);
        var requested = city.Stamped(new BedAuthorisationRequested(new(bed, "B-1", resident, null, Sample.Team, Sample.Institution, "330203", "team",
            "therapeutic", "Open", new(2024, 3, 1), new(2024, 4, 30)), 1, new(2024, 3, 1)), bed, 4);
        foreach (var message in new IntegrationEvents.IntegrationEvent[] { authorised, requested, requested, authorised })
            await city.Publish(message);

        var (ofReferral, ofBed) = (LinkedCase.IdOf(LinkedCaseKind.Referral, authorised.EventId), LinkedCase.IdOf(LinkedCaseKind.Bed, requested.EventId));
        await Talking.Until(async () => (await Told(ofReferral)).Count > 0 && (await Told(ofBed)).Count > 0);
        Assert.Equal(["ReferralAuthorisationGranted"], await Told(ofReferral));
        Assert.Equal(["BedAuthorisationRejected"], await Told(ofBed));
        Assert.Equal((6L, "R-1", "cardiology", resident), Assert.Single(city.Counterpart.Asked(referral)) is var r ? (r.Version, r.Number!, r.Code!, r.ResidentId) : default);
        Assert.Equal((4L, "B-1", "therapeutic", resident), Assert.Single(city.Counterpart.Asked(bed)) is var b ? (b.Version, b.Number!, b.Code!, b.ResidentId) : default);
        Assert.Equal(1L, await Count("linked_case_opened", ofReferral));
        var rejected = await city.First.Client(Role.Commission).GetFromJsonAsync<LinkedCasePage>("/linked-cases?status=Rejected&limit=200");
        Assert.Equal("NEED_NOT_SHOWN", rejected!.Items.Single(c => c.CaseId == ofBed).Answer);
    }

    [Fact]
    public async Task An_imported_contract_of_the_past_is_not_reported()
    {
        var imported = (await city.Sign(await city.Team(1), 1))[0];
        await city.Clinic.Do($"/contracts/{imported}/termination", new { reason = "MovedOut" }); // nor what becomes of it
        var later = await Sign();
        await Settled(later); // so the list has come further than the import
        Assert.Empty(await Cases(imported));
        Assert.Empty(city.Counterpart.Asked(imported));
    }

    private async Task<Guid> Sign(params Func<Microsoft.AspNetCore.Http.HttpContext, Task>[] answers)
    {
        var (team, resident) = (await city.Team(1), await city.RegisterResident());
        var contract = (await city.Clinic.Do("/contracts", new { residentId = resident, teamId = team })).Id;
        city.Counterpart.Plan(contract, answers);
        await city.Clinic.Do($"/contracts/{contract}/signature", new { proofMethod = "inPerson" });
        return contract;
    }

    private async Task<List<LinkedCasesOfCity>> Cases(Guid contract) =>
        (await city.Clinic.GetFromJsonAsync<List<LinkedCasesOfCity>>($"/contracts/{contract}/linked-cases"))!;

    private async Task<LinkedCasesOfCity?> Case(Guid contract, LinkedCaseKind kind = LinkedCaseKind.Enrolment) =>
        (await Cases(contract)).Find(c => c.Kind == kind);

    private Task<LinkedCasesOfCity> Settled(Guid contract) => Talking.Eventually(() => Case(contract), c => c.Status is not LinkedCaseStatus.Waiting);

    /// <summary>What the service tells the others about a stream, in order.</summary>
    private async Task<List<string>> Told(Guid stream)
    {
        var (told, after, more) = (new List<string>(), 0L, true);
        while (more)
        {
            var page = await city.First.Client(Role.Service).GetFromJsonAsync<FeedPage>($"/integration-events?after={after}&limit=2000");
            told.AddRange(page!.Items.Where(i => i.Message.GetProperty("streamId").GetGuid() == stream).Select(i => i.Type));
            (after, more) = (page.Next, page.More);
        }
        return told;
    }

    private async Task LoseTheElection()
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and objid::bigint = hashtext('linkage Insurer')::bigint & 4294967295");
        Assert.Equal(1L, await command.ExecuteScalarAsync());
    }

    private async Task<long> Count(string type, Guid stream)
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("select count(*) from mt_events where type = $1 and stream_id = $2");
        command.Parameters.AddWithValue(type);
        command.Parameters.AddWithValue(stream);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
