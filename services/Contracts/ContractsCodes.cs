namespace FamilyDoctor.Contracts;

/// <summary>This service's refusals: 422 breaks a rule as asked, 409 may work when state or capacity has changed.</summary>
public static class ContractsCodes
{
    public static IReadOnlyDictionary<string, int> Statuses { get; } = new Dictionary<string, int>
    {
        ["NOT_ELIGIBLE"] = 422,
        ["ALREADY_CONTRACTED"] = 409,
        ["APPLICATION_PENDING"] = 409,
        ["PANEL_FULL"] = 409,
        ["TEAM_NOT_ACCEPTING"] = 409,
        ["GUARDIAN_REQUIRED"] = 422,
        ["PROOF_INVALID"] = 422,
        ["RENEWAL_WINDOW_CLOSED"] = 422,
        ["CONTRACT_NOT_ACTIVE"] = 409,
        ["TERM_NOT_ALLOWED"] = 422,
        ["SLOT_TAKEN"] = 409,
        ["SLOT_FREE"] = 409,
        ["BOOKING_RESTRICTED"] = 422,
        ["SLOT_PAST"] = 422,
        ["SESSION_IN_PAST"] = 422,
        ["APPOINTMENT_NOT_DUE"] = 422,
        ["CERTIFICATE_INVALID"] = 422,
        ["BIRTH_DATE_INVALID"] = 422,
        ["RESIDENT_KNOWN"] = 409,
        ["GROUP_UNKNOWN"] = 422,
        ["TRANSFER_LIMIT_REACHED"] = 422,
        ["RESIDENT_DECEASED"] = 409,
        ["RESIDENT_MERGED"] = 409,
        ["EVIDENCE_INVALID"] = 422,
        ["EFFECTIVE_DATE_INVALID"] = 422,
        ["PACKAGE_NOT_ALLOWED"] = 422,
        ["OBLIGATION_NOT_DUE"] = 409,
        ["PRESCRIPTION_NOT_ALLOWED"] = 422,
        ["NOT_OF_HOUSEHOLD"] = 422,
        ["PRICE_INVALID"] = 422,
        ["LIST_CHANGED"] = 409,
    };
}
