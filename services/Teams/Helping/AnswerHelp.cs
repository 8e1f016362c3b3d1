using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Helping;

/// <summary>Whoever sees to a request for help has answered it; if he stood in for somebody, it says for whom.</summary>
/// <param name="Outcome">A code: advised, seen, plannedVisit, referred ...</param>
public sealed record AnswerHelp([Required] Guid? By, [Required, MaxLength(60)] string? Outcome)
{
    public IEnumerable<DomainEvent> Decide(HelpRequest? help) => help is { Status: HelpStatus.Answered } ? []
        : HelpRequest.OwnedBy(help, By!.Value) is var owned ? [new HelpAnswered(owned.Id, By.Value, owned.OnBehalfOf, Outcome!)] : [];
}

public static class AnswerHelpEndpoint
{
    public static void MapAnswerHelp(this IEndpointRouteBuilder routes) => routes
        .MapPost("/help-requests/{helpId:guid}/answer", Handle).WithName(nameof(AnswerHelp)).WithSummary("Answer a request for help").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid helpId, AnswerHelp command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await runner.Execute<HelpRequest>(helpId, await http.Envelope().ActingFor(helpId, store, ct), (help, _) => command.Decide(help), ct));

    /// <summary>The envelope says for whom the owner acts, when he stands in for somebody.</summary>
    internal static async Task<Envelope> ActingFor(this Envelope envelope, Guid helpId, IEventStore store, CancellationToken ct) =>
        (await store.Load<HelpRequest>(helpId, ct)).State?.OnBehalfOf is { } absent
            ? envelope with { Actor = envelope.Actor with { OnBehalfOf = absent.ToString() } } : envelope;
}
