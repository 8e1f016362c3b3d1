using System.Collections.Concurrent;
using FamilyDoctor.Contracts.Reassigning;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <summary>Decides on a contract together with the panels that its seats are on.</summary>
public sealed class Seats(Runner runner, IEventStore store, ReassignmentProgress progress)
{
    private const int MostResidents = 100_000;
    private readonly ConcurrentDictionary<Guid, Guid> residents = new();

    public delegate (IEnumerable<DomainEvent> Enrolment, IEnumerable<DomainEvent> Panel) Decision(Enrolment? enrolment, TeamPanel? panel, Moment at);

    /// <param name="other">The panel the contract goes to, or the one that keeps a seat for it.</param>
    public delegate (IEnumerable<DomainEvent> Enrolment, IEnumerable<DomainEvent> Panel, IEnumerable<DomainEvent> Other) DecisionOnTwo(
        Enrolment? enrolment, TeamPanel? panel, TeamPanel? other, Moment at);

    /// <summary>On the panel of a given team.</summary>
    public Task<Done> Execute(Guid residentId, Guid teamId, Envelope envelope, Decision decide, CancellationToken ct) =>
        Execute(residentId, teamId, null, envelope, (enrolment, panel, _, at) =>
        {
            var (a, b) = decide(enrolment, panel, at);
            return (a, b, []);
        }, ct);

    /// <summary>On the panel of the team that the resident's contract names.</summary>
    public Task<Done> ExecuteOnOwn(Guid residentId, Envelope envelope, Decision decide, CancellationToken ct) =>
        OnOwn(residentId, _ => null, envelope, (enrolment, panel, _, at) =>
        {
            var (a, b) = decide(enrolment, panel, at);
            return (a, b, []);
        }, ct);

    /// <summary>On the panel of the resident's team, and on the one that keeps a seat for his reassignment, if there is one.</summary>
    public Task<Done> ExecuteWithKept(Guid residentId, Envelope envelope, DecisionOnTwo decide, CancellationToken ct) =>
        OnOwn(residentId, contract => contract.Reassignment?.ToTeam, envelope, decide, ct);

    /// <summary>On the panels of the resident's team and of another one.</summary>
    public Task<Done> ExecuteToOther(Guid residentId, Guid toTeam, Envelope envelope, DecisionOnTwo decide, CancellationToken ct) =>
        OnOwn(residentId, _ => toTeam, envelope, decide, ct);

    /// <summary>The same for a resident who may not have had a contract yet.</summary>
    public async Task<Done> WithOrWithoutContract(Guid residentId, Envelope envelope, DecisionOnTwo decide, CancellationToken ct)
    {
        var (enrolment, _) = await store.Load<Enrolment>(residentId, ct);
        if (enrolment?.Contract is not null)
            return await ExecuteWithKept(residentId, envelope, decide, ct);
        return await runner.Execute<Enrolment>(residentId, envelope, (now, at) => now?.Contract is null
            ? decide(now, null, null, at).Enrolment
            : throw new Busy(), ct);
    }

    /// <summary>A team's panel as it stands this moment; null when the team was never active.</summary>
    public async Task<TeamPanel?> Look(Guid teamId, Envelope envelope, CancellationToken ct)
    {
        TeamPanel? seen = null;
        await runner.OnLedger<TeamPanel>(teamId, envelope, ledger => runner.Execute<TeamPanel>(ledger, envelope, (panel, _) =>
        {
            seen = panel is null ? null : TeamPanel.Open(panel);
            return [];
        }, ct), ct);
        return seen;
    }

    /// <summary>The resident behind a contract's id.</summary>
    public async Task<Guid> ResidentOf(Guid contractId, CancellationToken ct) => await FindResident(contractId, ct) ?? throw new UnknownId();

    /// <summary>The same, or null. A contract is its resident's for ever, so whoever was found once is not looked for again.</summary>
    public async Task<Guid?> FindResident(Guid contractId, CancellationToken ct)
    {
        if (residents.TryGetValue(contractId, out var known))
            return known;
        var found = await store.FindAlias(contractId, ct);
        if (found is { } resident)
        {
            if (residents.Count >= MostResidents)
                residents.Clear();
            residents[contractId] = resident;
        }
        return found;
    }

    private async Task<Done> OnOwn(Guid residentId, Func<Contract, Guid?> other, Envelope envelope, DecisionOnTwo decide, CancellationToken ct)
    {
        for (var tries = 0; ; tries++)
        {
            var contract = (await runner.Look<Enrolment>(residentId, ct))?.Contract
                ?? (await store.Load<Enrolment>(residentId, ct)).State?.Contract ?? throw new UnknownId();
            var (team, otherTeam) = (contract.TeamId, other(contract));
            try
            {
                return await Execute(residentId, team, otherTeam, envelope, (e, panel, p, at) =>
                    e?.Contract is { } now && (now.TeamId != team || other(now) != otherTeam) ? throw new Moved() : decide(e, panel, p, at), ct);
            }
            catch (Moved) when (tries < 20)
            {
                // The contract went to another team between the two; its panel is another one now.
            }
            catch (Moved moved)
            {
                throw new Busy(moved);
            }
        }
    }

    private async Task<Done> Execute(Guid residentId, Guid teamId, Guid? other, Envelope envelope, DecisionOnTwo decide, CancellationToken ct)
    {
        var leaves = false;
        var done = await runner.OnLedger<TeamPanel>(teamId, envelope, async ledger =>
        {
            if (other is null || other == teamId)
            {
                return await runner.Execute<Enrolment, TeamPanel>(residentId, ledger, envelope, (enrolment, panel, at) =>
                {
                    leaves = panel?.Leaving is not null;
                    var (a, b, c) = decide(enrolment, panel, null, at);
                    return (a, b.Concat(c));
                }, ct);
            }
            try
            {
                return await runner.OnLedger<TeamPanel>(other.Value, envelope, otherLedger =>
                    runner.Execute<Enrolment, TeamPanel, TeamPanel>(residentId, ledger, otherLedger, envelope, (enrolment, panel, otherPanel, at) =>
                    {
                        leaves = panel?.Leaving is not null;
                        return panel is { IsClosed: true } ? throw new FirstTurned() : decide(enrolment, panel, otherPanel, at);
                    }, ct), ct);
            }
            catch (FirstTurned)
            {
                throw new LedgerTurned();
            }
        }, ct);
        if (leaves)
            await progress.Follow(teamId, envelope, ct);
        return done;
    }

    private sealed class Moved : Exception;

    /// <summary>It is the first of two ledgers whose year is closed.</summary>
    private sealed class FirstTurned : Exception;
}
