using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A family bed in the list of its institution.</summary>
/// <param name="Stage">Open or Paused also while the closure is due.</param>
/// <param name="CloseBy">Last day of the care bridge, while the closure is due.</param>
public sealed record BedsOfInstitution(
    Guid BedId, string Number, Guid ResidentId, Guid TeamId, Guid InstitutionId, BedType Type, BedStatus Status, BedStatus Stage, DateOnly? OpenedOn,
    DateOnly? PlannedEndOn, DateOnly? CloseBy) : IRow<BedsOfInstitution>
{
    static int IRow<BedsOfInstitution>.Version => 3;

    public static IEnumerable<string> Indexes => ["institution_id, bed_id", "team_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is BedRequested or BedAssessed or BedWaitlisted or BedApproved or BedDeclined or BedRequestCancelled or BedOpened or BedExtended or BedPaused
        or BedResumed or BedClosureDue or BedClosureCancelled or BedClosed or BedGpChanged or BedRehomed or BedReopened ? [recorded.StreamId] : [];

    public static BedsOfInstitution? Evolve(BedsOfInstitution? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, BedRequested e) => new(id, Ids.Human('B', id), e.ResidentId, e.TeamId, e.InstitutionId, e.Type, BedStatus.Requested, BedStatus.Requested,
            null, null, null),
        ({ } b, BedAssessed) => b.At(BedStatus.Assessed),
        ({ } b, BedWaitlisted) => b.At(BedStatus.Waitlisted),
        ({ } b, BedApproved) => b.At(BedStatus.Approved),
        ({ } b, BedDeclined) => b.At(BedStatus.Declined),
        ({ } b, BedRequestCancelled) => b.At(BedStatus.Cancelled),
        ({ } b, BedOpened e) => b.At(BedStatus.Open) with { OpenedOn = e.OpenedOn, PlannedEndOn = e.PlannedEndOn },
        ({ } b, BedExtended e) => b with { PlannedEndOn = e.NewEndOn },
        ({ } b, BedPaused) => b.At(BedStatus.Paused),
        ({ } b, BedResumed) => b.At(BedStatus.Open),
        ({ } b, BedClosureDue e) => b with { Status = BedStatus.ClosingDue, CloseBy = e.CloseBy },
        ({ } b, BedClosureCancelled) => b with { Status = b.Stage, CloseBy = null },
        ({ } b, BedClosed) => b with { Status = BedStatus.Closed, Stage = BedStatus.Closed, CloseBy = null },
        ({ } b, BedGpChanged e) => b with { TeamId = e.TeamId },
        ({ } b, BedRehomed e) => b with { InstitutionId = e.InstitutionId },
        ({ } b, BedReopened) => b.At(BedStatus.Open),
        _ => row,
    };

    private BedsOfInstitution At(BedStatus stage) => this with { Stage = stage, Status = CloseBy is null ? stage : BedStatus.ClosingDue };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record BedPage(IReadOnlyList<BedsOfInstitution> Items, Guid? Next);

public static class BedsOfInstitutionEndpoint
{
    public static void MapBedsOfInstitution(this IEndpointRouteBuilder routes) => routes
        .MapGet("/beds", Handle).WithName(nameof(BedsOfInstitution)).WithSummary("The family beds of an institution")
        .For(Role.Clinic, Role.Commission);

    private static async Task<BedPage> Handle(
        Guid institutionId, Rows<BedsOfInstitution> rows, CancellationToken ct, Guid? after = null, BedStatus? status = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = status is { } wanted
            ? await rows.Where($"institution_id = $1 and bed_id > $2 and status = $3 order by bed_id limit {limit}", ct,
                institutionId, after ?? Guid.Empty, wanted.ToString())
            : await rows.Where($"institution_id = $1 and bed_id > $2 order by bed_id limit {limit}", ct, institutionId, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].BedId : null);
    }
}
