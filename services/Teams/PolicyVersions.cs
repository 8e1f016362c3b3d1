using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

public sealed record PolicyVersionActivated(int Version, DateTimeOffset From, Policy Policy) : DomainEvent;

/// <summary>The city's policy versions, each in force from its moment on; changing one never rewrites what was decided.</summary>
public sealed record PolicyVersions(ImmutableList<PolicyVersionActivated> All) : IState<PolicyVersions>
{
    public static Guid StreamOf(City city) => Ids.Of($"Policy:{city.Id}");

    public static PolicyVersions Evolve(PolicyVersions? versions, DomainEvent @event) => @event switch
    {
        PolicyVersionActivated e => new((versions?.All ?? []).Add(e)),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow among policy versions."),
    };

    /// <summary>What holds at a moment; version 0 is the sample policy that every service carries.</summary>
    public static Policy At(PolicyVersions? versions, DateTimeOffset moment) =>
        (versions?.All ?? []).Where(v => v.From <= moment).OrderBy(v => v.From).ThenBy(v => v.Version).LastOrDefault()?.Policy ?? Policy.Default;
}
