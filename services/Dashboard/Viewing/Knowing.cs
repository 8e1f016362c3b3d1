using FamilyDoctor.Dashboard.Explaining;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Dashboard.Viewing;

/// <summary>
/// Messages come in any order, so every column is either an independent fact (the earliest wins) or belongs to the
/// facts of the newest stream version.
/// </summary>
internal static class Knowing
{
    public static DateTimeOffset Earliest(DateTimeOffset? known, DateTimeOffset said) => known < said ? known.Value : said;

    public static DateOnly Earliest(DateOnly? known, DateOnly said) => known < said ? known.Value : said;

    public static IReadOnlyList<View> Views { get; } =
    [
        View.Of<InstitutionStep>(), View.Of<HospitalStep>(), View.Of<PractitionerStep>(), View.Of<TeamStep>(), View.Of<KnownStudio>(),
        View.Of<KnownFigure>(), View.Of<KnownContract>(), View.Of<KnownAppointment>(), View.Of<KnownReferral>(),
        View.Of<KnownDownReferral>(), View.Of<KnownExam>(), View.Of<KnownQuota>(), View.Of<BedCapacityStep>(), View.Of<KnownBed>(),
        View.Of<KnownOffer>(), View.Of<KnownVisit>(), View.Of<KnownSurvey>(), View.Of<CareGapStep>(), View.Of<KnownObligation>(),
        View.Of<KnownService>(), View.Of<StoryLine>(),
    ];
}
