using System.Text.Json;
using System.Text.Json.Serialization;

namespace FamilyDoctor.Policies;

/// <summary>
/// Every parameter a city may set; a decision uses the version in force when it was taken.
/// Defaults and their sources: policy.json is a sample policy, not any city's official one.
/// </summary>
public sealed record Policy
{
    public bool Sample { get; init; }
    public int ContractsPerGp { get; init; }
    public IReadOnlyList<int> TermMonthsAllowed { get; init; } = [];
    public int RenewalOpensDaysBefore { get; init; }
    public int RenewalGraceDays { get; init; }
    public int RelapseNewSigningAfterMonths { get; init; }
    public int ResidencyMinMonths { get; init; }
    public int ApplicationTimeoutDays { get; init; }
    public int ElderlyAge { get; init; }
    public int GuardianUntilAge { get; init; }
    public int SessionContractedPercent { get; init; }
    public int SessionReleaseHours { get; init; }
    public int NoShowsForRestriction { get; init; }
    public int NoShowWindowDays { get; init; }
    public int NoShowRestrictionDays { get; init; }
    public int DisbandNoticeDays { get; init; }
    public int ReassignmentObjectionDays { get; init; }
    public int VoluntaryChangesPerTerm { get; init; }
    public int DeathReversalDays { get; init; }
    public int LongPrescriptionMinWeeks { get; init; }
    public int LongPrescriptionMaxWeeks { get; init; }
    public int InstitutionPopulation { get; init; }
    public int QuotaFamilyDoctorPercent { get; init; }
    public int QuotaUrgentPercent { get; init; }
    public int QuotaPublishLeadDays { get; init; }
    public int PoolReleaseHours { get; init; }
    public int SlotHoldMinutes { get; init; }
    public int SlaEmergencyMinutes { get; init; }
    public int SlaUrgentHours { get; init; }
    public int SlaRoutineWorkingDays { get; init; }
    public int OutcomeDueDays { get; init; }
    public int AcknowledgeDays { get; init; }
    public int CriticalResultHours { get; init; }
    public int ReferralAuthorisationDays { get; init; }
    public int DuplicateExamDays { get; init; }
    public int BedPeriodDays { get; init; }
    public int BedWarnDays { get; init; }
    public int FirstVisitUrgentHours { get; init; }
    public int FirstVisitHours { get; init; }
    public int DoctorVisitDays { get; init; }
    public int NurseVisitDays { get; init; }
    public int TerminationCareBridgeDays { get; init; }
    public int DischargeOfferHours { get; init; }
    public int DischargeContactHours { get; init; }
    public int NewsUrgent { get; init; }
    public int NewsReview { get; init; }
    public int ThreeStarScore { get; init; }
    public int FourStarScore { get; init; }
    public int FiveStarScore { get; init; }
    public int FiveStarQuotaPercent { get; init; }
    public int StarValidMonths { get; init; }

    // Later parameters carry their default here too: a version activated before they existed does not name them.

    /// <summary>What each component of an assessment counts at most; a hundred together.</summary>
    public IReadOnlyDictionary<string, int> StarWeights { get; set; } = new Dictionary<string, int>
    {
        ["fulfilment"] = 20,
        ["chronicControl"] = 15,
        ["continuity"] = 15,
        ["priorityShare"] = 15,
        ["renewal"] = 10,
        ["satisfaction"] = 10,
        ["referralQuality"] = 10,
        ["homeVisitTimeliness"] = 5,
    };
    /// <summary>Points off satisfaction for each upheld complaint.</summary>
    public int ComplaintDeduction { get; set; } = 1;
    public int CompositionBreachDays { get; set; } = 30;
    public int HelpAnswerHours { get; set; } = 48;
    public int TeamFeeSharePercent { get; set; } = 70;
    public int BedPauseMaxDays { get; set; } = 14;
    /// <summary>After so many days a senior doctor has to agree before a bed goes on.</summary>
    public int BedHardReviewDays { get; set; } = 180;
    /// <summary>So many visits in a row that did not take place go to the head of the institution.</summary>
    public int MissedVisitsInARow { get; set; } = 2;
    /// <summary>Palliative beds have warning scores of their own.</summary>
    public int PalliativeNewsUrgent { get; set; } = 9;
    public int PalliativeNewsReview { get; set; } = 7;
    /// <summary>Services that take whoever got urgently worse at home, the first choice first.</summary>
    public IReadOnlyList<string> GreenChannelServices { get; set; } = ["emergency", "internalMedicine", "cardiology", "neurology"];
    /// <summary>The hospitals designated for whoever gets urgently worse in a district, by its code; without one it is the nearest with a slot.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Guid>> GreenChannelHospitals { get; set; } = new Dictionary<string, IReadOnlyList<Guid>>();
    /// <summary>Priority groups for which a family bed is often right.</summary>
    public IReadOnlyList<string> BedHintGroups { get; set; } = ["disabled", "tumour"];
    /// <summary>First day on which medical care, insurance, medicine and prices are linked.</summary>
    public DateOnly LinkageFrom { get; set; } = new(2015, 5, 1);
    /// <summary>How far ahead a studio's own sessions can be booked, and how long a slot in them is.</summary>
    public int StudioWeeksAhead { get; set; } = 4;
    public int StudioSlotMinutes { get; set; } = 15;
    /// <summary>What signing costs, in hundredths of a yuan; free by default.</summary>
    public int SigningFeeFen { get; set; }

    /// <summary>Version 0: the sample policy that every service carries.</summary>
    public static Policy Default { get; } = Resource.Read("policy.json", PolicyJson.Default.Policy);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Policy))]
[JsonSerializable(typeof(CalendarDays))]
internal sealed partial class PolicyJson : JsonSerializerContext;

internal static class Resource
{
    public static T Read<T>(string name, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        using var stream = typeof(Resource).Assembly.GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize(stream, type)!;
    }
}
