using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>A resident's newest contract in the lists of his team.</summary>
/// <param name="EnrolmentVersion">Of the resident's enrolment, when this became so.</param>
/// <param name="Reassigning">The team ends, and the resident has not answered yet.</param>
public sealed record ContractsOfTeam(
    Guid ResidentId, Guid ContractId, Guid TeamId, Guid InstitutionId, ContractStatus Status, DateOnly? StartsOn, DateOnly? EndsOn, bool Reassigning, DateOnly? ObjectUntil,
    long EnrolmentVersion = 0)
    : IRow<ContractsOfTeam>
{
    public static int Version => 4;

    public static IEnumerable<string> Indexes => ["team_id, contract_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is ContractApplied or ContractSigned or ContractRenewed or ContractGraceStarted or ContractExpired or ContractTerminated
        or ContractApplicationRejected or ContractApplicationWithdrawn or ContractApplicationLapsed or ContractTransferred or ContractRehomed or ContractReassignmentRequired
        or ContractReassignmentCancelled or ContractProvisionallyReassigned or ContractEnteredInError or ContractReinstated ? [recorded.StreamId] : [];

    public static ContractsOfTeam? Evolve(ContractsOfTeam? row, Guid id, Recorded recorded) =>
        After(row, id, recorded.Event) is { } after ? after with { EnrolmentVersion = recorded.Version } : null;

    private static ContractsOfTeam? After(ContractsOfTeam? row, Guid id, DomainEvent @event) => (row, @event) switch
    {
        (_, ContractApplied e) => new(id, e.ContractId, e.TeamId, e.InstitutionId, ContractStatus.PendingConfirmation, null, null, false, null),
        ({ } r, ContractSigned e) => r with { Status = ContractStatus.Active, StartsOn = e.StartsOn, EndsOn = e.EndsOn },
        ({ } r, ContractRenewed e) => r with { ContractId = e.NewId, Status = ContractStatus.Active, StartsOn = e.StartsOn, EndsOn = e.EndsOn },
        ({ } r, ContractGraceStarted) => r with { Status = ContractStatus.InGrace },
        ({ } r, ContractExpired) => r with { Status = ContractStatus.Expired, Reassigning = false },
        ({ } r, ContractTerminated) => r with { Status = ContractStatus.Terminated, Reassigning = false },
        ({ } r, ContractApplicationRejected) => r with { Status = ContractStatus.Rejected },
        ({ } r, ContractApplicationWithdrawn) => r with { Status = ContractStatus.Withdrawn },
        ({ } r, ContractApplicationLapsed) => r with { Status = ContractStatus.Lapsed },
        ({ } r, ContractTransferred e) => r.With(e.ToTeam, e.ToInstitution),
        ({ } r, ContractProvisionallyReassigned e) => r.With(e.ToTeam, e.ToInstitution),
        ({ } r, ContractRehomed e) => r with { InstitutionId = e.ToInstitution },
        ({ } r, ContractReassignmentRequired e) => r with
        {
            Status = r.Status is ContractStatus.Active ? ContractStatus.AwaitingReassignment : r.Status,
            Reassigning = true,
            ObjectUntil = e.ObjectUntil,
        },
        ({ } r, ContractReassignmentCancelled) => r.With(r.TeamId, r.InstitutionId),
        ({ } r, ContractEnteredInError e) when r.ContractId == e.ContractId => r with { Status = ContractStatus.EnteredInError, Reassigning = false },
        ({ } r, ContractReinstated) => r with { Status = ContractStatus.Active },
        _ => row,
    };

    private ContractsOfTeam With(Guid team, Guid institution) => this with
    {
        TeamId = team,
        InstitutionId = institution,
        Status = Status is ContractStatus.AwaitingReassignment ? ContractStatus.Active : Status,
        Reassigning = false,
        ObjectUntil = null,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record ContractPage(IReadOnlyList<ContractsOfTeam> Items, Guid? Next);

public static class ContractsOfTeamEndpoint
{
    public static void MapContractsOfTeam(this IEndpointRouteBuilder routes) => routes
        .MapGet("/contracts", Handle).WithName(nameof(ContractsOfTeam)).WithSummary("The contracts of a team")
        .For(Role.Clinic, Role.Commission);

    private static async Task<ContractPage> Handle(
        Guid teamId, Rows<ContractsOfTeam> rows, CancellationToken ct, Guid? after = null, ContractStatus? status = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = status is { } wanted
            ? await rows.Where($"team_id = $1 and contract_id > $2 and status = $3 order by contract_id limit {limit}", ct, teamId, after ?? Guid.Empty, wanted.ToString())
            : await rows.Where($"team_id = $1 and contract_id > $2 order by contract_id limit {limit}", ct, teamId, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].ContractId : null);
    }
}
