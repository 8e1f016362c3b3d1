using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Returning;

namespace FamilyDoctor.Referrals;

/// <param name="ContractId">Null for whoever has no contract: the institution nearest to him takes him, and invites him to sign.</param>
/// <param name="ToOrg">The institution of the resident's team, or the one nearest to him: from now on it has to act.</param>
public sealed record DownReferralProposed(
    Guid DownReferralId, Guid ResidentId, Guid? ContractId, long ContractVersion, Guid? TeamId, Guid ToOrg, string DistrictCode, Guid HospitalId,
    Guid? UpReferralId, Guid? DischargeSummaryRef, IReadOnlyList<string> RedFlags, bool FamilyBedSuggested, DateTimeOffset ProposedAt,
    DateTimeOffset AcceptBy, DateTimeOffset ContactWithin, bool InvitedToSign = false) : DomainEvent;
public sealed record DownReferralAccepted(Guid DownReferralId) : DomainEvent;
/// <summary>The institution cannot care for him; until another takes him he is the hospital's again.</summary>
/// <param name="DecideBy">When the office above hears that nobody was found.</param>
public sealed record DownReferralDeclined(Guid DownReferralId, Guid By, string Reason, DateTimeOffset DecideBy) : DomainEvent;
public sealed record DownReferralReassigned(Guid DownReferralId, Guid FromOrg, Guid ToOrg, string DistrictCode, string Reason, DateTimeOffset AcceptBy) : DomainEvent;
/// <param name="NextAt">When it goes one level up; null at the last.</param>
public sealed record DownReferralOverdue(Guid DownReferralId, int Level, string EscalatedTo, DateTimeOffset? NextAt) : DomainEvent;
public sealed record FirstContactMade(Guid DownReferralId, ContactMode Mode, DateTimeOffset At) : DomainEvent;
public sealed record DownReferralClosed(Guid DownReferralId) : DomainEvent;
/// <summary>The patient has another team now.</summary>
public sealed record DownReferralOwnerChanged(Guid DownReferralId, Guid TeamId, Guid ToOrg, string DistrictCode) : DomainEvent;
/// <summary>The institution that had him is closed; another one does its work.</summary>
public sealed record DownReferralRehomed(Guid DownReferralId, Guid FromOrg, Guid ToOrg, string DistrictCode) : DomainEvent;
public sealed record DownReferralCancelled(Guid DownReferralId, string Reason, DateTimeOffset? At = null) : DomainEvent;
/// <summary>The death that ended it was told in error: whoever had to act has to again.</summary>
/// <param name="AcceptBy">When the office above hears of it; null when a team had taken him.</param>
public sealed record DownReferralReopened(Guid DownReferralId, DateTimeOffset? AcceptBy) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ContactMode>))]
public enum ContactMode { Visit, Phone, Video, Clinic }

[JsonConverter(typeof(JsonStringEnumConverter<DownReferralStatus>))]
public enum DownReferralStatus { Proposed, Declined, Reassigned, FollowUpScheduled, Closed }

/// <summary>A patient's way back from the hospital to his team; the institution that owns it is never nobody.</summary>
/// <param name="OwnerOrganizationId">Who has to act: the institution, or the hospital after it declined.</param>
/// <param name="Declined">The institutions that could not take him.</param>
public sealed record DownReferral(
    DownReferralProposed Proposal, DownReferralStatus Status, int OverdueLevel, DateTimeOffset? EscalatesAt, DateTimeOffset? ContactedAt,
    Guid OwnerOrganizationId, Guid InstitutionId, Guid? TeamId, string DistrictCode, ImmutableList<Guid> Declined,
    EndedByDeath<DownReferralStatus>? ByDeath = null) : IState<DownReferral>
{
    public static DownReferral Evolve(DownReferral? down, DomainEvent @event) => (down, @event) switch
    {
        (null, DownReferralProposed e) => new(
            e, DownReferralStatus.Proposed, 0, e.AcceptBy, null, e.ToOrg, e.ToOrg, e.TeamId, e.DistrictCode, []),
        ({ Status: DownReferralStatus.Proposed or DownReferralStatus.Declined or DownReferralStatus.Reassigned } d, DownReferralOverdue e) =>
            d with { OverdueLevel = e.Level, EscalatesAt = e.NextAt },
        ({ Status: DownReferralStatus.Proposed or DownReferralStatus.Reassigned } d, DownReferralDeclined e) => d with
        {
            Status = DownReferralStatus.Declined,
            OwnerOrganizationId = d.Proposal.HospitalId,
            TeamId = null,
            EscalatesAt = e.DecideBy,
            OverdueLevel = 1, // the institution has spoken: next the district hears of it
            Declined = d.Declined.Add(e.By),
        },
        ({ Status: DownReferralStatus.Proposed or DownReferralStatus.Declined or DownReferralStatus.Reassigned } d, DownReferralReassigned e) => d with
        {
            Status = DownReferralStatus.Reassigned,
            OwnerOrganizationId = e.ToOrg,
            InstitutionId = e.ToOrg,
            TeamId = null,
            DistrictCode = e.DistrictCode,
            EscalatesAt = e.AcceptBy,
            OverdueLevel = 0,
        },
        ({ Status: DownReferralStatus.Proposed or DownReferralStatus.Reassigned } d, DownReferralAccepted) => d with
        {
            Status = DownReferralStatus.FollowUpScheduled,
            EscalatesAt = null,
        },
        ({ Status: DownReferralStatus.FollowUpScheduled, ContactedAt: null } d, FirstContactMade e) => d with { ContactedAt = e.At },
        ({ Status: DownReferralStatus.FollowUpScheduled } d, DownReferralClosed) => d with { Status = DownReferralStatus.Closed },
        ({ Status: not DownReferralStatus.Closed } d, DownReferralCancelled e) => d with
        {
            Status = DownReferralStatus.Closed,
            EscalatesAt = null,
            ByDeath = EndedByDeath.Of(d.Status, e.Reason, e.At),
        },
        ({ Status: DownReferralStatus.Closed, ByDeath.Status: var before } d, DownReferralReopened e) =>
            d with { Status = before, EscalatesAt = e.AcceptBy, ByDeath = null },
        ({ Status: not DownReferralStatus.Closed } d, DownReferralRehomed e) => d with
        {
            OwnerOrganizationId = d.OwnerOrganizationId == e.FromOrg ? e.ToOrg : d.OwnerOrganizationId,
            InstitutionId = e.ToOrg,
            DistrictCode = e.DistrictCode,
        },
        ({ Status: not DownReferralStatus.Closed } d, DownReferralOwnerChanged e) => d with
        {
            OwnerOrganizationId = d.Status is DownReferralStatus.Declined ? d.OwnerOrganizationId : e.ToOrg,
            InstitutionId = e.ToOrg,
            TeamId = e.TeamId,
            DistrictCode = e.DistrictCode,
        },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {down?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(DownReferral down) =>
        down is { EscalatesAt: { } due } ? [new(nameof(EscalateDownReferral), due)] : [];

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(DownReferral? down, DownReferralStatus to, params DownReferralStatus[] from) =>
        Going.May("down-referral", down?.Status, to, from);
}
