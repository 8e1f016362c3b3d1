using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The city's hospitals.</summary>
public sealed record Hospitals(
    Guid HospitalId, string Name, string NameEn, string DistrictCode, int Level, IReadOnlyList<string> Services, IReadOnlyList<Device> Equipment) : IRow<Hospitals>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is HospitalRegistered or HospitalServicePublished or HospitalEquipmentAdded ? [recorded.StreamId] : [];

    public static Hospitals? Evolve(Hospitals? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, HospitalRegistered e) => new(id, e.Name, e.NameEn, e.DistrictCode, e.Level, [], []),
        ({ } r, HospitalServicePublished e) => r with { Services = [.. r.Services, .. e.Services] },
        ({ } r, HospitalEquipmentAdded e) => r with { Equipment = [.. r.Equipment, new(e.Modality, e.Name)] },
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record HospitalPage(IReadOnlyList<Hospitals> Items, Guid? Next);

public static class HospitalsEndpoint
{
    public static void MapHospitals(this IEndpointRouteBuilder routes) => routes
        .MapGet("/hospitals", Handle).WithName(nameof(Hospitals)).WithSummary("The city's hospitals").Public(Readers.Everyone);

    private static async Task<HospitalPage> Handle(Rows<Hospitals> rows, CancellationToken ct, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"hospital_id > $1 order by hospital_id limit {limit}", ct, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].HospitalId : null);
    }
}
