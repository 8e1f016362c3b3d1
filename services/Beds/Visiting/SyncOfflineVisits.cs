using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>A device that was without a network tells what happened meanwhile; each visit stands or falls alone, and none is written over.</summary>
public sealed record SyncOfflineVisits([Required, MinLength(1), MaxLength(200)] IReadOnlyList<OfflineVisit>? Visits);

/// <param name="Code">Why a visit stays as it is.</param>
public sealed record SyncedVisit(Guid VisitId, SyncResult Result, string? Code = null);

public sealed record SyncedVisits(IReadOnlyList<SyncedVisit> Visits);

public static class SyncOfflineVisitsEndpoint
{
    public static void MapSyncOfflineVisits(this IEndpointRouteBuilder routes) => routes
        .MapPost("/offline-visits", Handle).WithName(nameof(SyncOfflineVisits)).WithSummary("Take in what a device wrote down without a network")
        .For(Role.Clinic).OnlyNames("visitId", "bedId", "residentId", "practitionerId");

    private static async Task<SyncedVisits> Handle(
        SyncOfflineVisits command, HttpContext http, VisitTimes visits, IEventStore store, CareContracts contracts, Documents documents, TimeProvider clock,
        Access access, CancellationToken ct)
    {
        if (command.Visits!.Any(v => v is null || v.Vitals?.Any(vital => vital is null) == true))
            throw new RuleBroken("VALIDATION_FAILED", "A visit is whole, and so is each of its vital signs.");
        var (envelope, synced) = (http.Envelope() with { Channel = "offline-device", ExpectedVersion = null, Idempotency = null }, new List<SyncedVisit>());
        foreach (var visit in command.Visits!)
        {
            try
            {
                if (!await Reaches(visit, access, http, ct))
                    throw new UnknownId();
                synced.Add(new(visit.VisitId!.Value, await Take(visit, envelope, visits, store, contracts, documents, clock, ct)));
            }
            catch (RuleBroken broken)
            {
                synced.Add(new(visit.VisitId!.Value, SyncResult.Kept, broken.Code));
            }
            catch (UnknownId)
            {
                synced.Add(new(visit.VisitId!.Value, SyncResult.Kept, "NOT_FOUND"));
            }
        }
        return new(synced);
    }

    /// <summary>A visit that is known, else its bed, else the resident of a house call.</summary>
    private static async Task<bool> Reaches(OfflineVisit visit, Access access, HttpContext http, CancellationToken ct) =>
        await access.Reaches(http, "visitId", visit.VisitId!.Value, ct)
        || (http.OnlyOf() is not null && !await access.IsKnown(http, "visitId", visit.VisitId.Value, ct)
            && (visit.BedId is { } bed ? await access.Reaches(http, "bedId", bed, ct)
                : visit.ResidentId is { } resident && await access.Reaches(http, "residentId", resident, ct)));

    /// <summary>One visit, at the time at which it ended.</summary>
    public static async Task<SyncResult> Take(
        OfflineVisit offline, Envelope envelope, VisitTimes visits, IEventStore store, CareContracts? contracts, Documents? documents, TimeProvider clock,
        CancellationToken ct)
    {
        var (id, now) = (offline.VisitId!.Value, clock.GetUtcNow());
        var (known, _) = await store.Load<HomeVisit>(id, ct);
        var bedId = known is null ? offline.BedId : known.Plan.BedId;
        var (bed, _) = bedId is { } wanted ? await store.Load<FamilyBed>(wanted, ct) : default;
        var right = bedId is null && offline.ResidentId is { } resident && contracts is not null ? (await contracts.Find(resident, ct))?.Right : null;
        var residentId = known?.Plan.ResidentId ?? bed?.Request.ResidentId ?? right?.ResidentId;
        var findingsRef = documents is null || residentId is null || string.IsNullOrWhiteSpace(offline.Findings) ? (Guid?)null
            : await CompleteVisitEndpoint.Keep(documents, id, residentId.Value, offline.Findings, ct);
        var result = SyncResult.Repeated;
        VisitTimes.Decision decide = (visit, day, itsBed, at) =>
        {
            (result, var ofVisit, var ofDay, var ofBed) = offline.Decide(visit, day, itsBed, right, findingsRef, now, at);
            return (ofVisit, ofDay, ofBed);
        };
        envelope = envelope with { OccurredAt = offline.To!.Value < now ? offline.To.Value : now };
        _ = known is null
            ? await visits.Execute(id, bedId, visits.DayOf(offline.PractitionerId!.Value, offline.From!.Value), envelope, decide, ct)
            : await visits.Execute(id, envelope, decide, ct);
        return result;
    }
}
