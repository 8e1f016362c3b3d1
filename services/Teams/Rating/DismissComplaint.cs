using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Rating;

/// <summary>The commission finds a complaint not justified.</summary>
/// <param name="Finding">A code.</param>
public sealed record DismissComplaint([Required, MaxLength(60)] string? Finding)
{
    public IEnumerable<DomainEvent> Decide(Complaint? complaint) => Complaint.MayGo(complaint, ComplaintStatus.Dismissed)
        ? [new ComplaintDismissed(complaint!.Entry.ComplaintId, complaint.Entry.PractitionerId, Finding!)] : [];
}

public static class DismissComplaintEndpoint
{
    public static void MapDismissComplaint(this IEndpointRouteBuilder routes) => routes
        .MapPost("/complaints/{complaintId:guid}/dismissal", Handle).WithName(nameof(DismissComplaint)).WithSummary("Dismiss a complaint")
        .For(Role.Commission);

    private static async Task<Decided> Handle(Guid complaintId, DismissComplaint command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Complaint>(complaintId, http.Envelope(), (complaint, _) => command.Decide(complaint), ct));
}
