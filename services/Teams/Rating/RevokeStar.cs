using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Rating;

/// <summary>Stars in force are taken back, with a reason; a studio that rests on them closes.</summary>
public sealed record RevokeStar([Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Moment at)
    {
        if (practitioner is null)
            throw new UnknownId();
        if (practitioner.Awards.LastOrDefault() is not { Stars: > 0 } newest)
            return []; // none were awarded, or they are revoked already
        if (newest.EndsAt <= at.Now)
            throw new RuleBroken("STAR_PERIOD_CLOSED", $"The stars of {newest.Period} are over.", new { newest.Period, newest.ValidTo });
        return [new StarRevoked(practitioner.Id, newest.Period, newest.Stars, Reason!), .. practitioner.CloseStudio("starsRevoked")];
    }
}

public static class RevokeStarEndpoint
{
    public static void MapRevokeStar(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/stars/revocation", Handle).WithName(nameof(RevokeStar)).WithSummary("Revoke a doctor's stars")
        .For(Role.Commission);

    private static async Task<Decided> Handle(Guid practitionerId, RevokeStar command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(practitionerId, http.Envelope(), command.Decide, ct));
}
