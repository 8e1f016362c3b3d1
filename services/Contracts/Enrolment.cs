using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <param name="AgeBand">child (0-6), minor, adult or elder; the birth date itself stays in the vault.</param>
public sealed record ResidentRegistered(Guid ResidentId, string DistrictCode, string AgeBand) : DomainEvent;
/// <param name="Since">Start of the registration or residence.</param>
public sealed record EligibilityVerified(EligibilityBasis Basis, string EvidenceType, DateOnly Since) : DomainEvent;
public sealed record PriorityGroupAssigned(string Group, string Evidence, DateOnly From) : DomainEvent;
public sealed record ContractApplied(
    Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, int TermMonths, IReadOnlyList<string> PackageIds, Guid SeatId,
    DateTimeOffset ExpiresAt) : DomainEvent;
/// <param name="EndsAt">The local midnight after EndsOn.</param>
public sealed record ContractSigned(
    Guid ContractId, Guid ResidentId, Guid TeamId, Guid? GpId, DateOnly StartsOn, DateOnly EndsOn, DateTimeOffset EndsAt, SigningProof Proof,
    string? GuardianRef) : DomainEvent;
public sealed record ContractApplicationRejected(Guid ContractId, string Reason) : DomainEvent;
public sealed record ContractApplicationWithdrawn(Guid ContractId) : DomainEvent;
public sealed record ContractApplicationLapsed(Guid ContractId) : DomainEvent;
public sealed record ContractRenewed(
    Guid OldId, Guid NewId, Guid TeamId, DateOnly StartsOn, DateOnly EndsOn, DateTimeOffset EndsAt, int TermMonths, int GapDays) : DomainEvent;
public sealed record ContractGraceStarted(Guid ContractId, DateOnly Until, DateTimeOffset UntilEnd) : DomainEvent;
public sealed record ContractExpired(Guid ContractId, DateOnly EndsOn) : DomainEvent;
public sealed record ContractTerminated(Guid ContractId, TerminationReason Reason, DateOnly EffectiveOn, string By) : DomainEvent;

/// <param name="Method">esignature, otp, app or inPerson.</param>
/// <param name="Ref">Where the proof is kept; never the proof itself.</param>
public sealed record SigningProof(string Method, string Ref);

[JsonConverter(typeof(JsonStringEnumConverter<EligibilityBasis>))]
public enum EligibilityBasis { HouseholdRegistration, Residence }

[JsonConverter(typeof(JsonStringEnumConverter<TerminationReason>))]
public enum TerminationReason { MovedOut, NoContact, RefusedService, ResidentRequest, Died, Ineligible, EnteredInError }

[JsonConverter(typeof(JsonStringEnumConverter<ContractStatus>))]
public enum ContractStatus { PendingConfirmation, Active, InGrace, Rejected, Withdrawn, Lapsed, Expired, Terminated }

/// <summary>The resident's newest contract.</summary>
/// <param name="CoveredSince">First day of unbroken cover, through all renewals.</param>
public sealed record Contract(
    Guid Id, Guid TeamId, Guid InstitutionId, int TermMonths, ContractStatus Status, DateTimeOffset ExpiresAt, Guid? GpId = null,
    DateOnly CoveredSince = default, DateOnly StartsOn = default, DateOnly EndsOn = default, DateTimeOffset EndsAt = default)
{
    public bool HoldsSeat => Status is ContractStatus.PendingConfirmation or ContractStatus.Active or ContractStatus.InGrace;

    public bool IsCurrent => Status is ContractStatus.Active or ContractStatus.InGrace;

    public bool Covers(DateOnly day) => IsCurrent && CoveredSince <= day && (day <= EndsOn || Status is ContractStatus.InGrace);
}

/// <summary>All that binds a resident to the family doctor programme: one stream a resident, so one contract at a time.</summary>
public sealed record Enrolment(
    Guid ResidentId, string DistrictCode, string AgeBand, EligibilityVerified? Eligibility, ImmutableList<string> PriorityGroups,
    Contract? Contract, ImmutableList<Guid> ContractIds) : IState<Enrolment>
{
    public bool NeedsGuardian => AgeBand is "child" or "minor";

    public static Enrolment Evolve(Enrolment? enrolment, DomainEvent @event) => (enrolment, @event) switch
    {
        (null, ResidentRegistered e) => new(e.ResidentId, e.DistrictCode, e.AgeBand, null, [], null, []),
        ({ } r, EligibilityVerified e) => r with { Eligibility = e },
        ({ } r, PriorityGroupAssigned e) => r with { PriorityGroups = r.PriorityGroups.Add(e.Group) },
        ({ Contract: not { HoldsSeat: true } } r, ContractApplied e) => r with
        {
            Contract = new(e.ContractId, e.TeamId, e.InstitutionId, e.TermMonths, ContractStatus.PendingConfirmation, e.ExpiresAt),
            ContractIds = r.ContractIds.Add(e.ContractId),
        },
        ({ Contract: { Status: ContractStatus.PendingConfirmation } c } r, ContractSigned e) => r with
        {
            Contract = c with
            {
                Status = ContractStatus.Active,
                GpId = e.GpId,
                CoveredSince = e.StartsOn,
                StartsOn = e.StartsOn,
                EndsOn = e.EndsOn,
                EndsAt = e.EndsAt,
            },
        },
        ({ Contract: { Status: ContractStatus.PendingConfirmation } c } r, ContractApplicationRejected) => r.With(c, ContractStatus.Rejected),
        ({ Contract: { Status: ContractStatus.PendingConfirmation } c } r, ContractApplicationWithdrawn) => r.With(c, ContractStatus.Withdrawn),
        ({ Contract: { Status: ContractStatus.PendingConfirmation } c } r, ContractApplicationLapsed) => r.With(c, ContractStatus.Lapsed),
        ({ Contract: { } c } r, ContractRenewed e) => r with
        {
            Contract = c with
            {
                Id = e.NewId,
                Status = ContractStatus.Active,
                TermMonths = e.TermMonths,
                StartsOn = e.StartsOn,
                EndsOn = e.EndsOn,
                EndsAt = e.EndsAt,
                CoveredSince = e.GapDays > 0 ? e.StartsOn : c.CoveredSince,
            },
            ContractIds = r.ContractIds.Add(e.NewId),
        },
        ({ Contract: { Status: ContractStatus.Active } c } r, ContractGraceStarted e) => r with
        {
            Contract = c with { Status = ContractStatus.InGrace, ExpiresAt = e.UntilEnd },
        },
        ({ Contract: { Status: ContractStatus.InGrace } c } r, ContractExpired) => r.With(c, ContractStatus.Expired),
        ({ Contract: { IsCurrent: true } c } r, ContractTerminated) => r.With(c, ContractStatus.Terminated),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {enrolment?.Contract?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(Enrolment enrolment) => enrolment.Contract switch
    {
        { Status: ContractStatus.PendingConfirmation } c => [new(nameof(Applying.LapseApplication), c.ExpiresAt)],
        { Status: ContractStatus.Active } c => [new(nameof(Ending.StartGrace), c.EndsAt)],
        { Status: ContractStatus.InGrace } c => [new(nameof(Ending.ExpireContract), c.ExpiresAt)],
        _ => [],
    };

    public static IEnumerable<Guid> Aliases(Enrolment enrolment) => enrolment.ContractIds;

    private Enrolment With(Contract contract, ContractStatus status) => this with { Contract = contract with { Status = status } };
}
