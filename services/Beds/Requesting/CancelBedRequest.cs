using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Requesting;

/// <summary>A request is taken back before the bed is open; a seat that was kept goes to the next in line.</summary>
public sealed record CancelBedRequest([Required, MaxLength(100)] string? Reason)
{
    public BedEvents Decide(FamilyBed? bed, BedCapacity? capacity, Actor by, Moment at) =>
        FamilyBed.MayGo(bed, BedStatus.Cancelled, BedStatus.Requested, BedStatus.Assessed, BedStatus.Waitlisted, BedStatus.Approved)
            ? bed!.Cancel(capacity, by.Role, Reason!, at)
            : ([], [], []);
}

public static class CancelBedRequestEndpoint
{
    public static void MapCancelBedRequest(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/cancellation", Handle).WithName(nameof(CancelBedRequest)).WithSummary("Cancel a bed request")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid bedId, CancelBedRequest command, HttpContext http, BedSeats seats, CancellationToken ct)
    {
        var envelope = http.Envelope();
        return new(await seats.Execute(bedId, envelope, (bed, _, capacity, at) => command.Decide(bed, capacity, envelope.Actor, at), ct));
    }
}
