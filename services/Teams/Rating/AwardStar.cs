using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Viewing;

namespace FamilyDoctor.Teams.Rating;

/// <summary>How many other doctors of the city there are, and how many of them hold five stars now.</summary>
public sealed record StarShare(int Doctors, int FiveStar);

/// <summary>A doctor's year was assessed and earns three, four or five stars for the next one.</summary>
/// <param name="Period">The assessed year; each is awarded once.</param>
/// <param name="Components">Without them, those of the open assessment, every one of which must be known.</param>
/// <param name="Stars">Fewer than the score would earn, where more is not possible; without it, what the score earns.</param>
public sealed record AwardStar(
    [Required, Range(2000, 2200)] int? Period, [MinLength(1)] IReadOnlyList<StarComponent>? Components = null, [Range(3, 5)] int? Stars = null)
{
    /// <param name="share">Soft, counted when the request came in; null for awards of the past.</param>
    public (IEnumerable<DomainEvent> Practitioner, IEnumerable<DomainEvent> Assessment) Decide(
        Practitioner? practitioner, StarAssessment? assessment, StarShare? share, Moment at)
    {
        if (practitioner is null)
            throw new UnknownId();
        var period = Period!.Value;
        var components = Components is null ? Assessed(assessment, period, at.Policy) : Refusing.Entries(nameof(Components), Components,
            c => c is { Score: >= 0 and <= 100, Code.Length: > 0 and <= 40 });
        var score = components.Sum(c => c.Score);
        if (score > 100 || components.DistinctBy(c => c.Code).Count() < components.Count)
            throw Refusing.Invalid(nameof(Components), "Each component stands once, and all together are 100 points at most.");
        var newest = practitioner.Awards.LastOrDefault();
        if (period <= newest?.Period)
            throw new RuleBroken("STAR_PERIOD_CLOSED", $"The stars of {newest.Period} are awarded.", new { newest.Period, newest.Stars });
        if (practitioner.Kind != Practitioner.Doctor || period > at.Today.Year)
            throw new RuleBroken("STAR_PREREQUISITE", "Stars are for doctors, and for a year that has begun.", new { practitioner.Kind, at.Today.Year });
        Practitioner.Licensed(practitioner, at);

        var earned = score >= at.Policy.FiveStarScore ? 5 : score >= at.Policy.FourStarScore ? 4 : score >= at.Policy.ThreeStarScore ? 3 : 0;
        var stars = Stars ?? earned;
        if (stars is 0 || stars > earned)
            throw new RuleBroken("STAR_PREREQUISITE", "The score does not earn that many stars.", new { score, earned });
        var before = practitioner.Awards.LastOrDefault(a => a.Period == period - 1)?.Stars ?? 0;
        if (stars is 5 && before < 4)
            throw new RuleBroken("STAR_PREREQUISITE", "Five stars need four in the year before.", new { before, possible = 4 });
        if (stars is 5 && assessment is { IsUnsafe: true })
            throw new RuleBroken("STAR_PREREQUISITE", "Five stars need a year without an upheld safety complaint.", new { possible = 4 });
        if (stars is 5 && share is { } others && (others.FiveStar + 1) * 100 > (others.Doctors + 1) * at.Policy.FiveStarQuotaPercent)
            throw new RuleBroken("STAR_QUOTA_FULL", $"At most {at.Policy.FiveStarQuotaPercent}% of the doctors hold five stars.", new { others.FiveStar, possible = 4 });

        var validTo = at.Today.AddMonths(at.Policy.StarValidMonths).AddDays(-1);
        return (
            [new StarAwarded(practitioner.Id, stars, period, score, components, at.Today, validTo, at.EndOf(validTo), at.PolicyVersion),
                .. stars < 5 ? practitioner.CloseStudio("starsOver") : []],
            assessment is { Status: StarAssessmentStatus.Open } ? [new StarAssessmentClosed(practitioner.Id, period, stars, score)] : []);
    }

    private static List<StarComponent> Assessed(StarAssessment? assessment, int period, Policy policy)
    {
        var open = StarAssessment.InWork(assessment, period);
        return open.Missing(policy).ToList() is { Count: > 0 } missing
            ? throw new RuleBroken("STAR_PREREQUISITE", "Some components of this assessment are not known yet.", new { missing })
            : [.. open.Components(policy)];
    }
}

public static class AwardStarEndpoint
{
    public static void MapAwardStar(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/stars", Handle).WithName(nameof(AwardStar)).WithSummary("Award a doctor's stars")
        .For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid practitionerId, AwardStar command, HttpContext http, Runner runner, Rows<Practitioners> rows, TimeProvider clock, CancellationToken ct)
    {
        var share = (await rows.Query(
            "select count(*), count(*) filter (where stars = 5 and stars_until > $2) from {view} where kind = 'doctor' and practitioner_id <> $1",
            row => new StarShare(row.GetInt32(0), row.GetInt32(1)), ct, practitionerId, clock.GetUtcNow()))[0];
        return new(await Take(command, practitionerId, share, http.Envelope(), runner, ct));
    }

    internal static Task<Done> Take(
        AwardStar command, Guid practitionerId, StarShare? share, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Practitioner, StarAssessment>(practitionerId, StarAssessment.StreamOf(practitionerId, command.Period!.Value), envelope,
            (practitioner, assessment, at) => command.Decide(practitioner, assessment, share, at), ct);
}
