namespace FamilyDoctor.CitySimulator.Living;

/// <summary>
/// The days after the founding, decided by seed and day alone: asked from the first day on, it always tells the same,
/// so a restarted simulator knows what is under way without having kept anything.
/// </summary>
public sealed class LivePlan
{
    private readonly Plan plan;
    private readonly LiveContracts contracts;
    private readonly LiveTransfers transfers;
    private readonly LiveDisbandment disbandment;
    private readonly LiveAppointments appointments;
    private readonly LiveBeds beds;
    private readonly LiveReferrals referrals;
    private readonly LiveExams exams;
    private readonly LiveStudios studios;
    private int workingDays;

    public LivePlan(Plan plan)
    {
        this.plan = plan;
        (contracts, appointments, beds, exams, studios) = (new(plan), new(plan), new(plan, new(plan)), new(plan), new(plan));
        (referrals, transfers, disbandment) = (new(plan, beds), new(plan), new(plan));
        Next = plan.City.Today;
    }

    /// <summary>The day that comes next.</summary>
    public DateOnly Next { get; private set; }

    /// <summary>What the founding left under way.</summary>
    public IEnumerable<Step> UnderWay() =>
        new[] { referrals.UnderWay(), exams.UnderWay(), beds.UnderWay() }.SelectMany(s => s).Where(step => step.At >= plan.End);

    /// <summary>All that begins on the next day, with the steps that follow from it on later days.</summary>
    public List<Step> Continue()
    {
        var day = Next;
        Next = day.AddDays(1);
        if (!plan.Days.IsWorking(day))
            return [];
        var number = workingDays++;
        return
        [
            .. disbandment.Day(day, number), .. contracts.Day(day, number), .. transfers.Day(day, number), .. studios.Day(day, number),
            .. appointments.Day(day, number), .. referrals.Day(day, number), .. exams.Day(day, number), .. beds.Day(day, number),
        ];
    }
}
