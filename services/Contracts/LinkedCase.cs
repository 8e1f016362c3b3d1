using System.Text.Json.Serialization;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <summary>What others outside have to answer: the insurer an enrolment, the pharmacy a long prescription.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LinkedCaseKind>))]
public enum LinkedCaseKind { Enrolment, Prescription }

[JsonConverter(typeof(JsonStringEnumConverter<LinkedCaseStatus>))]
public enum LinkedCaseStatus { Waiting, Accepted, Rejected, Withdrawn }

/// <summary>No answer yet, or none that counts; it is asked again.</summary>
/// <param name="SubjectId">The contract, or the prescription.</param>
/// <param name="Cause">pending, busy, slow, unreachable or unexpected.</param>
public sealed record LinkedCaseDelayed(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, Guid ResidentId, int Attempts, string Cause, DateTimeOffset NextAt) : DomainEvent;
/// <param name="Reference">Under which the counterpart knows it.</param>
public sealed record LinkedCaseAccepted(Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, Guid ResidentId, string Reference) : DomainEvent;
/// <param name="Code">The counterpart's own; care goes on.</param>
public sealed record LinkedCaseRejected(Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, Guid ResidentId, string Code) : DomainEvent;
/// <param name="Reason">contractEnded or residentDied.</param>
public sealed record LinkedCaseWithdrawn(Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, Guid ResidentId, string Reason) : DomainEvent;

/// <summary>
/// A case at a counterpart outside. It begins with the event that gives rise to it (a signature, a prescription); its own
/// stream holds only what was answered, so a call that was never recorded is simply made again, under the same id.
/// </summary>
public sealed record LinkedCase(LinkedCaseStatus Status, int Attempts, DateTimeOffset? NextAt) : IState<LinkedCase>
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1), FirstPause = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromHours(6);

    public static Guid IdOf(LinkedCaseKind kind, Guid subjectId) => Ids.Of(subjectId, $"LinkedCase:{kind}");

    public static LinkedCase Evolve(LinkedCase? linked, DomainEvent @event) => (linked, @event) switch
    {
        (null or { Status: LinkedCaseStatus.Waiting }, LinkedCaseDelayed e) => new(LinkedCaseStatus.Waiting, e.Attempts, e.NextAt),
        (null or { Status: LinkedCaseStatus.Waiting }, LinkedCaseAccepted) => new(LinkedCaseStatus.Accepted, linked?.Attempts ?? 0, null),
        (null or { Status: LinkedCaseStatus.Waiting }, LinkedCaseRejected) => new(LinkedCaseStatus.Rejected, linked?.Attempts ?? 0, null),
        (null or { Status: LinkedCaseStatus.Waiting }, LinkedCaseWithdrawn) => new(LinkedCaseStatus.Withdrawn, linked?.Attempts ?? 0, null),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {linked?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>Why there is nothing to ask any more; null while there is.</summary>
    public static string? Over(LinkedCasesOfCity open, Enrolment? resident) => (open.Kind, resident) switch
    {
        (LinkedCaseKind.Prescription, { Death: not null }) => "residentDied",
        (LinkedCaseKind.Prescription, _) => null,
        // An early renewal leaves the old contract in force until its end.
        (_, { Contract: { IsCurrent: true } c }) when c.Id == open.SubjectId || c.StartsOn == open.EndsOn?.AddDays(1) => null,
        _ => "contractEnded",
    };

    /// <summary>A minute, then twice as long each time, six hours at most; what is being worked on is looked at every hour.</summary>
    public static TimeSpan PauseAfter(int attempts, string cause) => cause == "pending" ? LookAgain
        : TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(attempts - 1, 20)));
}
