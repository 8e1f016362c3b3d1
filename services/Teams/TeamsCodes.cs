namespace FamilyDoctor.Teams;

/// <summary>This service's refusals: 422 breaks a rule as asked, 409 may work when state or capacity has changed.</summary>
public static class TeamsCodes
{
    public static IReadOnlyDictionary<string, int> Statuses { get; } = new Dictionary<string, int>
    {
        ["INSTITUTION_NOT_ACTIVE"] = 409,
        ["TEAM_NOT_ACTIVE"] = 409,
        ["TEAM_INCOMPLETE"] = 422,
        ["LEAD_NOT_ELIGIBLE"] = 422,
        ["LICENCE_INVALID"] = 422,
        ["FTE_EXCEEDED"] = 422,
        ["PRACTITIONER_ALREADY_LEADS"] = 409,
        ["CONTRACTS_REMAIN"] = 409,
        ["SUCCESSOR_CAPACITY_SHORT"] = 422,
        ["STAR_PREREQUISITE"] = 422,
        ["STAR_PERIOD_CLOSED"] = 409,
        ["STAR_QUOTA_FULL"] = 409,
        ["STUDIO_OPEN"] = 409,
        ["STUDIO_CLOSED"] = 409,
        ["SURVEY_ANSWERED"] = 409,
        ["ABSENCE_OVERLAPS"] = 409,
        ["COVER_NOT_ELIGIBLE"] = 422,
        ["COVER_ABSENT"] = 409,
        ["NOT_THE_OWNER"] = 409,
        ["POLICY_VERSION_KNOWN"] = 409,
        ["POLICY_FROM_PAST"] = 422,
    };
}
