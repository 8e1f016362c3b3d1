namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>Ages, sexes, groups and rights of sample residents, in the proportions the city's file assumes.</summary>
internal sealed class People(CityFile city, Choice choice)
{
    private sealed record Rule(int From, int To, bool? Female = null);

    private static readonly Dictionary<string, Rule> Who = new()
    {
        ["hypertension"] = new(35, 120),
        ["diabetesT2"] = new(35, 120),
        ["copd"] = new(45, 120),
        ["tumour"] = new(30, 120),
        ["tuberculosis"] = new(18, 120),
        ["severeMentalDisorder"] = new(18, 120),
        ["familyPlanningSpecial"] = new(49, 120),
        ["honouredVeteran"] = new(50, 120),
        ["pregnantPostpartum"] = new(20, 42, Female: true),
    };

    private readonly List<(int From, int To)> ranges = [.. city.Assumptions.Ages.Value.Keys.Select(k => Ages.TryParse(k, out var from, out var to) ? (from, to) : default)];
    private readonly Dictionary<(DateOnly, bool), int> serials = [];

    /// <summary>All who signed in the history, in exactly the assumed proportions.</summary>
    public void Describe(IReadOnlyList<Resident> residents)
    {
        var assumed = city.Assumptions;
        var ages = Apportioning.Mixed(Apportioning.Apportion(residents.Count, [.. assumed.Ages.Value.Values]), choice, "age");
        var rights = Apportioning.Mixed(
            Apportioning.Apportion(residents.Count, [assumed.HouseholdShare.Value, 1 - assumed.HouseholdShare.Value]), choice, "household");
        foreach (var resident in residents)
            Describe(resident, ages[resident.Index], rights[resident.Index] == 0);
        foreach (var (group, share) in assumed.Groups.Value)
            Assign(group, Apportioning.ShareOf(residents.Count, share), residents);
    }

    /// <summary>One who signs later.</summary>
    public void Describe(Resident resident) => Describe(resident, choice.Below(ranges.Count, "live age", resident.Index),
        choice.Fraction("live household", resident.Index) < city.Assumptions.HouseholdShare.Value);

    private void Describe(Resident resident, int range, bool isRegistered)
    {
        var (i, (from, to)) = (resident.Index, ranges[range]);
        var age = from + choice.Below(to - from + 1, "years", i);
        resident.Birth = resident.SignedOn.AddYears(-age).AddDays(-choice.Below(365, "birthday", i));
        resident.IsFemale = i % 2 == 0;
        resident.IsRegistered = isRegistered || age == 0; // a newborn has lived nowhere for half a year
        var same = (resident.Birth, resident.IsFemale);
        resident.Serial = serials[same] = serials.GetValueOrDefault(same) + 1;
        if (age >= Policies.Policy.Default.ElderlyAge)
            resident.Groups.Add("elderly");
        else if (age < 7)
            resident.Groups.Add("child0to6");
    }

    private void Assign(string group, int count, IReadOnlyList<Resident> residents)
    {
        var rule = Who.GetValueOrDefault(group) ?? new(0, 120);
        var may = residents.Where(r => r.AgeWhenSigning >= rule.From && r.AgeWhenSigning <= rule.To && (rule.Female is null || rule.Female == r.IsFemale)
            && (group != "pregnantPostpartum" || r.SignedOn.AddDays(270) > city.Today)).ToArray();
        foreach (var resident in Apportioning.Mix(may, choice, group).Take(count))
            resident.Groups.Add(group);
    }
}
