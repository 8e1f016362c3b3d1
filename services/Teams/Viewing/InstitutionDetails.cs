using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>An institution with its address and opening hours, as it stands this moment.</summary>
public sealed record InstitutionDetails(
    Guid InstitutionId, string Name, string NameEn, string DistrictCode, string Address, double Latitude, double Longitude,
    IReadOnlyList<OpeningHours> OpeningHours, InstitutionStatus Status, Guid? SuccessorId,
    IReadOnlyList<Guid> MergedFrom, long Version);

public static class InstitutionDetailsEndpoint
{
    public static void MapInstitutionDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/institutions/{institutionId:guid}", Handle).WithName(nameof(InstitutionDetails)).WithSummary("An institution").Public(Readers.Everyone);

    private static async Task<InstitutionDetails> Handle(Guid institutionId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (institution, version) = await store.Load<Institution>(institutionId, ct);
        if (institution?.Entry is not { } entry)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(entry.InstitutionId, entry.Name, entry.NameEn, entry.DistrictCode, entry.Address, entry.Latitude, entry.Longitude,
            entry.OpeningHours, institution.Status, institution.SuccessorId, institution.MergedFrom, version);
    }
}
