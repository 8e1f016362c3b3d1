using System.Globalization;
using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>The plan as rows for residents and their contracts.</summary>
public static class EnrolmentRows
{
    private static readonly string[] Proofs = ["inPerson", "app", "otp", "esignature"];

    public static ResidentRow Resident(Plan plan, Resident resident) =>
        new($"resident:{resident.Index}", resident.SignedAt.AddMinutes(-15), plan.IdOf(resident), Form(plan, resident));

    public static ResidentForm Form(Plan plan, Resident resident)
    {
        var (i, choice) = (resident.Index, plan.Choice);
        var district = plan.City.Districts[resident.District];
        var number = (i + 1).ToString("D5", CultureInfo.InvariantCulture);
        return new(plan.IdOf(resident), "identityCard", Certificates.Number(resident.Birth, resident.IsFemale, resident.Serial),
            $"Sample Resident {number}", resident.IsFemale ? "female" : "male", resident.Birth,
            $"000{(i + 1).ToString("D8", CultureInfo.InvariantCulture)}", $"Sample Street {(i % 900) + 1}, {district.Name.En}", district.Code,
            Right(resident, choice), [.. resident.Groups.Select(group => Evidence(resident, group))]);
    }

    public static ContractRow Contract(Plan plan, Resident resident) => new(
        $"contract:{resident.Index}", resident.SignedAt, plan.ContractId(resident, 0), plan.IdOf(resident), resident.Team.Id, resident.TermMonths,
        plan.Choice.One(Proofs, "proof", resident.Index), Guardian(resident), [.. Renewals(plan, resident)]);

    public static string? Guardian(Resident resident) =>
        resident.AgeWhenSigning < Policies.Policy.Default.GuardianUntilAge ? $"guardian:{resident.Index}" : null;

    /// <summary>All renewals before the city's clock starts: some weeks before each end, on a working day.</summary>
    private static IEnumerable<Renewal> Renewals(Plan plan, Resident resident)
    {
        var end = Terms.FirstEnd(resident.SignedOn, resident.TermMonths);
        for (var n = 1; resident.LeftOn is not { } left || end < left; n++)
        {
            var at = plan.RenewalOf(resident, end);
            if (at >= plan.End)
                yield break;
            yield return new(at, plan.ContractId(resident, n), resident.TermMonths);
            end = Terms.NextEnd(end, resident.TermMonths);
        }
    }

    private static Eligibility Right(Resident resident, Choice choice)
    {
        if (resident.IsRegistered)
            return new("HouseholdRegistration", "register", resident.Birth.AddYears(choice.Below(resident.AgeWhenSigning + 1, "registered", resident.Index)));
        var since = resident.SignedOn.AddDays(-190 - choice.Below(3000, "moved here", resident.Index));
        return new("Residence", choice.Below(3, "shown by", resident.Index) == 0 ? "gridVerification" : "residencePermit",
            since < resident.Birth ? resident.Birth : since);
    }

    private static GroupEvidence Evidence(Resident resident, string group) => group switch
    {
        "elderly" => new(group, "birthDate", resident.Birth.AddYears(Policies.Policy.Default.ElderlyAge)),
        "child0to6" => new(group, "birthDate", resident.Birth),
        "disabled" => new(group, "certificate", null),
        "tuberculosis" => new(group, "notification", null),
        "severeMentalDisorder" => new(group, "register", null),
        "lowIncome" or "familyPlanningSpecial" or "honouredVeteran" => new(group, "list", null),
        _ => new(group, "condition", null),
    };
}
