using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A team plans a half-day; nobody outside sees or books it until it is published.</summary>
/// <param name="Type">clinic, phone, video, home or consultation.</param>
public sealed record DraftSession(
    Guid? Id, [Required] Guid? TeamId, [Required] DateTimeOffset? Start, [Range(5, 240)] int SlotMinutes, [Range(1, 200)] int Slots,
    [AllowedValues("clinic", "phone", "video", "home", "consultation")] string Type = "clinic")
{
    public IEnumerable<DomainEvent> Decide(Guid id, ClinicSession? session, TeamPanel? panel, Moment at)
    {
        if (session is not null)
            return session.Status is SessionStatus.Draft ? []
                : throw new RuleBroken("INVALID_TRANSITION", "This session is no draft any more.", new { state = session.Status.ToString(), allowed = new[] { "Draft" } });
        var team = TeamPanel.Open(panel);
        if (Start < at.Now)
            throw new RuleBroken("SESSION_IN_PAST", "A session lies in the future when it is planned.");
        return [new SessionDrafted(id, team.TeamId, team.InstitutionId, team.DistrictCode, Type, Start!.Value.ToUniversalTime(), SlotMinutes, Slots)];
    }
}

public static class DraftSessionEndpoint
{
    public static void MapDraftSession(this IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions/drafts", Handle).WithName(nameof(DraftSession)).WithSummary("Plan a half-day without publishing it").For(Role.Clinic);

    private static async Task<Decided> Handle(DraftSession command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var (id, envelope) = (command.Id ?? ids.Next(), http.Envelope());
        return new(await runner.OnLedger<TeamPanel>(command.TeamId!.Value, envelope, panel => runner.Execute<ClinicSession, TeamPanel>(
            id, panel, envelope, (session, team, at) => (command.Decide(id, session, team, at), []), ct), ct), $"/sessions/{id}");
    }
}
