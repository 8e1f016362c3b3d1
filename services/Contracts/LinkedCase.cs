using System.Text.Json.Serialization;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <summary>
/// What others outside are told and have to answer. The insurer: that a resident has a contract, or has none any more, and
/// whether it pays its share of a referral or of a period of a family bed. The pharmacy: a long prescription.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<LinkedCaseKind>))]
public enum LinkedCaseKind { Enrolment, Ending, Referral, Bed, Prescription }

[JsonConverter(typeof(JsonStringEnumConverter<LinkedCaseStatus>))]
public enum LinkedCaseStatus { Waiting, Accepted, Rejected, Withdrawn }

/// <summary>Another service has something to ask; what concerns contracts begins with the contract's own event instead.</summary>
/// <param name="SubjectId">The referral, or the family bed.</param>
/// <param name="Version">Of the subject, when it was so.</param>
/// <param name="OrganizationId">The hospital, or the bed's institution.</param>
/// <param name="Code">The service, or the type of bed.</param>
public sealed record LinkedCaseOpened(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, long Version, Guid ResidentId, Guid? ContractId, string Number, Guid OrganizationId, string Code,
    DateOnly? StartsOn, DateOnly? EndsOn) : DomainEvent;
/// <summary>No answer yet, or none that counts; it is asked again.</summary>
/// <param name="SubjectId">The contract, referral, bed or prescription.</param>
/// <param name="Cause">pending, busy, slow, unreachable, denied or unexpected.</param>
public sealed record LinkedCaseDelayed(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, long Version, Guid ResidentId, int Attempts, string Cause, DateTimeOffset NextAt) : DomainEvent;
/// <param name="Reference">Under which the counterpart knows it.</param>
public sealed record LinkedCaseAccepted(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, long Version, Guid ResidentId, string Reference) : DomainEvent;
/// <param name="Code">The counterpart's own; care goes on.</param>
public sealed record LinkedCaseRejected(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, long Version, Guid ResidentId, string Code) : DomainEvent;
/// <param name="Reason">expired or residentDied.</param>
public sealed record LinkedCaseWithdrawn(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, long Version, Guid ResidentId, string Reason) : DomainEvent;

/// <summary>
/// A case at a counterpart outside. Its own stream holds little more than what was answered, so a call that was never
/// recorded is simply made again, under the same id. What can follow from where: LinkedCase.md.
/// </summary>
/// <param name="Version">Of the fact that was asked about last: a later fact about the same subject is asked about anew.</param>
public sealed record LinkedCase(LinkedCaseStatus Status, long Version, int Attempts = 0, DateTimeOffset? NextAt = null) : IState<LinkedCase>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1), FirstPause = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromHours(6);

    /// <param name="about">The resident for all his contracts, otherwise the event that gives rise to it.</param>
    public static Guid IdOf(LinkedCaseKind kind, Guid about) => Ids.Of(about, $"LinkedCase:{kind}");

    public static LinkedCase Evolve(LinkedCase? linked, DomainEvent @event) => @event switch
    {
        LinkedCaseOpened e when linked is null => new(LinkedCaseStatus.Waiting, e.Version),
        LinkedCaseDelayed e when IsOpen(linked, e.Version) => new(LinkedCaseStatus.Waiting, e.Version, e.Attempts, e.NextAt),
        LinkedCaseAccepted e when IsOpen(linked, e.Version) => new(LinkedCaseStatus.Accepted, e.Version),
        LinkedCaseRejected e when IsOpen(linked, e.Version) => new(LinkedCaseStatus.Rejected, e.Version),
        LinkedCaseWithdrawn e when IsOpen(linked, e.Version) => new(LinkedCaseStatus.Withdrawn, e.Version),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {linked?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>Whether a fact still wants an answer.</summary>
    public static bool IsOpen(LinkedCase? linked, long version) =>
        linked is null || version > linked.Version || (version == linked.Version && linked.Status is LinkedCaseStatus.Waiting);

    /// <summary>Why there is nothing to ask any more; null while there is.</summary>
    public static string? Over(LinkedCasesOfCity open, Enrolment? resident, DateOnly today) => open.Kind switch
    {
        LinkedCaseKind.Referral when open.EndsOn < today => "expired",
        LinkedCaseKind.Referral or LinkedCaseKind.Prescription when resident?.Death is not null => "residentDied",
        _ => null, // that a contract ended is told too, and the days of a bed were cared for, whatever came then
    };

    /// <summary>A minute, then twice as long each time, six hours at most; what is being worked on is looked at every hour.</summary>
    public static TimeSpan PauseAfter(int attempts, string cause) => cause == "pending" ? LookAgain
        : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempts - 1, 20)));
}
