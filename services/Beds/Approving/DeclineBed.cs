using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Approving;

/// <summary>After the assessment a family bed is not the right care; the resident is told why and what else there is.</summary>
public sealed record DeclineBed([Required, MaxLength(100)] string? Reason, [MaxLength(100)] string? Alternative = null)
{
    public (IEnumerable<DomainEvent> Bed, IEnumerable<DomainEvent> Resident) Decide(FamilyBed? bed) =>
        FamilyBed.MayGo(bed, BedStatus.Declined, BedStatus.Assessed)
            ? ([new BedDeclined(bed!.Id, Reason!, Alternative)], [new ResidentBedFreed(bed.Request.ResidentId, bed.Id)])
            : ([], []);
}

public static class DeclineBedEndpoint
{
    public static void MapDeclineBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/decline", Handle).WithName(nameof(DeclineBed)).WithSummary("Decline a family bed").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid bedId, DeclineBed command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<FamilyBed>(bedId, ct);
        return new(await runner.Execute<FamilyBed, ResidentBeds>(bedId, ResidentBeds.StreamOf(known?.Request.ResidentId ?? throw new UnknownId()),
            http.Envelope(), (bed, _, _) => command.Decide(bed), ct));
    }
}
