using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

/// <param name="Kind">doctor, nurse, or an X role of the city.</param>
/// <param name="LicenceValidTo">Null where a licence has no end or none is needed.</param>
/// <param name="LicenceEndsAt">The local midnight after LicenceValidTo.</param>
/// <param name="StartsAt">The beginning of the first day at work, of somebody who is registered ahead.</param>
public sealed record PractitionerRegistered(
    Guid PractitionerId, string Kind, Guid InstitutionId, string DistrictCode, IReadOnlyList<string> Qualifications, DateOnly? LicenceValidTo,
    DateTimeOffset? LicenceEndsAt, DateTimeOffset? StartsAt = null) : DomainEvent;
public sealed record PractitionerActivated(Guid PractitionerId) : DomainEvent;
public sealed record QualificationAdded(Guid PractitionerId, string Qualification) : DomainEvent;
public sealed record LicenceRenewed(Guid PractitionerId, DateOnly ValidTo, DateTimeOffset EndsAt) : DomainEvent;
public sealed record LicenceLapsed(Guid PractitionerId, DateOnly ValidTo) : DomainEvent;
/// <param name="Until">Last day, without which it lasts until somebody ends it.</param>
/// <param name="EndsAt">The local midnight after it.</param>
public sealed record PractitionerSuspended(Guid PractitionerId, string Reason, DateOnly? Until, DateTimeOffset? EndsAt) : DomainEvent;
public sealed record PractitionerResumed(Guid PractitionerId) : DomainEvent;
public sealed record PractitionerMoved(Guid PractitionerId, Guid From, Guid InstitutionId, string DistrictCode) : DomainEvent;
/// <param name="LeavesAt">The local midnight after LastDay.</param>
public sealed record DepartureAnnounced(Guid PractitionerId, DateOnly LastDay, DateTimeOffset LeavesAt, string Reason) : DomainEvent;
public sealed record PractitionerDeparted(Guid PractitionerId, DateOnly LastDay, string Reason) : DomainEvent;
/// <param name="Period">The assessed year.</param>
/// <param name="EndsAt">The local midnight after ValidTo.</param>
public sealed record StarAwarded(
    Guid PractitionerId, int Stars, int Period, decimal Score, IReadOnlyList<StarComponent> Components, DateOnly ValidFrom, DateOnly ValidTo,
    DateTimeOffset EndsAt, int PolicyVersion) : DomainEvent;
public sealed record StarRevoked(Guid PractitionerId, int Period, int Stars, string Reason) : DomainEvent;
public sealed record StudioOpened(Guid StudioId, Guid LeaderId, Guid TeamId, Guid InstitutionId, string DistrictCode) : DomainEvent;
/// <summary>When a studio holds sessions of its own, week by week.</summary>
public sealed record StudioHoursSet(Guid StudioId, Guid LeaderId, IReadOnlyList<OpeningHours> Hours) : DomainEvent;
public sealed record StudioClosed(Guid StudioId, Guid LeaderId, string Reason) : DomainEvent;

/// <param name="Code">What was assessed: fulfilment, continuity, satisfaction ...</param>
/// <param name="Score">Points towards the hundred of the whole assessment.</param>
public sealed record StarComponent(string Code, decimal Score);

[JsonConverter(typeof(JsonStringEnumConverter<PractitionerStatus>))]
public enum PractitionerStatus { Registered, Active, Suspended, Departed }

/// <summary>Someone who works in teams: kind, licence, stars and studio; never a name. See Practitioner.states.md.</summary>
/// <param name="HasLapsed">The licence ran out and was not renewed yet.</param>
/// <param name="Leaving">Announced; still at work until then.</param>
public sealed record Practitioner(
    Guid Id, string Kind, Guid InstitutionId, string DistrictCode, IReadOnlyList<string> Qualifications, DateOnly? LicenceValidTo,
    DateTimeOffset? LicenceEndsAt, bool HasLapsed, PractitionerSuspended? Suspension, DepartureAnnounced? Leaving, DateOnly? LastDay,
    ImmutableList<StarAwarded> Awards, StudioOpened? Studio, IReadOnlyList<OpeningHours> StudioHours) : IState<Practitioner>
{
    public const string Doctor = "doctor";

    /// <summary>Of somebody who was registered ahead and has not begun to work.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    public PractitionerStatus Status => LastDay is not null ? PractitionerStatus.Departed
        : StartsAt is not null ? PractitionerStatus.Registered
        : HasLapsed || Suspension is not null ? PractitionerStatus.Suspended : PractitionerStatus.Active;

    public static Practitioner Evolve(Practitioner? practitioner, DomainEvent @event) => (practitioner, @event) switch
    {
        (null, PractitionerRegistered e) => new(e.PractitionerId, e.Kind, e.InstitutionId, e.DistrictCode, e.Qualifications, e.LicenceValidTo,
            e.LicenceEndsAt, false, null, null, null, [], null, [])
        {
            StartsAt = e.StartsAt,
        },
        ({ } p, StarRevoked e) => p with { Awards = [.. p.Awards.Select(a => a.Period == e.Period ? a with { Stars = 0 } : a)] },
        ({ Studio.StudioId: var studio } p, StudioClosed e) when studio == e.StudioId => p with { Studio = null, StudioHours = [] },
        ({ LastDay: null } p, _) => AtWork(p, @event),
        _ => throw CannotFollow(practitioner, @event),
    };

    private static Practitioner AtWork(Practitioner p, DomainEvent @event) => @event switch
    {
        PractitionerActivated when p.StartsAt is not null => p with { StartsAt = null },
        QualificationAdded e => p with { Qualifications = [.. p.Qualifications, e.Qualification] },
        LicenceRenewed e => p with { LicenceValidTo = e.ValidTo, LicenceEndsAt = e.EndsAt, HasLapsed = false },
        LicenceLapsed when !p.HasLapsed => p with { HasLapsed = true },
        PractitionerSuspended e => p with { Suspension = e },
        PractitionerResumed when p.Suspension is not null => p with { Suspension = null },
        PractitionerMoved e => p with { InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode },
        DepartureAnnounced e => p with { Leaving = e },
        PractitionerDeparted e => p with { Leaving = null, LastDay = e.LastDay },
        StarAwarded e => p with { Awards = p.Awards.Add(e) },
        StudioOpened e when p.Studio is null => p with { Studio = e },
        StudioHoursSet e when p.Studio?.StudioId == e.StudioId => p with { StudioHours = e.Hours },
        _ => throw CannotFollow(p, @event),
    };

    private static InvalidOperationException CannotFollow(Practitioner? practitioner, DomainEvent @event) =>
        new($"{@event.GetType().Name} cannot follow {practitioner?.Status.ToString() ?? "nothing"}.");

    public static IEnumerable<Deadline> Deadlines(Practitioner practitioner)
    {
        if (practitioner is { LastDay: null, StartsAt: { } startsAt })
            yield return new(nameof(Staffing.BeginWork), startsAt);
        if (practitioner is { LastDay: null, HasLapsed: false, LicenceEndsAt: { } licenceEnds })
            yield return new(nameof(Staffing.LapseLicence), licenceEnds);
        if (practitioner is { LastDay: null, Suspension.EndsAt: { } suspensionEnds })
            yield return new(nameof(Staffing.EndSuspension), suspensionEnds);
        if (practitioner is { LastDay: null, Leaving: { } leaving })
            yield return new(nameof(Staffing.CompleteDeparture), leaving.LeavesAt);
        if (practitioner is { Studio: not null, Awards: [.., var newest] })
            yield return new(nameof(Rating.EndStudio), newest.EndsAt);
    }

    public static IEnumerable<Guid> Aliases(Practitioner practitioner) => practitioner.Studio is { } studio ? [studio.StudioId] : [];

    public bool IsLicensed(DateOnly day) => Status is PractitionerStatus.Active && (LicenceValidTo is not { } validTo || validTo >= day);

    /// <summary>Stars in force; the newest award counts, and none is valid for ever.</summary>
    public int StarsAt(DateTimeOffset now) => Awards is [.., var newest] && newest.EndsAt > now ? newest.Stars : 0;

    /// <summary>A studio needs a leader who holds five stars: the event that closes it when he does not.</summary>
    public IEnumerable<StudioClosed> CloseStudio(string reason) => Studio is { } studio ? [new StudioClosed(studio.StudioId, Id, reason)] : [];

    /// <summary>The practitioner, who must be licensed today.</summary>
    public static Practitioner Licensed(Practitioner? practitioner, Moment at) => practitioner switch
    {
        null => throw new UnknownId(),
        _ when practitioner.IsLicensed(at.Today) => practitioner,
        _ => throw new RuleBroken("LICENCE_INVALID", "This practitioner holds no valid licence today.",
            new { practitionerIds = new[] { practitioner.Id }, practitioner.LicenceValidTo }),
    };

    /// <summary>The practitioner, who must not have left.</summary>
    public static Practitioner Staying(Practitioner? practitioner) => practitioner switch
    {
        null => throw new UnknownId(),
        { Status: PractitionerStatus.Departed } => throw Refusing.Transition(
            "a practitioner", practitioner.Status, PractitionerStatus.Active, PractitionerStatus.Suspended),
        _ => practitioner,
    };
}
