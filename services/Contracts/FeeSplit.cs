using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <summary>A signing fee and who gets it, in hundredths of a yuan: the team its share by policy, its institution the rest.</summary>
public sealed record FeeSplit(int FeeFen, int TeamFen, int InstitutionFen)
{
    private static readonly string[] Exempt = ["lowIncome", "familyPlanningSpecial", "honouredVeteran"];

    /// <summary>The policy's fee for every year of the term; null where signing is free, by policy or for this resident.</summary>
    public static FeeSplit? Of(Enrolment resident, int termMonths, Moment at)
    {
        if (at.Policy.SigningFeeFen == 0 || Exempt.Any(resident.IsIn))
            return null;
        var fee = (int)Math.Round(at.Policy.SigningFeeFen * termMonths / 12m, MidpointRounding.AwayFromZero);
        // Rounded up: the team never gets less than its share.
        var team = (int)Math.Ceiling(fee * at.Policy.TeamFeeSharePercent / 100m);
        return new(fee, team, fee - team);
    }
}
