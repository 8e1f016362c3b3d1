using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Residents go to another team: by their own wish, once, or because the commission places them.</summary>
public sealed class LiveTransfers(Plan plan)
{
    private static readonly string[] Wishes = ["residentWish", "residentWish", "moved"], Needs = ["teamOverload", "practitionerLeft"];
    private readonly HashSet<Resident> changed = [];

    public IEnumerable<Step> Day(DateOnly day, int number) => plan.Panels.Working.Count < 2 ? [] :
    [
        .. Transfer(day, number, "transferred", plan.City.Assumptions.TransferredShare.Value, (resident, to, salt) => new
        {
            toTeamId = to.Id,
            reason = plan.Choice.One(Wishes, "wishes to go", salt),
            consentMethod = "app",
            consentRef = $"transfer:{resident.Index}",
            guardianRef = EnrolmentRows.Guardian(resident),
        }),
        .. Transfer(day, number, "placed", plan.City.Assumptions.PlacedShare.Value, (_, to, salt) => new
        {
            toTeamId = to.Id,
            reason = plan.Choice.One(Needs, "is placed because", salt),
            mandated = true,
        }),
    ];

    private IEnumerable<Step> Transfer(DateOnly day, int number, string what, double share, Func<Resident, Team, long, object> body)
    {
        var yearly = plan.Population.Residents.Count(r => r.LeftOn is null) * share;
        var moments = plan.Days.Spread(DailyShare.Of(yearly, number, 0.5), day, day).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var resident = plan.Panels.PickNear(plan.Choice.One(plan.Panels.Working, $"{what} from", salt), day, what, salt,
                r => !plan.BedCare.Has(r) && !changed.Contains(r));
            if (!changed.Add(resident))
                continue;
            var to = plan.Choice.One([.. plan.Panels.Working.Where(t => t != resident.Team)], $"{what} to", salt);
            plan.Panels.Move(resident, to);
            yield return new(moments[i], moments[i].AddDays(7), $"transfer:{resident.Index}", $"residents {what}", "contracts",
                $"/contracts/{plan.NewestContract(resident, moments[i])}/transfer", body(resident, to, salt));
        }
    }
}
