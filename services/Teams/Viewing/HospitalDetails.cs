using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>A hospital with its services and large equipment, as it stands this moment.</summary>
public sealed record HospitalDetails(
    Guid HospitalId, string Name, string NameEn, string DistrictCode, int Level, IReadOnlyList<string> Services, IReadOnlyList<Device> Equipment, long Version);

public static class HospitalDetailsEndpoint
{
    public static void MapHospitalDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/hospitals/{hospitalId:guid}", Handle).WithName(nameof(HospitalDetails)).WithSummary("A hospital").Public(Readers.Everyone);

    private static async Task<HospitalDetails> Handle(Guid hospitalId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (hospital, version) = await store.Load<Hospital>(hospitalId, ct);
        if (hospital?.Entry is not { } entry)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(entry.HospitalId, entry.Name, entry.NameEn, entry.DistrictCode, entry.Level, hospital.Services, hospital.Equipment, version);
    }
}
