using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A team offers a half-day with its slots.</summary>
/// <param name="Type">clinic, phone, video, home or consultation.</param>
public sealed record PublishSession(
    Guid? Id, [Required] Guid? TeamId, [Required] DateTimeOffset? Start, [Range(5, 240)] int SlotMinutes, [Range(1, 200)] int Slots,
    [AllowedValues("clinic", "phone", "video", "home", "consultation")] string Type = "clinic")
{
    public IEnumerable<DomainEvent> Decide(Guid id, ClinicSession? session, TeamPanel? panel, Moment at)
    {
        if (session is not null)
            return [];
        var team = TeamPanel.Open(panel);
        if (!team.IsWorking)
            throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team does not offer sessions now.", new { team.TeamId });
        if (Start < at.Now)
            throw new RuleBroken("SESSION_IN_PAST", "A session lies in the future when it is published.");
        var start = Start!.Value.ToUniversalTime();
        return [new SessionPublished(id, team.TeamId, team.InstitutionId, team.DistrictCode, Type, start, SlotMinutes, Slots,
            at.Policy.SessionContractedPercent, start.AddHours(-at.Policy.SessionReleaseHours))];
    }
}

public static class PublishSessionEndpoint
{
    public static void MapPublishSession(this IEndpointRouteBuilder routes) => routes
        .MapPost("/sessions", Handle).WithName(nameof(PublishSession)).WithSummary("Publish a half-day with its slots").For(Role.Clinic);

    private static async Task<Decided> Handle(PublishSession command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, ct), $"/sessions/{id}");
    }

    internal static Task<Done> Take(PublishSession command, Guid id, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.OnLedger<TeamPanel>(command.TeamId!.Value, envelope, panel => runner.Execute<ClinicSession, TeamPanel>(
            id, panel, envelope, (session, team, at) => (command.Decide(id, session, team, at), []), ct), ct);
}
