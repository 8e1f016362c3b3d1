using System.Net.Http.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
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
        Assert.Equal((8, "hypertension"), (request.Weeks, request.ConditionCode));
        await city.Clinic.Do($"/contracts/{contract}/long-prescriptions", new { weeks = 4, conditionCode = "hypertension" });
        await Talking.Until(async () => (await Cases(contract)).Exists(c => c is { Weeks: 4, Status: LinkedCaseStatus.Accepted }));
    }

    [Fact]
    public async Task An_imported_contract_of_the_past_is_not_reported()
    {
        var imported = (await city.Sign(await city.Team(1), 1))[0];
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

    private async Task LoseTheElection()
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory' and objid::bigint = hashtext('linkage Enrolment')::bigint & 4294967295");
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
