using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Returning;

namespace FamilyDoctor.Referrals;

/// <param name="ToOrg">The institution of the resident's team: from now on it has to act.</param>
public sealed record DownReferralProposed(
    Guid DownReferralId, Guid ResidentId, Guid ContractId, long ContractVersion, Guid TeamId, Guid ToOrg, string DistrictCode, Guid HospitalId,
    Guid? UpReferralId, Guid? DischargeSummaryRef, IReadOnlyList<string> RedFlags, bool FamilyBedSuggested, DateTimeOffset ProposedAt,
    DateTimeOffset AcceptBy, DateTimeOffset ContactWithin) : DomainEvent;
public sealed record DownReferralAccepted(Guid DownReferralId) : DomainEvent;
/// <param name="NextAt">When it goes one level up; null at the last.</param>
public sealed record DownReferralOverdue(Guid DownReferralId, int Level, string EscalatedTo, DateTimeOffset? NextAt) : DomainEvent;
public sealed record FirstContactMade(Guid DownReferralId, ContactMode Mode, DateTimeOffset At) : DomainEvent;
public sealed record DownReferralClosed(Guid DownReferralId) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ContactMode>))]
public enum ContactMode { Visit, Phone, Video, Clinic }

[JsonConverter(typeof(JsonStringEnumConverter<DownReferralStatus>))]
public enum DownReferralStatus { Proposed, FollowUpScheduled, Closed }

/// <summary>A patient's way back from the hospital to his team; the institution that owns it is never nobody.</summary>
public sealed record DownReferral(
    DownReferralProposed Proposal, DownReferralStatus Status, int OverdueLevel, DateTimeOffset? EscalatesAt, DateTimeOffset? ContactedAt)
    : IState<DownReferral>
{
    public Guid OwnerOrganizationId => Proposal.ToOrg;

    public static DownReferral Evolve(DownReferral? down, DomainEvent @event) => (down, @event) switch
    {
        (null, DownReferralProposed e) => new(e, DownReferralStatus.Proposed, 0, e.AcceptBy, null),
        ({ Status: DownReferralStatus.Proposed } d, DownReferralOverdue e) => d with { OverdueLevel = e.Level, EscalatesAt = e.NextAt },
        ({ Status: DownReferralStatus.Proposed } d, DownReferralAccepted) => d with
        {
            Status = DownReferralStatus.FollowUpScheduled,
            EscalatesAt = null,
        },
        ({ Status: DownReferralStatus.FollowUpScheduled, ContactedAt: null } d, FirstContactMade e) => d with { ContactedAt = e.At },
        ({ Status: DownReferralStatus.FollowUpScheduled } d, DownReferralClosed) => d with { Status = DownReferralStatus.Closed },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {down?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(DownReferral down) =>
        down is { Status: DownReferralStatus.Proposed, EscalatesAt: { } due } ? [new(nameof(EscalateDownReferral), due)] : [];

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(DownReferral? down, DownReferralStatus to, params DownReferralStatus[] from) =>
        Going.May("down-referral", down?.Status, to, from);
}
