using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Somebody acted on a deterioration: the green channel to the hospital, a doctor the same day, the ambulance, or the family declined.</summary>
/// <param name="Route">greenChannel, gpReview, emergency or declined.</param>
/// <param name="ReferralId">Of the urgent referral, where there is one.</param>
public sealed record EscalateDeterioration([Required, RegularExpression("greenChannel|gpReview|emergency|declined")] string? Route, Guid? ReferralId = null)
{
    public IEnumerable<DomainEvent> Decide(HomeVisit? visit)
    {
        if (visit is null)
            throw new UnknownId();
        if (visit.Deterioration is null)
            throw new RuleBroken("INVALID_TRANSITION", "No deterioration was found on this visit.",
                new { state = visit.Status.ToString(), allowed = new[] { nameof(DeteriorationDetected) } });
        var escalated = new DeteriorationEscalated(visit.Id, Route!, ReferralId);
        return escalated == visit.Escalation ? [] : [escalated];
    }
}

public static class EscalateDeteriorationEndpoint
{
    public static void MapEscalateDeterioration(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/escalation", Handle).WithName(nameof(EscalateDeterioration)).WithSummary("Act on a deterioration")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, EscalateDeterioration command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<HomeVisit>(visitId, http.Envelope(), (visit, _) => command.Decide(visit), ct));
}
