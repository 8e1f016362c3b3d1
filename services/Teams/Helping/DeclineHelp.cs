using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Helping;

/// <summary>Whoever sees to a request for help cannot help here, and says why.</summary>
public sealed record DeclineHelp([Required] Guid? By, [Required, MaxLength(60)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(HelpRequest? help) => help is { Status: HelpStatus.Declined } ? []
        : HelpRequest.OwnedBy(help, By!.Value) is var owned ? [new HelpDeclined(owned.Id, By.Value, owned.OnBehalfOf, Reason!)] : [];
}

public static class DeclineHelpEndpoint
{
    public static void MapDeclineHelp(this IEndpointRouteBuilder routes) => routes
        .MapPost("/help-requests/{helpId:guid}/decline", Handle).WithName(nameof(DeclineHelp)).WithSummary("Decline a request for help").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid helpId, DeclineHelp command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await runner.Execute<HelpRequest>(helpId, await http.Envelope().ActingFor(helpId, store, ct), (help, _) => command.Decide(help), ct));
}
