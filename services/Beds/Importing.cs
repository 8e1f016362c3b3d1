using System.Globalization;
using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Opening;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <summary>The contract of the past that a bed or a visit rested on; the copy of it may not have arrived yet.</summary>
public sealed record ContractOfThePast(Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode)
{
    public CareRight Right => new(ContractId, 0, ResidentId, TeamId, InstitutionId, DistrictCode);
}

/// <summary>How many beds an institution might keep from then on.</summary>
public sealed record BedCapacityRow(string Id, DateTimeOffset OccurredAt, Guid InstitutionId, string DistrictCode, int Approved) : IImportRow;

/// <summary>A bed of the past, from its request to its end or until now.</summary>
/// <param name="Visits">Visits until its end, when they are known only as a number.</param>
public sealed record BedRow(
    string Id, DateTimeOffset OccurredAt, Guid BedId, ContractOfThePast Contract, BedOrigin Origin, BedType Type, IReadOnlyList<string> ConditionCodes,
    DateTimeOffset AssessedAt, int Barthel, int Braden, DateTimeOffset ApprovedAt, Guid GpId, DateTimeOffset OpenedAt, int DoctorEveryDays,
    int NurseEveryDays, DateTimeOffset? ClosedAt, CloseReason? CloseReason, int? Visits) : IImportRow;

/// <summary>A home visit of the past and what became of it.</summary>
public sealed record VisitRow(
    string Id, DateTimeOffset OccurredAt, Guid VisitId, Guid? BedId, ContractOfThePast Contract, Guid PractitionerId, string Role,
    DateTimeOffset From, DateTimeOffset To, DateTimeOffset? CompletedAt, string? MissedCause) : IImportRow;

/// <summary>How rows of the past become the same decisions that live requests ask for.</summary>
public static class Importing
{
    private delegate BedEvents BedStep(FamilyBed? bed, ResidentBeds? resident, BedCapacity? capacity, Moment at);

    public static IReadOnlyDictionary<string, ImportKind> Kinds(IServiceProvider services)
    {
        var runner = services.GetRequiredService<Runner>();
        var policies = services.GetRequiredService<PolicyBook>();
        var contracts = services.GetRequiredService<CareContracts>();
        var clock = services.GetRequiredService<TimeProvider>();
        return new Dictionary<string, ImportKind>
        {
            ["bed-capacities"] = ImportKind.Of<BedCapacityRow>("bed-capacities", (row, by, ct) => SetBedCapacityEndpoint.Take(
                new(row.InstitutionId, row.DistrictCode, row.Approved), row.DistrictCode, by, runner, ct)),
            ["beds"] = ImportKind.Of<BedRow>("beds", (row, by, ct) => Bed(row, by, runner, policies, contracts, clock.GetUtcNow(), ct)),
            ["visits"] = ImportKind.Of<VisitRow>("visits", (row, by, ct) => Visit(row, by, runner, policies, ct)),
        };
    }

    private static async Task<Done> Bed(
        BedRow row, Envelope by, Runner runner, PolicyBook policies, CareContracts contracts, DateTimeOffset now, CancellationToken ct)
    {
        DateTimeOffset[] times = [row.OccurredAt, row.AssessedAt, row.ApprovedAt, row.OpenedAt, row.ClosedAt ?? now, now];
        if (!times.SequenceEqual(times.Order()))
            throw new RuleBroken("RULE_VIOLATION", "The times of a past bed follow each other and lie in the past.");
        var request = new RequestBed(row.BedId, row.Contract.ResidentId, row.Origin, row.Type, row.ConditionCodes);
        var assess = new RecordAssessment(row.Barthel, row.Braden, "medium", HomeSuitable: true, Caregiver: true, "familyBed");
        var approve = new ApproveBed(row.GpId);
        var open = new OpenBed(string.Create(CultureInfo.InvariantCulture, $"import:{row.Id}"), row.DoctorEveryDays, row.NurseEveryDays);
        var steps = new List<(DateTimeOffset At, BedStep Decide)>
        {
            (row.OccurredAt, (bed, resident, _, at) =>
            {
                var (requested, taken) = request.Decide(row.BedId, bed, resident, row.Contract.Right, at);
                return (requested, taken, []);
            }),
            (row.AssessedAt, (bed, _, _, _) => (assess.Decide(bed), [], [])),
            (row.ApprovedAt, (bed, _, capacity, at) => approve.Decide(bed, capacity, null, at)),
            (row.OpenedAt, (bed, _, _, at) => (open.Decide(bed, null, at), [], [])),
        };
        steps.AddRange(Periods(row, policies, now));
        if (row.ClosedAt is { } closed)
        {
            var close = new CloseBed(row.CloseReason ?? CloseReason.StableToRoutine);
            steps.Add((closed, (bed, _, capacity, at) => close.Decide(bed, capacity, null, at, row.Visits)));
        }
        var done = await runner.OnLedger<BedCapacity>(row.Contract.InstitutionId, by, capacity => runner.History<FamilyBed, ResidentBeds, BedCapacity>(
            row.BedId, ResidentBeds.StreamOf(row.Contract.ResidentId), capacity, by,
            steps.Select(s => (s.At, new Func<FamilyBed?, ResidentBeds?, BedCapacity?, Moment, BedEvents>((b, r, c, at) => s.Decide(b, r, c, at)))), ct), ct);
        if (row.ClosedAt is null)
            await contracts.Follow(row.Contract.ResidentId, by, ct); // its contract may have ended before this row came
        return done;
    }

    /// <summary>The row tells only when a bed was opened and closed; in between every period was announced and extended in time.</summary>
    private static IEnumerable<(DateTimeOffset, BedStep)> Periods(BedRow row, PolicyBook policies, DateTimeOffset now)
    {
        var (days, until, decided) = (policies.At(row.ApprovedAt).Policy.BedPeriodDays, row.ClosedAt ?? now, policies.At(row.OpenedAt));
        for (var endsOn = decided.Today.AddDays(days); ; endsOn = endsOn.AddDays(days))
        {
            // A second early, so that a step of the row decides it and not the clock between two of them.
            var announcedAt = decided.StartOf(endsOn.AddDays(-decided.Policy.BedWarnDays)).AddSeconds(-1);
            if (announcedAt > until)
                yield break;
            yield return (announcedAt, (bed, _, _, _) => (WarnOfPeriodEnd.Announce(bed), [], []));
            if (decided.EndOf(endsOn) > until)
                yield break;
            var extend = new ApproveExtension(row.Barthel, row.Braden, ReviewedBy: row.GpId);
            yield return (announcedAt, (bed, _, _, at) => (RequestExtension.Decide(bed, at), [], []));
            yield return (announcedAt, (bed, _, _, at) => (extend.Decide(bed, at), [], []));
            decided = policies.At(announcedAt);
        }
    }

    private static Task<Done> Visit(VisitRow row, Envelope by, Runner runner, PolicyBook policies, CancellationToken ct)
    {
        var plan = new PlanVisit(row.VisitId, row.BedId, row.BedId is null ? row.Contract.ResidentId : null, row.PractitionerId, row.Role, row.From, row.To);
        var day = PractitionerDay.StreamOf(row.PractitionerId, policies.At(row.From).DateOf(row.From));
        var steps = new List<(DateTimeOffset, VisitTimes.Decision)>
        {
            (row.OccurredAt, (visit, time, bed, at) => plan.Decide(row.VisitId, visit, time, bed, row.Contract.Right, at)),
        };
        if (row.CompletedAt is { } completed)
            steps.Add((completed, (visit, time, bed, at) => new CompleteVisit().Decide(visit, time, bed, null, at)));
        else if (row.MissedCause is { } cause)
            steps.Add((row.To, new MissVisit(cause).Decide));
        return row.BedId is { } bedId
            ? runner.History<HomeVisit, PractitionerDay, FamilyBed>(row.VisitId, day, bedId, by,
                steps.Select(s => (s.Item1, new Func<HomeVisit?, PractitionerDay?, FamilyBed?, Moment,
                    (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)>((v, d, b, at) => s.Item2(v, d, b, at)))), ct)
            : runner.History<HomeVisit, PractitionerDay>(row.VisitId, day, by,
                steps.Select(s => (s.Item1, new Func<HomeVisit?, PractitionerDay?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)>((v, d, at) =>
                {
                    var (visit, time, _) = s.Item2(v, d, null, at);
                    return (visit, time);
                }))), ct);
    }
}
