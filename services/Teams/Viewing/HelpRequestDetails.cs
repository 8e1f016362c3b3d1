using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>A request for help as it stands this moment: whose task it is, and who does it now.</summary>
public sealed record HelpRequestDetails(
    Guid HelpId, Guid TeamId, string Role, Guid? AskedBy, Guid? ResidentId, string Question, DateTimeOffset DueAt, Guid? Responsible, Guid? Owner,
    HelpStatus Status, bool IsOverdue, long Version);

public static class HelpRequestDetailsEndpoint
{
    public static void MapHelpRequestDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/help-requests/{helpId:guid}", Handle).WithName(nameof(HelpRequestDetails)).WithSummary("A request for help")
        .For(Role.Commission, Role.Clinic, Role.Resident, Role.Service);

    private static async Task<HelpRequestDetails> Handle(Guid helpId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (h, version) = await store.Load<HelpRequest>(helpId, ct);
        if (h?.Asked is not { } e)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(e.HelpId, e.TeamId, e.Role, e.AskedBy, e.ResidentId, e.Question, e.DueAt, h.Responsible, h.Owner, h.Status, h.IsOverdue, version);
    }
}
