using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>How full the family beds of an institution are.</summary>
/// <param name="Taken">Approved and open beds together.</param>
public sealed record BedCapacityOfInstitution(
    Guid InstitutionId, string DistrictCode, int Year, int Approved, int Taken, int Waiting) : IRow<BedCapacityOfInstitution>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        BedCapacityOpened e => [e.InstitutionId],
        BedCapacitySet e => [e.InstitutionId],
        BedSeatReserved e => [e.InstitutionId],
        BedSeatReleased e => [e.InstitutionId],
        BedWaitlistJoined e => [e.InstitutionId],
        BedWaitlistLeft e => [e.InstitutionId],
        _ => [],
    };

    public static BedCapacityOfInstitution? Evolve(BedCapacityOfInstitution? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, BedCapacityOpened e) => new(e.InstitutionId, e.DistrictCode, e.Year, e.Approved, e.Taken, e.Waiting.Count),
        ({ } c, BedCapacitySet e) => c with { DistrictCode = e.DistrictCode, Approved = e.Approved },
        ({ } c, BedSeatReserved) => c with { Taken = c.Taken + 1 },
        ({ } c, BedSeatReleased) => c with { Taken = c.Taken - 1 },
        ({ } c, BedWaitlistJoined) => c with { Waiting = c.Waiting + 1 },
        ({ } c, BedWaitlistLeft) => c with { Waiting = c.Waiting - 1 },
        _ => row,
    };
}

public static class BedCapacityOfInstitutionEndpoint
{
    public static void MapBedCapacityOfInstitution(this IEndpointRouteBuilder routes) => routes
        .MapGet("/institutions/{institutionId:guid}/bed-capacity", Handle).WithName(nameof(BedCapacityOfInstitution))
        .WithSummary("How full the family beds of an institution are").Public(Role.Clinic, Role.Commission, Role.Import, Role.Service);

    private static async Task<BedCapacityOfInstitution> Handle(Guid institutionId, Rows<BedCapacityOfInstitution> rows, CancellationToken ct) =>
        await rows.Find(institutionId, ct) ?? throw new UnknownId();
}
