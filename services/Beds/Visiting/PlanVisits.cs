using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Beds.Covering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>The visits that a bed's care plan asks for are planned, for its doctor and its nurse where they have time.</summary>
/// <param name="Until">Last day to plan for; the end of the period unless it is earlier.</param>
/// <param name="DoctorAt">The doctor's time of day; the nurse's is the other.</param>
public sealed record PlanVisits(
    [Required] TimeOnly? DoctorAt, [Required] TimeOnly? NurseAt, DateOnly? Until = null, [Range(5, 240)] int Minutes = 30)
{
    private const int Most = 60;

    /// <summary>From the day after the opening on, so often as the plan says, on working days but for the first; days that are over are left out.</summary>
    public IReadOnlyList<PlannedVisit> Of(FamilyBed? bed, Moment at)
    {
        var (open, first) = (FamilyBed.At(bed, BedStatus.Open, BedStatus.Paused), bed!.Period!.OpenedOn.AddDays(1));
        var last = new[] { Until ?? DateOnly.MaxValue, open.LastDay ?? first, at.Today.AddDays(at.Policy.BedPeriodDays) }.Min();
        return [.. Of("doctor", open.Plan!.DoctorEveryDays, DoctorAt!.Value, open.Terms!.GpId)
            .Concat(Of("nurse", open.Plan.NurseEveryDays, NurseAt!.Value, open.Terms.NurseId)).OrderBy(v => v.From).Take(Most)];

        IEnumerable<PlannedVisit> Of(string role, int every, TimeOnly time, Guid? practitioner)
        {
            for (var day = first; day <= last; day = day.AddDays(every))
            {
                var date = day == first || at.Calendar.Contains(day) ? day : at.Calendar.Add(day, 1);
                var from = at.StartOf(date) + time.ToTimeSpan();
                if (date <= last && from > at.Now)
                    yield return new(Ids.Of(open.Id, $"{role}:{day:yyyy-MM-dd}"), role, practitioner, from, from.AddMinutes(Minutes)); // the same visit each time
            }
        }
    }

    public static (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        PlannedVisit wanted, HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, Moment at)
    {
        if (visit is not null)
            return ([], [], []);
        var (from, to, date) = HomeVisit.Window(wanted.From, wanted.To, at);
        var right = FamilyBed.Visitable(bed, date, at);
        var planned = new VisitPlanned(wanted.VisitId, bed!.Id, right.ResidentId, right.TeamId, right.InstitutionId, right.DistrictCode, wanted.Role, from, to);
        return wanted.PractitionerId is { } practitioner && PractitionerDay.IsFree(day, from, to)
            ? ([planned, new VisitAssigned(wanted.VisitId, practitioner)], [new PractitionerTimeTaken(practitioner, date, wanted.VisitId, from, to)], [])
            : ([planned], [], []); // the institution finds somebody
    }
}

/// <summary>A visit that the care plan asks for.</summary>
public sealed record PlannedVisit(Guid VisitId, string Role, Guid? PractitionerId, DateTimeOffset From, DateTimeOffset To);

public sealed record PlannedVisits(Guid BedId, IReadOnlyList<PlannedVisit> Visits);

public static class PlanVisitsEndpoint
{
    public static void MapPlanVisits(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/visits", Handle).WithName(nameof(PlanVisits)).WithSummary("Plan the visits that the care plan asks for")
        .For(Role.Clinic);

    private static async Task<PlannedVisits> Handle(
        Guid bedId, PlanVisits command, HttpContext http, VisitTimes visits, HandVisitsOver handing, IEventStore store, PolicyBook policies, TimeProvider clock,
        CancellationToken ct)
    {
        var (bed, _) = await store.Load<FamilyBed>(bedId, ct);
        var envelope = http.Envelope();
        var planned = await Take(bed, command, envelope, visits, policies.At(clock.GetUtcNow()), ct);
        foreach (var visit in planned)
            await handing.Take(visit.VisitId, envelope with { ExpectedVersion = null, Idempotency = null }, ct); // whoever is away finds a stand-in
        return new(bedId, planned);
    }

    public static async Task<IReadOnlyList<PlannedVisit>> Take(
        FamilyBed? bed, PlanVisits command, Envelope envelope, VisitTimes visits, Moment now, CancellationToken ct)
    {
        var wanted = command.Of(bed, now);
        foreach (var visit in wanted)
        {
            await visits.Execute(visit.VisitId, bed!.Id, visits.DayOf(visit.PractitionerId ?? Guid.Empty, visit.From),
                envelope with { ExpectedVersion = null, Idempotency = null }, (v, day, b, at) => PlanVisits.Decide(visit, v, day, b, at), ct);
        }
        return wanted;
    }
}
