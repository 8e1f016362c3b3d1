using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>The right to a contract is gone: it goes on to the end of its term and is not renewed.</summary>
public sealed record LoseEligibility([Required, AllowedValues("movedOut", "evidenceWithdrawn")] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Enrolment? enrolment, Moment at) =>
        enrolment.Alive() is { Lost: null, Eligibility: not null } ? [new EligibilityLost(Reason!, at.Today)] : [];

    /// <summary>The evidence was valid up to a day that has passed.</summary>
    public static IEnumerable<DomainEvent> Passed(Enrolment? enrolment, Moment at) =>
        enrolment is { Lost: null, IsHere: true, Eligibility: { ValidUntil: { } until } verified } && until <= at.Now
            ? [new EligibilityLost("evidenceExpired", verified.ValidTo!.Value)]
            : [];
}

public static class LoseEligibilityEndpoint
{
    public static void MapLoseEligibility(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/eligibility-loss", Handle).WithName(nameof(LoseEligibility))
        .WithSummary("A resident lost his right to a contract").For(Role.Clinic, Role.Commission);

    private static async Task<Decided> Handle(Guid residentId, LoseEligibility command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(residentId, http.Envelope(), command.Decide, ct));
}
