using System.ComponentModel.DataAnnotations;
using System.Text;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Ending;

/// <summary>Care at home ends, with a coded reason; a written summary is kept as a document.</summary>
public sealed record CloseBed([Required] CloseReason? Reason, [MaxLength(20_000)] string? Summary = null)
{
    public BedEvents Decide(FamilyBed? bed, BedCapacity? capacity, Guid? summaryRef, Moment at, int? visits = null) =>
        FamilyBed.MayGo(bed, BedStatus.Closed, BedStatus.Open, BedStatus.Paused)
            ? bed!.End(capacity, Reason!.Value, at, summaryRef, visits)
            : ([], [], []);
}

public static class CloseBedEndpoint
{
    public static void MapCloseBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/closure", Handle).WithName(nameof(CloseBed)).WithSummary("Close a family bed").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid bedId, CloseBed command, HttpContext http, BedSeats seats, IEventStore store, Documents documents, CancellationToken ct)
    {
        var (known, _) = await store.Load<FamilyBed>(bedId, ct);
        if (known is null)
            throw new UnknownId();
        Guid? summaryRef = null;
        if (!string.IsNullOrWhiteSpace(command.Summary))
        {
            summaryRef = Ids.Of(bedId, $"Summary:{command.Summary}");
            await documents.Keep(summaryRef.Value, known.Request.ResidentId, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(command.Summary), ct);
        }
        return new(await seats.Execute(known.Request, http.Envelope(), (bed, _, capacity, at) => command.Decide(bed, capacity, summaryRef, at), ct));
    }
}
