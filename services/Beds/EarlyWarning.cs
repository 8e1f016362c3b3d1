using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <summary>
/// NEWS2 (Royal College of Physicians 2017): each value of a visit adds 0 to 3 points; a high sum, or one value that is
/// red, is a deterioration. Codes are LOINC's.
/// </summary>
public static class EarlyWarning
{
    private const int Red = 3, FarOff = 2;

    /// <summary>The points of one value; 0 for whatever NEWS2 does not know.</summary>
    public static int Points(Vital vital) => (vital.Code, vital.Value!.Value) switch
    {
        ("9279-1", var breaths) => breaths switch { <= 8 => 3, < 12 => 1, < 21 => 0, < 25 => 2, _ => 3 },
        ("2708-6" or "59408-5", var saturation) => saturation switch { < 92 => 3, < 94 => 2, < 96 => 1, _ => 0 },
        ("3151-8", var oxygen) => oxygen > 0 ? 2 : 0,
        ("8480-6", var systolic) => systolic switch { <= 90 => 3, <= 100 => 2, <= 110 => 1, < 220 => 0, _ => 3 },
        ("8867-4", var pulse) => pulse switch { <= 40 => 3, <= 50 => 1, <= 90 => 0, <= 110 => 1, <= 130 => 2, _ => 3 },
        ("67775-7", var confusion) => confusion > 0 ? 3 : 0, // 0 is alert
        ("8310-5", var temperature) => temperature switch { <= 35 => 3, <= 36 => 1, <= 38 => 0, <= 39 => 1, _ => 2 },
        _ => 0,
    };

    /// <summary>What newly measured values mean: those far off, and a deterioration that is worse than the one known.</summary>
    /// <param name="bed">The visit's bed, if it has one: palliative beds have thresholds of their own.</param>
    public static IEnumerable<DomainEvent> Of(HomeVisit visit, FamilyBed? bed, IReadOnlyList<Vital> measured, Moment at)
    {
        foreach (var vital in measured.Where(v => Points(v) >= FarOff))
            yield return new ObservationOutOfRange(visit.Id, vital.Code!, vital.Value!.Value);
        var all = visit.Observed.Where(o => measured.All(m => m.Code != o.Code)).Concat(measured.Reverse().DistinctBy(m => m.Code))
            .Select(v => (v.Code, Points: Points(v))).Where(v => v.Points > 0).OrderByDescending(v => v.Points).ThenBy(v => v.Code, StringComparer.Ordinal).ToList();
        var score = all.Sum(v => v.Points);
        if (SeverityOf(score, all.Exists(v => v.Points == Red), bed?.IsPalliative is true, at.Policy) is { } severity
            && !(visit.Deterioration?.Severity >= severity))
        {
            yield return new DeteriorationDetected(visit.Id, visit.Plan.BedId, score, [.. all.Select(v => v.Code!)], severity,
                severity is Severity.Urgent ? at.Now.AddMinutes(at.Policy.SlaEmergencyMinutes) : at.EndOf(at.Today));
        }
    }

    private static Severity? SeverityOf(int score, bool red, bool palliative, Policy policy)
    {
        var (urgent, review) = palliative ? (policy.PalliativeNewsUrgent, policy.PalliativeNewsReview) : (policy.NewsUrgent, policy.NewsReview);
        return score >= urgent || (red && !palliative) ? Severity.Urgent : score >= review ? Severity.Review : null;
    }
}
