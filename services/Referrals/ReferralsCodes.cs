namespace FamilyDoctor.Referrals;

/// <summary>This service's refusals: 422 breaks a rule as asked, 409 may work when state or capacity has changed.</summary>
public static class ReferralsCodes
{
    public static IReadOnlyDictionary<string, int> Statuses { get; } = new Dictionary<string, int>
    {
        ["NO_ACTIVE_CONTRACT"] = 422,
        ["NOT_PANEL_GP"] = 403,
        ["CHECKLIST_INCOMPLETE"] = 422,
        ["QUOTA_EXHAUSTED"] = 409,
        ["HOLD_EXPIRED"] = 409,
        ["SLOT_WITHDRAWN"] = 409,
        ["DUPLICATE_REFERRAL"] = 409,
        ["LEVEL_SKIP_REASON_REQUIRED"] = 422,
        ["SERVICE_NOT_OFFERED"] = 422,
        ["EXAM_CONTRAINDICATED"] = 422,
        ["DUPLICATE_EXAM"] = 409,
        ["OUTCOME_ALREADY_RETURNED"] = 409,
        ["AUTHORISATION_EXPIRED"] = 422,
        ["POOL_CLOSED"] = 409,
        ["SLOT_NOT_DUE"] = 422,
        ["FIRST_CONTACT_MISSING"] = 409,
        ["DOCUMENT_TYPE_MISMATCH"] = 422,
        ["DOCUMENT_DAMAGED"] = 422,
        ["SLIP_NOT_READY"] = 409,
    };
}
