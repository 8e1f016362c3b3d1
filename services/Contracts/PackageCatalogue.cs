using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <param name="Groups">Priority groups the package is for; none for everybody.</param>
/// <param name="From">First day on which it is chosen in this form; contracts keep what they were signed with.</param>
public sealed record PackageDefined(string PackageId, IReadOnlyList<string> Groups, IReadOnlyList<PackageItem> Items, DateOnly From) : DomainEvent;

/// <param name="Kind">annualExam, followUp, glucose, antenatal ...</param>
public sealed record PackageItem(string Kind, int TimesAYear);

/// <summary>The city's service packages by the day they take effect: the free basic one, and those of the priority groups with counted services.</summary>
public sealed record PackageCatalogue(ImmutableList<PackageDefined> Packages) : IState<PackageCatalogue>
{
    public const string Basic = "basic";

    /// <summary>A sample after the national service specification of 2017; a city defines its own.</summary>
    public static PackageCatalogue Sample { get; } = new(
    [
        new(Basic, [], [], default),
        Of("elderly", new("annualExam", 1), new("selfCareRating", 1)),
        Of("child0to6", new("childVisit", 4), new("vaccinationCheck", 1)),
        Of("pregnantPostpartum", new("antenatal", 5), new("postnatal", 2)),
        Of("hypertension", new PackageItem("followUp", 4)),
        Of("diabetesT2", new("followUp", 4), new("glucose", 4)),
        Of("copd", new PackageItem("followUp", 4)),
        Of("tumour", new PackageItem("followUp", 4)),
        Of("tuberculosis", new PackageItem("supervisedDosing", 12)),
        Of("severeMentalDisorder", new PackageItem("followUp", 4)),
        Of("disabled", new PackageItem("rehabilitationGuidance", 1)),
    ]);

    public static Guid StreamOf(City city) => Ids.Of($"PackageCatalogue:{city.Id}");

    public static PackageCatalogue Evolve(PackageCatalogue? catalogue, DomainEvent @event) => @event switch
    {
        PackageDefined e => new((catalogue ?? Sample).Packages.Add(e)),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow in a catalogue of packages."),
    };

    /// <summary>The packages in the form in force on a day.</summary>
    public IReadOnlyList<PackageDefined> On(DateOnly day) =>
        [.. Packages.Where(p => p.From <= day).GroupBy(p => p.PackageId).Select(versions => versions.MaxBy(p => p.From)!)];

    /// <summary>What a resident gets: what was chosen for him, or the basic package and those of his groups.</summary>
    public IReadOnlyList<string> Choose(IReadOnlyList<string>? chosen, Enrolment resident, DateOnly day)
    {
        var allowed = On(day).Where(p => p.Groups.Count == 0 || p.Groups.Any(resident.IsIn)).Select(p => p.PackageId).ToList();
        if (chosen is null || chosen.Count == 0)
            return allowed;
        return chosen.All(allowed.Contains) ? [.. chosen.Distinct()]
            : throw new RuleBroken("PACKAGE_NOT_ALLOWED", "A package is chosen from those for this resident.", new { allowed });
    }

    /// <summary>What packages owe in a term: every service so many times in each of its years, and once at least.</summary>
    public IEnumerable<ServiceObligationScheduled> Due(Guid contractId, IEnumerable<string> packageIds, DateOnly from, DateOnly to, Moment at)
    {
        foreach (var package in On(at.Today).Where(p => packageIds.Contains(p.PackageId)))
        {
            for (var year = from; year <= to; year = year.AddYears(1))
            {
                var dueBy = year.AddYears(1).AddDays(-1) is var end && end < to ? end : to;
                var share = (dueBy.DayNumber - year.DayNumber + 1) / 365.0;
                foreach (var item in package.Items)
                {
                    yield return new(Ids.Of(contractId, $"{package.PackageId}:{item.Kind}:{dueBy:yyyyMMdd}"), contractId, package.PackageId, item.Kind,
                        Math.Max(1, (int)Math.Round(item.TimesAYear * share)), dueBy, at.EndOf(dueBy));
                }
            }
        }
    }

    private static PackageDefined Of(string group, params PackageItem[] items) => new(group, [group], items, default);
}

/// <summary>The catalogue as decisions take it in: a copy some seconds old at most.</summary>
public sealed class Packages(IEventStore store, City city)
{
    private volatile Tuple<PackageCatalogue, long>? known;

    public async ValueTask<PackageCatalogue> Now(CancellationToken ct)
    {
        if (known is { } kept && Environment.TickCount64 - kept.Item2 < 2000)
            return kept.Item1;
        var (catalogue, _) = await store.Load<PackageCatalogue>(PackageCatalogue.StreamOf(city), ct);
        known = new(catalogue ?? PackageCatalogue.Sample, Environment.TickCount64);
        return known.Item1;
    }
}
