using FamilyDoctor.Policies;

namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>What became of the referrals that were sent to a hospital: each of them is in exactly one place, so the places add up to what was sent.</summary>
/// <param name="Waiting">For the hospital's answer.</param>
/// <param name="AskedBack">The hospital waits for what is missing.</param>
/// <param name="ToRebook">They lost their slot.</param>
/// <param name="Other">In a state of a newer release.</param>
public sealed record HospitalFunnel(
    Guid HospitalId, int Sent, int Waiting, int AskedBack, int Waitlisted, int Scheduled, int ToRebook, int InCare, int OutcomeBack, int Closed, int Declined,
    int Advised, int NoShow, int Cancelled, int Other)
{
    public int Sum => Waiting + AskedBack + Waitlisted + Scheduled + ToRebook + InCare + OutcomeBack + Closed + Declined + Advised + NoShow + Cancelled + Other;
}

/// <summary>The referrals of a period, hospital by hospital, by where they are now.</summary>
public static class ReferralFunnel
{
    public static void MapReferralFunnel(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/referrals", Handle).WithName(nameof(ReferralFunnel)).WithSummary("Referrals of an area and period, by hospital and state")
        .ProducesProblem(400).ProducesProblem(503).AllowAnonymous();

    private static async Task<IReadOnlyList<HospitalFunnel>> Handle(
        Facts facts, PolicyBook policies, TimeProvider clock, CancellationToken ct, string? scope = null, string? period = null, DateOnly? asOf = null,
        DateTimeOffset? knownAt = null)
    {
        var area = Scope.Parse(scope);
        return await facts.Ask(knownAt, source =>
        {
            var now = source.NewestFact?.AddTicks(10) ?? clock.GetUtcNow();
            var day = asOf ?? policies.At(now).Today;
            return Measure(source, Question.Of(area, Period.Parse(period, day), day, now, policies), ct);
        }, ct);
    }

    public static async Task<IReadOnlyList<HospitalFunnel>> Measure(Source source, Question question, CancellationToken ct) => Of(await source.Read("""
        select hospital_id, status, count(*) from {v}.known_referral where submitted_at >= @from and submitted_at < @at and {in} group by 1, 2
        """, question, r => (r.GetGuid(0), r.GetString(1), (int)r.GetInt64(2)), ct));

    /// <summary>Most sent first.</summary>
    public static IReadOnlyList<HospitalFunnel> Of(IEnumerable<(Guid HospitalId, string Status, int Count)> states) =>
        [.. states.GroupBy(s => s.HospitalId).Select(hospital =>
        {
            int In(string status) => hospital.Where(s => s.Status == status).Sum(s => s.Count);
            var named = new HospitalFunnel(hospital.Key, hospital.Sum(s => s.Count), In("Submitted"), In("InfoRequested"), In("Waitlisted"), In("Scheduled"),
                In("RebookRequired"), In("InCare"), In("OutcomeReturned"), In("Closed"), In("Declined"), In("Advised"), In("NoShow"), In("Cancelled"), 0);
            return named with { Other = named.Sent - named.Sum };
        }).OrderByDescending(h => h.Sent).ThenBy(h => h.HospitalId)];
}
