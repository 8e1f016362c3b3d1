using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <summary>Decides on a contract together with its team's panel of the year.</summary>
public sealed class Seats(Runner runner, IEventStore store)
{
    public delegate (IEnumerable<DomainEvent> Enrolment, IEnumerable<DomainEvent> Panel) Decision(Enrolment? enrolment, TeamPanel? panel, Moment at);

    /// <summary>On the panel of a given team.</summary>
    public Task<Done> Execute(Guid residentId, Guid teamId, Envelope envelope, Decision decide, CancellationToken ct) =>
        runner.OnLedger<TeamPanel>(teamId, envelope,
            panel => runner.Execute<Enrolment, TeamPanel>(residentId, panel, envelope, (e, p, at) => decide(e, p, at), ct), ct);

    /// <summary>On the panel of the team that the resident's contract names.</summary>
    public async Task<Done> ExecuteOnOwn(Guid residentId, Envelope envelope, Decision decide, CancellationToken ct)
    {
        var (enrolment, _) = await store.Load<Enrolment>(residentId, ct);
        return enrolment?.Contract is { } contract
            ? await Execute(residentId, contract.TeamId, envelope, decide, ct)
            : throw new UnknownId();
    }

    /// <summary>The resident behind a contract's id.</summary>
    public async Task<Guid> ResidentOf(Guid contractId, CancellationToken ct) => await store.FindAlias(contractId, ct) ?? throw new UnknownId();
}
