using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A team offers a half-day with its slots, at once or from a draft; residents may book it.</summary>
/// <param name="Type">clinic, phone, video, home or consultation.</param>
public sealed record PublishSession(
    Guid? Id, [Required] Guid? TeamId, [Required] DateTimeOffset? Start, [Range(5, 240)] int SlotMinutes, [Range(1, 200)] int Slots,
    [AllowedValues("clinic", "phone", "video", "home", "consultation")] string Type = "clinic")
{
    /// <param name="closeFrom">For a half-day of the past: what is over before then does not close any more.</param>
    public IEnumerable<DomainEvent> Decide(Guid id, ClinicSession? session, TeamPanel? panel, Moment at, DateTimeOffset closeFrom = default)
    {
        if (session is { Status: SessionStatus.Cancelled })
            throw new RuleBroken("INVALID_TRANSITION", "This session was cancelled.", new { state = "Cancelled", allowed = new[] { "Draft" } });
        if (session is { Status: not SessionStatus.Draft })
            return [];
        var team = TeamPanel.Open(panel);
        if (!team.IsWorking)
            throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team does not offer sessions now.", new { team.TeamId });
        if (Start < at.Now)
            throw new RuleBroken("SESSION_IN_PAST", "A session lies in the future when it is published.");
        var start = Start!.Value.ToUniversalTime();
        var end = start.AddMinutes(SlotMinutes * Slots);
        return [new SessionPublished(id, team.TeamId, team.InstitutionId, team.DistrictCode, Type, start, SlotMinutes, Slots,
            at.Policy.SessionContractedPercent, start.AddHours(-at.Policy.SessionReleaseHours), end >= closeFrom ? end : null)];
    }
}

public static class PublishSessionEndpoint
{
    public static void MapPublishSession(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sessions", Handle).WithName(nameof(PublishSession)).WithSummary("Publish a half-day with its slots").For(Role.Clinic);
        routes.MapPost("/sessions/{sessionId:guid}/publication", OfDraft).WithName("PublishDraft").WithSummary("Publish a half-day that was planned").For(Role.Clinic);
    }

    private static async Task<Decided> Handle(PublishSession command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, ct), $"/sessions/{id}");
    }

    private static async Task<Decided> OfDraft(Guid sessionId, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (session, _) = await store.Load<ClinicSession>(sessionId, ct);
        if (session is not { TeamId: var team, Start: var start })
            throw new UnknownId();
        return new(await Take(new(sessionId, team, start, session.SlotMinutes, session.Slots, session.Type), sessionId, http.Envelope(), runner, ct));
    }

    internal static Task<Done> Take(PublishSession command, Guid id, Envelope envelope, Runner runner, CancellationToken ct, DateTimeOffset closeFrom = default) =>
        runner.OnLedger<TeamPanel>(command.TeamId!.Value, envelope, panel => runner.Execute<ClinicSession, TeamPanel>(
            id, panel, envelope, (session, team, at) => (command.Decide(id, session, team, at, closeFrom), []), ct), ct);
}
