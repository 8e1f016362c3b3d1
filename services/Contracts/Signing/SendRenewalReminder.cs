using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Signing;

/// <summary>Renewal opens: the resident is reminded once, by the channel of his choice.</summary>
public static class SendRenewalReminder
{
    public static IEnumerable<DomainEvent> Decide(Enrolment? enrolment, Moment at) =>
        enrolment?.Contract is { Status: ContractStatus.Active or ContractStatus.AwaitingReassignment, RemindAt: { } remindAt } contract
            && remindAt <= at.Now
            ? [new RenewalReminderSent(contract.Id, contract.EndsOn)]
            : [];

    /// <summary>The morning on which renewal opens; null when that lies before the first moment that counts.</summary>
    internal static DateTimeOffset? At(DateOnly endsOn, Moment at, DateTimeOffset from) =>
        at.StartOf(endsOn.AddDays(-at.Policy.RenewalOpensDaysBefore)).AddHours(9) is var morning && morning >= from ? morning : null;
}
