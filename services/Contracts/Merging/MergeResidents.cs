using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Merging;

/// <summary>Two registrations were one person: the one with the earlier contract goes on, and the other's contract was an error.</summary>
public sealed record MergeResidents([Required] Guid? ResidentId, [Required] Guid? OtherId)
{
    /// <summary>Which of the two goes on: who has a contract, and of two the one covered longer.</summary>
    public static bool GoesOn(Enrolment one, Enrolment other) => (Since(one), Since(other)) switch
    {
        (_, null) => true,
        (null, _) => false,
        var (a, b) => a <= b,
    };

    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Enrolment? survivor, Enrolment? duplicate, TeamPanel? panel, Moment at)
    {
        if (survivor is null || duplicate is null)
            throw new UnknownId();
        if (duplicate.MergedInto == survivor.ResidentId)
            return ([], [], []);
        if (survivor.Alive().ResidentId == duplicate.Alive().ResidentId)
            return ([], [], []);
        if (!GoesOn(survivor, duplicate) || duplicate.Contract is { Reassignment: not null })
            throw Refusing.InvalidTransition(duplicate.Contract!.Status);
        var merged = new ResidentsMerged(survivor.ResidentId, duplicate.ResidentId);
        var groups = duplicate.Groups.Where(g => !survivor.IsIn(g.Group)).Select(g => new PriorityGroupAssigned(g.Group, "merged", g.From, g.To, g.EndsAt));
        return duplicate.Contract is { HoldsSeat: true } wrong
            ? ([.. groups, merged], [new ContractEnteredInError(wrong.Id, "duplicate"), merged], TeamPanel.Release(panel, wrong))
            : ([.. groups, merged], [merged], []);
    }

    private static DateOnly? Since(Enrolment e) => e.Contract switch
    {
        { IsCurrent: true } c => c.CoveredSince,
        { Status: ContractStatus.PendingConfirmation } => DateOnly.MaxValue,
        _ => null,
    };
}

public static class MergeResidentsEndpoint
{
    public static void MapMergeResidents(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/merges", Handle).WithName(nameof(MergeResidents)).WithSummary("Two registrations are one person")
        .For(Role.Clinic, Role.Commission);

    private static async Task<Decided> Handle(
        MergeResidents command, HttpContext http, Runner runner, IEventStore store, Duplicates duplicates, CancellationToken ct)
    {
        var (one, _) = await store.Load<Enrolment>(command.ResidentId!.Value, ct);
        var (other, _) = await store.Load<Enrolment>(command.OtherId!.Value, ct);
        if (one is null || other is null || one.ResidentId == other.ResidentId)
            throw new UnknownId();
        var swapped = other.MergedInto is null && (one.MergedInto == other.ResidentId || !MergeResidents.GoesOn(one, other));
        var (survivor, duplicate) = swapped ? (other, one) : (one, other);
        var envelope = http.Envelope();
        var done = duplicate.Contract is { HoldsSeat: true } wrong
            ? await runner.OnLedger<TeamPanel>(wrong.TeamId, envelope, ledger => runner.Execute<Enrolment, Enrolment, TeamPanel>(
                survivor.ResidentId, duplicate.ResidentId, ledger, envelope, MergeResidents.Decide, ct), ct)
            : await runner.Execute<Enrolment, Enrolment>(survivor.ResidentId, duplicate.ResidentId, envelope, (s, d, at) =>
            {
                var (a, b, _) = d?.Contract is { HoldsSeat: true } ? throw new Busy() : MergeResidents.Decide(s, d, null, at);
                return (a, b);
            }, ct);
        await duplicates.Merge(survivor.ResidentId, duplicate.ResidentId, ct);
        return new(done);
    }
}
