using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Rating;

/// <summary>The commission finds a complaint justified: it counts in the assessment of its year.</summary>
/// <param name="Finding">A code.</param>
public sealed record UpholdComplaint([Required, MaxLength(60)] string? Finding)
{
    public (IEnumerable<DomainEvent> Complaint, IEnumerable<DomainEvent> Assessment) Decide(Complaint? complaint)
    {
        if (!Complaint.MayGo(complaint, ComplaintStatus.Upheld))
            return ([], []);
        var raised = complaint!.Entry;
        return ([new ComplaintUpheld(raised.ComplaintId, raised.PractitionerId, Finding!)],
            [new ComplaintCounted(raised.ComplaintId, raised.PractitionerId, raised.On.Year, raised.Kind)]);
    }
}

public static class UpholdComplaintEndpoint
{
    public static void MapUpholdComplaint(this IEndpointRouteBuilder routes) => routes
        .MapPost("/complaints/{complaintId:guid}/upholding", Handle).WithName(nameof(UpholdComplaint)).WithSummary("Uphold a complaint")
        .For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid complaintId, UpholdComplaint command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await Take(command, complaintId, http.Envelope(), runner, store, ct));

    internal static async Task<Done> Take(
        UpholdComplaint command, Guid complaintId, Envelope envelope, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Complaint>(complaintId, ct);
        return known is null ? throw new UnknownId() : await runner.Execute<Complaint, StarAssessment>(
            complaintId, StarAssessment.StreamOf(known.Entry.PractitionerId, known.Entry.On.Year), envelope,
            (complaint, _, _) => command.Decide(complaint), ct);
    }
}
