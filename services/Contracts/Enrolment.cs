using System.Collections.Immutable;
using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Ending;
using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.Contracts.Reassigning;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <summary>The resident's newest contract. Its states and what leads from one to the next: Enrolment.states.md.</summary>
/// <param name="CoveredSince">First day of unbroken cover, through all renewals.</param>
public sealed record Contract(
    Guid Id, Guid TeamId, Guid InstitutionId, int TermMonths, ContractStatus Status, DateTimeOffset ExpiresAt, Guid? GpId = null,
    DateOnly CoveredSince = default, DateOnly StartsOn = default, DateOnly EndsOn = default, DateTimeOffset EndsAt = default)
{
    /// <summary>First day of the term before, when this one was agreed early and has not begun.</summary>
    public DateOnly? TermBeforeFrom { get; init; }
    public ImmutableList<string> PackageIds { get; init; } = [];
    public DateTimeOffset? RemindAt { get; init; }
    /// <summary>Days on which the resident changed his team by his own wish.</summary>
    public ImmutableList<DateOnly> OwnChanges { get; init; } = [];
    /// <summary>The team ends, and another keeps a seat.</summary>
    public Reassignment? Reassignment { get; init; }
    /// <summary>The team came with a reassignment nobody answered.</summary>
    public bool IsProvisional { get; init; }

    public bool HoldsSeat => Status is ContractStatus.PendingConfirmation || IsCurrent;

    public bool IsCurrent => Status is ContractStatus.Active or ContractStatus.InGrace or ContractStatus.AwaitingReassignment;

    public bool Covers(DateOnly day) => IsCurrent && CoveredSince <= day && (day <= EndsOn || Status is ContractStatus.InGrace);

    /// <summary>First day of the term that is in force on a day: a contract renewed early still runs its old one.</summary>
    public DateOnly TermFrom(DateOnly day) => day < StartsOn && TermBeforeFrom is { } before ? before : StartsOn;

    internal Contract At(Guid team, Guid institution, Guid? gp) => this with
    {
        TeamId = team,
        InstitutionId = institution,
        GpId = gp,
        Status = Status is ContractStatus.AwaitingReassignment ? ContractStatus.Active : Status,
        Reassignment = null,
        IsProvisional = false,
    };
}

/// <param name="ToTeam">Who keeps a seat; null when there is no successor.</param>
public sealed record Reassignment(Guid? ToTeam, DateOnly ObjectUntil, DateTimeOffset Deadline);

/// <summary>What a package owes the resident within a term.</summary>
public sealed record Obligation(Guid Id, Guid ContractId, string PackageId, string Kind, int Times, int Delivered, DateOnly DueBy, DateTimeOffset DueAt);

/// <param name="To">Last day, where it is known.</param>
public sealed record GroupMembership(string Group, DateOnly From, DateOnly? To, DateTimeOffset? EndsAt);

/// <summary>All that binds a resident to the family doctor programme: one stream a resident, so one contract at a time.</summary>
public sealed record Enrolment(
    Guid ResidentId, string DistrictCode, string AgeBand, EligibilityVerified? Eligibility, ImmutableList<GroupMembership> Groups,
    Contract? Contract, ImmutableList<Guid> ContractIds) : IState<Enrolment>
{
    public EligibilityLost? Lost { get; init; }
    public string? GuardianRef { get; init; }
    public bool LacksCapacity { get; init; }
    public Guid? HouseholdId { get; init; }
    public bool IsRepresentative { get; init; }
    public ResidentDied? Death { get; init; }
    /// <summary>The contract that the death closed, as it was.</summary>
    public Contract? ClosedByDeath { get; init; }
    public Guid? MergedInto { get; init; }
    public ResidentErased? Erasure { get; init; }

    /// <summary>Alive, and registered under this id.</summary>
    public bool IsHere => Death is null && MergedInto is null && Erasure is null;

    public ImmutableList<Guid> InError { get; init; } = [];
    public ImmutableList<Guid> NotTheSameAs { get; init; } = [];
    public ImmutableList<Obligation> Obligations { get; init; } = [];
    /// <summary>When he should have come and did not, newest last.</summary>
    public ImmutableList<DateTimeOffset> NoShows { get; init; } = [];
    public DateTimeOffset? RestrictedUntil { get; init; }

    public bool NeedsGuardian => AgeBand is "child" or "minor" || LacksCapacity;

    public IReadOnlyList<string> PriorityGroups => [.. Groups.Select(g => g.Group)];

    public bool IsIn(string group) => Groups.Any(g => g.Group == group);

    public static Enrolment Evolve(Enrolment? enrolment, DomainEvent @event) => (enrolment, @event) switch
    {
        (null, ResidentRegistered e) => new(e.ResidentId, e.DistrictCode, e.AgeBand, null, [], null, []),
        ({ MergedInto: not null } or { Erasure: not null }, _) => throw CannotFollow(enrolment, @event),
        ({ Contract: not { HoldsSeat: true } } r, ResidentErased e) => r with { Erasure = e, GuardianRef = null, HouseholdId = null, IsRepresentative = false },
        ({ } r, ResidentsMerged e) => e.DuplicateId == r.ResidentId ? r with { MergedInto = e.SurvivorId } : r,
        ({ } r, LikelyDuplicateDismissed e) => r with { NotTheSameAs = r.NotTheSameAs.Add(e.OtherId) },
        ({ } r, ContractEnteredInError e) => r with
        {
            InError = r.InError.Add(e.ContractId),
            Obligations = r.Contract?.Id == e.ContractId ? [] : r.Obligations,
            Contract = r.Contract is { } c && c.Id == e.ContractId ? c with { Status = ContractStatus.EnteredInError, Reassignment = null } : r.Contract,
        },
        ({ Death: not null } r, ResidentDeathReversed) => r with { Death = null },
        ({ Death: not null, Contract: { IsCurrent: true } c } r, ContractTerminated { Reason: TerminationReason.Died }) => (r with { ClosedByDeath = c }).Ended(c, ContractStatus.Terminated),
        ({ Death: not null, Contract: { Status: ContractStatus.PendingConfirmation } c } r, ContractApplicationRejected) => r.Ended(c, ContractStatus.Rejected),
        ({ Death: not null }, _) => throw CannotFollow(enrolment, @event),
        ({ } r, ResidentDied e) => r with { Death = e, ClosedByDeath = null },
        ({ ClosedByDeath: { } c } r, ContractReinstated) => r with { Contract = c with { Status = c.Status is ContractStatus.InGrace ? c.Status : ContractStatus.Active, Reassignment = null }, ClosedByDeath = null },
        ({ } r, AgeBandChanged e) => r with { AgeBand = e.AgeBand },
        ({ } r, EligibilityVerified e) => r with { Eligibility = e, Lost = null },
        ({ } r, EligibilityLost e) => r with { Lost = e },
        ({ } r, PriorityGroupAssigned e) => r with { Groups = r.Groups.Add(new(e.Group, e.From, e.To, e.EndsAt)) },
        ({ } r, PriorityGroupEnded e) => r with { Groups = r.Groups.RemoveAll(g => g.Group == e.Group) },
        ({ } r, GuardianNamed e) => r with { GuardianRef = e.GuardianRef },
        ({ } r, GuardianReleased) => r with { GuardianRef = null },
        ({ } r, LegalCapacityRecorded e) => r with { LacksCapacity = e.IsLacking },
        ({ } r, HouseholdJoined e) => r with { HouseholdId = e.HouseholdId, IsRepresentative = e.IsRepresentative },
        ({ } r, HouseholdLeft) => r with { HouseholdId = null, IsRepresentative = false },
        ({ } r, NoShowCounted e) => r with { NoShows = r.NoShows.Add(e.At).TakeLast(10).ToImmutableList() },
        ({ } r, BookingRestricted e) => r with { RestrictedUntil = e.Until },
        ({ } r, ServiceObligationScheduled e) => r with { Obligations = r.Obligations.Add(new(e.ObligationId, e.ContractId, e.PackageId, e.Kind, e.Times, 0, e.DueBy, e.DueAt)) },
        ({ } r, ServiceDelivered e) => r with
        {
            Obligations = r.Obligations.Select(o => o.Id == e.ObligationId ? o with { Delivered = o.Delivered + 1 } : o).Where(o => o.Delivered < o.Times).ToImmutableList(),
        },
        ({ } r, ObligationMissed e) => r with { Obligations = r.Obligations.RemoveAll(o => o.Id == e.ObligationId) },
        ({ Contract: not { HoldsSeat: true } } r, ContractApplied e) => r with
        {
            Contract = new(e.ContractId, e.TeamId, e.InstitutionId, e.TermMonths, ContractStatus.PendingConfirmation, e.ExpiresAt) { PackageIds = [.. e.PackageIds] },
            ContractIds = r.ContractIds.Add(e.ContractId),
            ClosedByDeath = null,
        },
        ({ Contract: { } c } r, ContractRenewed e) => r with
        {
            Contract = c with
            {
                Id = e.NewId,
                Status = ContractStatus.Active,
                TermMonths = e.TermMonths,
                GpId = e.GpId ?? c.GpId,
                TermBeforeFrom = e.GapDays > 0 ? null : c.StartsOn,
                StartsOn = e.StartsOn,
                EndsOn = e.EndsOn,
                EndsAt = e.EndsAt,
                RemindAt = e.RemindAt,
                OwnChanges = e.GapDays > 0 ? [] : c.OwnChanges,
                CoveredSince = e.GapDays > 0 ? e.StartsOn : c.CoveredSince,
            },
            ContractIds = r.ContractIds.Add(e.NewId),
        },
        ({ Contract: { } c } r, _) when Next(c, @event) is { } next => r with { Contract = next, Obligations = next.HoldsSeat ? r.Obligations : [] },
        _ => throw CannotFollow(enrolment, @event),
    };

    /// <summary>The newest contract after an event of its own; null when the event cannot follow.</summary>
    private static Contract? Next(Contract c, DomainEvent @event) => (c.Status, @event) switch
    {
        (ContractStatus.PendingConfirmation, ContractSigned e) => c with
        {
            Status = ContractStatus.Active,
            GpId = e.GpId,
            CoveredSince = e.StartsOn,
            StartsOn = e.StartsOn,
            EndsOn = e.EndsOn,
            EndsAt = e.EndsAt,
            RemindAt = e.RemindAt,
        },
        (ContractStatus.PendingConfirmation, ContractApplicationRejected) => c with { Status = ContractStatus.Rejected },
        (ContractStatus.PendingConfirmation, ContractApplicationWithdrawn) => c with { Status = ContractStatus.Withdrawn },
        (ContractStatus.PendingConfirmation, ContractApplicationLapsed) => c with { Status = ContractStatus.Lapsed },
        (_, RenewalReminderSent) when c.IsCurrent => c with { RemindAt = null },
        (_, PackageChanged e) when c.HoldsSeat => c with { PackageIds = [.. e.PackageIds] },
        (_, LongPrescriptionIssued) when c.IsCurrent => c,
        (ContractStatus.Active or ContractStatus.AwaitingReassignment, ContractGraceStarted e) => c with { Status = ContractStatus.InGrace, ExpiresAt = e.UntilEnd },
        (ContractStatus.InGrace, ContractExpired) => c with { Status = ContractStatus.Expired, Reassignment = null },
        (_, ContractTerminated) when c.IsCurrent => c with { Status = ContractStatus.Terminated, Reassignment = null },
        (ContractStatus.Active or ContractStatus.InGrace, ContractReassignmentRequired e) when c.Reassignment is null => c with
        {
            Status = c.Status is ContractStatus.Active ? ContractStatus.AwaitingReassignment : c.Status,
            Reassignment = new(e.ToTeam, e.ObjectUntil, e.Deadline),
        },
        (_, ContractReassignmentCancelled) when c.Reassignment is not null => c.At(c.TeamId, c.InstitutionId, c.GpId) with { IsProvisional = c.IsProvisional },
        (_, ContractProvisionallyReassigned e) when c.Reassignment is not null => c.At(e.ToTeam, e.ToInstitution, e.GpId) with { IsProvisional = true },
        (_, ContractRehomed e) when c.HoldsSeat => c with { InstitutionId = e.ToInstitution },
        (_, ContractTransferred e) when c.IsCurrent => c.At(e.ToTeam, e.ToInstitution, e.GpId) with
        {
            OwnChanges = e.Mandated || c.IsProvisional ? c.OwnChanges : c.OwnChanges.Add(e.EffectiveOn),
        },
        _ => null,
    };

    public static IEnumerable<Deadline> Deadlines(Enrolment enrolment)
    {
        if (!enrolment.IsHere)
            yield break;
        // What was due on a contract's last day comes before its end.
        if (enrolment.Obligations.Count > 0)
            yield return new(nameof(MissObligation), enrolment.Obligations.Min(o => o.DueAt));
        if (enrolment is { Lost: null, Eligibility.ValidUntil: { } validUntil })
            yield return new(nameof(LoseEligibility), validUntil);
        if (enrolment.Groups.Min(g => g.EndsAt) is { } groupEnds)
            yield return new(nameof(EndPriorityGroup), groupEnds);
        switch (enrolment.Contract)
        {
            case { Status: ContractStatus.PendingConfirmation } c:
                yield return new(nameof(LapseApplication), c.ExpiresAt);
                break;
            case { Status: ContractStatus.Active or ContractStatus.AwaitingReassignment } c:
                yield return new(nameof(StartGrace), c.EndsAt);
                if (c.RemindAt is { } remindAt)
                    yield return new(nameof(SendRenewalReminder), remindAt);
                break;
            case { Status: ContractStatus.InGrace } c:
                yield return new(nameof(ExpireContract), c.ExpiresAt);
                break;
        }
        if (enrolment.Contract is { Reassignment: { } reassignment })
            yield return new(nameof(AssumeReassignment), reassignment.Deadline);
    }

    public static IEnumerable<Guid> Aliases(Enrolment enrolment) => enrolment.ContractIds;

    private Enrolment Ended(Contract contract, ContractStatus status) =>
        this with { Contract = contract with { Status = status, Reassignment = null }, Obligations = [] };

    private static InvalidOperationException CannotFollow(Enrolment? enrolment, DomainEvent @event) =>
        new($"{@event.GetType().Name} cannot follow {enrolment?.Contract?.Status.ToString() ?? "nothing"}.");
}
