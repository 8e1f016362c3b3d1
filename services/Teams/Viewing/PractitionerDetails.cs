using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>A practitioner with licence, stars in force, studio and working time, as it stands this moment.</summary>
/// <param name="Fte">Working time given to all teams together.</param>
/// <param name="LastDay">Of a departure, recorded or announced.</param>
/// <param name="Leads">The team that this practitioner leads.</param>
public sealed record PractitionerDetails(
    Guid PractitionerId, string Kind, Guid InstitutionId, string DistrictCode, IReadOnlyList<string> Qualifications, DateOnly? LicenceValidTo,
    PractitionerStatus Status, string? SuspendedFor, DateOnly? SuspendedUntil, DateOnly? LastDay, int Stars, DateOnly? StarsValidTo, Guid? StudioId, decimal Fte, Guid? Leads, IReadOnlyList<Guid> Teams, long Version);

public static class PractitionerDetailsEndpoint
{
    public static void MapPractitionerDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/practitioners/{practitionerId:guid}", Handle).WithName(nameof(PractitionerDetails)).WithSummary("A practitioner").Public(Readers.Everyone);

    private static async Task<PractitionerDetails> Handle(
        Guid practitionerId, HttpContext http, IEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var (p, version) = await store.Load<Practitioner>(practitionerId, ct);
        if (p is null)
            throw new UnknownId();
        var (load, _) = await store.Load<PractitionerLoad>(PractitionerLoad.StreamOf(practitionerId), ct);
        http.Response.Headers.ETag = $"\"{version}\"";
        var stars = p.StarsAt(clock.GetUtcNow());
        return new(p.Id, p.Kind, p.InstitutionId, p.DistrictCode, p.Qualifications, p.LicenceValidTo, p.Status,
            p.Suspension?.Reason, p.Suspension?.Until, p.LastDay ?? p.Leaving?.LastDay, stars,
            stars > 0 ? p.Awards[^1].ValidTo : null, p.Studio?.StudioId, load?.Fte ?? 0, load?.Leads,
            [.. load?.Teams.Keys ?? []], version);
    }
}
