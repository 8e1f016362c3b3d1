using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

/// <param name="Kind">doctor, nurse, or an X role of the city.</param>
/// <param name="LicenceValidTo">Null where a licence has no end or none is needed.</param>
/// <param name="LicenceEndsAt">The local midnight after LicenceValidTo.</param>
public sealed record PractitionerRegistered(
    Guid PractitionerId, string Kind, Guid InstitutionId, string DistrictCode, IReadOnlyList<string> Qualifications, DateOnly? LicenceValidTo,
    DateTimeOffset? LicenceEndsAt) : DomainEvent;
public sealed record LicenceRenewed(Guid PractitionerId, DateOnly ValidTo, DateTimeOffset EndsAt) : DomainEvent;
public sealed record LicenceLapsed(Guid PractitionerId, DateOnly ValidTo) : DomainEvent;
/// <param name="Period">The assessed year.</param>
/// <param name="EndsAt">The local midnight after ValidTo.</param>
public sealed record StarAwarded(
    Guid PractitionerId, int Stars, int Period, decimal Score, IReadOnlyList<StarComponent> Components, DateOnly ValidFrom, DateOnly ValidTo,
    DateTimeOffset EndsAt, int PolicyVersion) : DomainEvent;
public sealed record StudioOpened(Guid StudioId, Guid LeaderId, Guid TeamId, Guid InstitutionId, string DistrictCode) : DomainEvent;

/// <param name="Code">What was assessed: fulfilment, continuity, satisfaction ...</param>
/// <param name="Score">Points towards the hundred of the whole assessment.</param>
public sealed record StarComponent(string Code, decimal Score);

[JsonConverter(typeof(JsonStringEnumConverter<PractitionerStatus>))]
public enum PractitionerStatus { Active, Suspended }

/// <summary>Someone who works in teams: kind, licence, stars and studio; never a name.</summary>
/// <param name="Status">Suspended while the licence has lapsed.</param>
public sealed record Practitioner(
    Guid Id, string Kind, Guid InstitutionId, string DistrictCode, IReadOnlyList<string> Qualifications, DateOnly? LicenceValidTo,
    DateTimeOffset? LicenceEndsAt, PractitionerStatus Status, ImmutableList<StarAwarded> Awards, StudioOpened? Studio) : IState<Practitioner>
{
    public static Practitioner Evolve(Practitioner? practitioner, DomainEvent @event) => (practitioner, @event) switch
    {
        (null, PractitionerRegistered e) => new(e.PractitionerId, e.Kind, e.InstitutionId, e.DistrictCode, e.Qualifications, e.LicenceValidTo,
            e.LicenceEndsAt, PractitionerStatus.Active, [], null),
        ({ } p, LicenceRenewed e) => p with { LicenceValidTo = e.ValidTo, LicenceEndsAt = e.EndsAt, Status = PractitionerStatus.Active },
        ({ Status: PractitionerStatus.Active } p, LicenceLapsed) => p with { Status = PractitionerStatus.Suspended },
        ({ } p, StarAwarded e) => p with { Awards = p.Awards.Add(e) },
        ({ Studio: null } p, StudioOpened e) => p with { Studio = e },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {practitioner?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(Practitioner practitioner) =>
        practitioner is { Status: PractitionerStatus.Active, LicenceEndsAt: { } endsAt } ? [new(nameof(Staffing.LapseLicence), endsAt)] : [];

    public static IEnumerable<Guid> Aliases(Practitioner practitioner) => practitioner.Studio is { } studio ? [studio.StudioId] : [];

    public bool IsLicensed(DateOnly day) => Status is PractitionerStatus.Active && (LicenceValidTo is not { } validTo || validTo >= day);

    /// <summary>Stars in force; the newest award counts, and none is valid for ever.</summary>
    public int StarsAt(DateTimeOffset now) => Awards is [.., var newest] && newest.EndsAt > now ? newest.Stars : 0;

    /// <summary>The practitioner, who must be licensed today.</summary>
    public static Practitioner Licensed(Practitioner? practitioner, Moment at) => practitioner switch
    {
        null => throw new UnknownId(),
        _ when practitioner.IsLicensed(at.Today) => practitioner,
        _ => throw new RuleBroken("LICENCE_INVALID", "This practitioner holds no valid licence today.",
            new { practitionerIds = new[] { practitioner.Id }, practitioner.LicenceValidTo }),
    };
}
