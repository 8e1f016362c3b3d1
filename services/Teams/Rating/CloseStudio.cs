using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Rating;

/// <summary>A studio closes; its doctor goes on in the team.</summary>
public sealed record CloseStudio([Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Guid studioId, Practitioner? leader) => leader switch
    {
        null => throw new UnknownId(),
        { Studio.StudioId: var open } when open == studioId => leader.CloseStudio(Reason!),
        _ => [],
    };
}

public static class CloseStudioEndpoint
{
    public static void MapCloseStudio(this IEndpointRouteBuilder routes) => routes
        .MapPost("/studios/{studioId:guid}/closure", Handle).WithName(nameof(CloseStudio)).WithSummary("Close a studio").For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid studioId, CloseStudio command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(await store.FindAlias(studioId, ct) ?? throw new UnknownId(), http.Envelope(),
            (leader, _) => command.Decide(studioId, leader), ct));
}
