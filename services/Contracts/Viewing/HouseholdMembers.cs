using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>A resident in the list of his household.</summary>
public sealed record HouseholdMembers(Guid ResidentId, Guid? HouseholdId, bool IsRepresentative) : IRow<HouseholdMembers>
{
    public static int Version => 2;

    public static IEnumerable<string> Indexes => ["household_id, resident_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is HouseholdJoined or HouseholdLeft or ResidentErased ? [recorded.StreamId] : [];

    public static HouseholdMembers? Evolve(HouseholdMembers? row, Guid id, Recorded recorded) => recorded.Event switch
    {
        HouseholdJoined e => new(id, e.HouseholdId, e.IsRepresentative),
        HouseholdLeft or ResidentErased => null,
        _ => row,
    };
}

public static class HouseholdMembersEndpoint
{
    public static void MapHouseholdMembers(this IEndpointRouteBuilder routes) => routes
        .MapGet("/households/{householdId:guid}/members", Handle).WithName(nameof(HouseholdMembers)).WithSummary("The members of a household")
        .For(Role.Clinic);

    private static async Task<IReadOnlyList<HouseholdMembers>> Handle(Guid householdId, Rows<HouseholdMembers> rows, CancellationToken ct) =>
        await rows.Where("household_id = $1 order by resident_id limit 200", ct, householdId);
}
