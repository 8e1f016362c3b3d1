using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Rating;

/// <summary>A studio says when it holds sessions of its own; appointments can be offered in these hours.</summary>
public sealed record SetStudioHours([Required, MaxLength(21)] IReadOnlyList<OpeningHours>? Hours)
{
    public IEnumerable<DomainEvent> Decide(Guid studioId, Practitioner? leader)
    {
        if (leader is null)
            throw new UnknownId();
        if (leader.Studio?.StudioId != studioId)
            throw new RuleBroken("STUDIO_CLOSED", "This studio is closed.", new { studioId });
        var hours = Refusing.Entries(nameof(Hours), Hours, h => Enum.IsDefined(h.Day) && h.Opens < h.Closes);
        if (hours.Any(h => hours.Any(o => o != h && o.Day == h.Day && o.Opens < h.Closes && h.Opens < o.Closes)))
            throw Refusing.Invalid(nameof(Hours), "Sessions of one day follow each other.");
        return leader.StudioHours.SequenceEqual(hours) ? [] : [new StudioHoursSet(studioId, leader.Id, hours)];
    }
}

public static class SetStudioHoursEndpoint
{
    public static void MapSetStudioHours(this IEndpointRouteBuilder routes) => routes
        .MapPut("/studios/{studioId:guid}/hours", Handle).WithName(nameof(SetStudioHours)).WithSummary("Set a studio's own sessions")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid studioId, SetStudioHours command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(await store.FindAlias(studioId, ct) ?? throw new UnknownId(), http.Envelope(),
            (leader, _) => command.Decide(studioId, leader), ct));
}
