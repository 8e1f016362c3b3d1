using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Dashboard.Viewing;

/// <summary>One term of a resident's contract, and how it went out of force.</summary>
/// <param name="LeavesOn">First day on which a successor or a termination stands in its place.</param>
/// <param name="ExpiredAt">The local midnight at which grace ran out.</param>
/// <param name="Version">Of the facts; 0 when only a renewal of this contract is known yet.</param>
/// <param name="TeamVersion">Of the message that named the team: a transfer also concerns the term that still runs when the next is agreed.</param>
public sealed record KnownContract(
    Guid Id, Guid? ResidentId, Guid? TeamId, Guid? InstitutionId, string DistrictCode, DateOnly? StartsOn, DateOnly? EndsOn,
    int PriorityGroups, bool SignedAnew, DateOnly? GraceUntil, DateOnly? LeavesOn, DateTimeOffset? ExpiredAt, bool Renewed,
    string? EndReason, long Version, long TeamVersion) : IRow<KnownContract>
{
    static int IRow<KnownContract>.Version => 2;

    public static IEnumerable<string> Indexes => ["district_code", "starts_on"];

    private static ContractFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        ContractSigned m => m.Contract,
        ContractRenewed m => m.Contract,
        ContractGraceStarted m => m.Contract,
        ContractExpired m => m.Contract,
        ContractTerminated m => m.Contract,
        ContractTransferred m => m.Contract,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Message() switch
    {
        ContractRenewed m => [m.Contract.ContractId, m.OldContractId],
        ContractTerminated { Contract: { TermBefore: { } before } facts } m when m.EffectiveOn < facts.StartsOn => [facts.ContractId, before],
        ContractTransferred { Contract: { TermBefore: { } before } facts } m when m.EffectiveOn < facts.StartsOn => [facts.ContractId, before],
        var m => FactsOf(m) is { } facts ? [facts.ContractId] : [],
    };

    public static KnownContract Evolve(KnownContract? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, null, null, null, "", null, null, 0, false, null, null, null, false, null, 0, 0);
        if (facts.ContractId == id && message.StreamVersion > row.Version)
        {
            row = row with
            {
                ResidentId = facts.ResidentId,
                DistrictCode = facts.DistrictCode,
                StartsOn = facts.StartsOn,
                EndsOn = facts.EndsOn,
                PriorityGroups = facts.PriorityGroups.Count,
                Version = message.StreamVersion,
            };
        }
        // Of the term before, only a transfer tells anything new about the team.
        if ((facts.ContractId == id || message is ContractTransferred) && message.StreamVersion > row.TeamVersion)
            row = row with { TeamId = facts.TeamId, InstitutionId = facts.InstitutionId, TeamVersion = message.StreamVersion };
        return message switch
        {
            ContractSigned => row with { SignedAnew = true },
            ContractRenewed m when m.OldContractId == id =>
                row with { Renewed = true, LeavesOn = Knowing.Earliest(row.LeavesOn, m.Contract.StartsOn) },
            ContractGraceStarted m => row with { GraceUntil = m.Until },
            ContractExpired m => row with { ExpiredAt = Knowing.Earliest(row.ExpiredAt, m.OccurredAt) },
            ContractTerminated m => row with { LeavesOn = Knowing.Earliest(row.LeavesOn, m.EffectiveOn), EndReason = m.Reason },
            _ => row,
        };
    }
}

/// <summary>An appointment of a contracted resident, with the moment of each thing that happened to it.</summary>
public sealed record KnownAppointment(
    Guid Id, Guid TeamId, Guid InstitutionId, string DistrictCode, DateTimeOffset? BookedAt, DateTimeOffset? FulfilledAt,
    DateTimeOffset? NoShowAt, DateTimeOffset? CancelledAt) : IRow<KnownAppointment>
{
    public static IEnumerable<string> Indexes => ["booked_at", "fulfilled_at"];

    private static AppointmentFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        AppointmentBooked m => m.Appointment,
        AppointmentFulfilled m => m.Appointment,
        AppointmentNoShow m => m.Appointment,
        AppointmentCancelled m => m.Appointment,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) =>
        FactsOf(recorded.Message()) is { } facts ? [facts.AppointmentId] : [];

    public static KnownAppointment Evolve(KnownAppointment? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, facts.TeamId, facts.InstitutionId, facts.DistrictCode, null, null, null, null);
        return message switch
        {
            AppointmentBooked => row with { BookedAt = Knowing.Earliest(row.BookedAt, message.OccurredAt) },
            AppointmentFulfilled => row with { FulfilledAt = Knowing.Earliest(row.FulfilledAt, message.OccurredAt) },
            AppointmentNoShow => row with { NoShowAt = Knowing.Earliest(row.NoShowAt, message.OccurredAt) },
            _ => row with { CancelledAt = Knowing.Earliest(row.CancelledAt, message.OccurredAt) },
        };
    }
}
