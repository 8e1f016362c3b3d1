using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Helping;

/// <summary>Help is not needed any more.</summary>
public sealed record WithdrawHelp([Required, MaxLength(60)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(HelpRequest? help) => help switch
    {
        null => throw new UnknownId(),
        { Status: HelpStatus.Withdrawn } => [],
        { Status: HelpStatus.Open } => [new HelpWithdrawn(help.Id, Reason!)],
        _ => throw Refusing.Transition("a request for help", help.Status, HelpStatus.Open),
    };
}

public static class WithdrawHelpEndpoint
{
    public static void MapWithdrawHelp(this IEndpointRouteBuilder routes) => routes
        .MapPost("/help-requests/{helpId:guid}/withdrawal", Handle).WithName(nameof(WithdrawHelp)).WithSummary("Withdraw a request for help")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid helpId, WithdrawHelp command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<HelpRequest>(helpId, http.Envelope(), (help, _) => command.Decide(help), ct));
}
