using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>The resident lives: within some weeks the contract that his death closed goes on, later he signs anew.</summary>
public sealed record ReverseDeath([Required, AllowedValues("wrongPerson", "wrongReport")] string? Reason)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Moment at)
    {
        if (enrolment.Known().Death is not { } death)
            return ([], [], []);
        var reversed = new ResidentDeathReversed(Reason!);
        var isReopened = enrolment.ClosedByDeath is not null && at.Today <= death.On.AddDays(at.Policy.DeathReversalDays)
            && panel is { TakesResidents: true, IsClosed: false };
        if (panel is { IsClosed: true })
            throw new LedgerTurned();
        return isReopened
            ? ([reversed, new ContractReinstated(enrolment.ClosedByDeath!.Id, enrolment.ClosedByDeath.TeamId), .. TeamPanel.Rehomed(panel, enrolment.ClosedByDeath)],
                TeamPanel.Take(panel, enrolment.ClosedByDeath.Id, overCap: true), [])
            : ([reversed], [], []);
    }
}

public static class ReverseDeathEndpoint
{
    public static void MapReverseDeath(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/death-reversal", Handle).WithName(nameof(ReverseDeath))
        .WithSummary("A recorded death was wrong").For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid residentId, ReverseDeath command, HttpContext http, Seats seats, CancellationToken ct) =>
        new(await seats.WithOrWithoutContract(residentId, http.Envelope(), command.Decide, ct));
}
