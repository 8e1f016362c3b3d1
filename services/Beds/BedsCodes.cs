namespace FamilyDoctor.Beds;

/// <summary>This service's refusals: 422 breaks a rule as asked, 409 may work when state or capacity has changed.</summary>
public static class BedsCodes
{
    public static IReadOnlyDictionary<string, int> Statuses { get; } = new Dictionary<string, int>
    {
        ["BED_NOT_ELIGIBLE"] = 422,
        ["ASSESSMENT_REQUIRED"] = 409,
        ["HOME_UNSUITABLE"] = 422,
        ["BED_CAPACITY_FULL"] = 409,
        ["BED_ALREADY_OPEN"] = 409,
        ["CONSENT_MISSING"] = 422,
        ["EXTENSION_TOO_LATE"] = 422,
        ["PERIOD_LIMIT"] = 422,
        ["VISIT_OUTSIDE_PERIOD"] = 422,
        ["VISIT_OVERLAP"] = 409,
        ["VISIT_ALREADY_COMPLETED"] = 409,
        ["PAUSE_LIMIT"] = 422,
        ["BED_CLOSED"] = 409,
        ["CONTRACT_NOT_ACTIVE"] = 409,
        ["DOCUMENT_TYPE_MISMATCH"] = 422,
        ["DOCUMENT_DAMAGED"] = 422,
        ["NOTICE_NOT_READY"] = 409,
    };
}
