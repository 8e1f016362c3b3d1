using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Published = FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Contracts;

/// <summary>What Contracts tells the others.</summary>
public sealed class ContractsOutbound : IOutbound
{
    public StreamKind? Needs(DomainEvent @event) => @event switch
    {
        ContractSigned or ContractRenewed or ContractGraceStarted or ContractExpired or ContractTerminated or ContractTransferred
            or ContractReassignmentRequired or ContractReassignmentCancelled or ContractProvisionallyReassigned or ContractEnteredInError
            or ContractReinstated or ContractRehomed or PriorityGroupAssigned or PriorityGroupEnded or ResidentDied or ResidentDeathReversed or ResidentsMerged or ResidentErased
            or ServiceObligationScheduled or ServiceDelivered or ObligationMissed or LongPrescriptionIssued => StreamKind.Of<Enrolment>(),
        AppointmentFulfilled or AppointmentNoShow or AppointmentCancelled or AppointmentRescheduled => StreamKind.Of<Appointment>(),
        _ => null,
    };

    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => state is Enrolment enrolment
        ? OfResident(recorded.Event, enrolment)
        : recorded.Event switch
        {
            AppointmentBooked e => [new Published.AppointmentBooked(Facts(new Appointment(e, AppointmentStatus.Booked)))],
            AppointmentFulfilled e => [new Published.AppointmentFulfilled(Facts((Appointment)state!), e.Outcome.ToString())],
            AppointmentRescheduled => [new Published.AppointmentRescheduled(Facts((Appointment)state!))],
            AppointmentNoShow => [new Published.AppointmentNoShow(Facts((Appointment)state!))],
            AppointmentCancelled e => [new Published.AppointmentCancelled(Facts((Appointment)state!), e.By, e.Reason)],
            SessionCancelled e => [new Published.SessionCancelled(e.SessionId, e.Reason)],
            PanelOverCapacityDetected e => [new Published.PanelOverCapacityDetected(e.TeamId, e.Cap, e.Seats)],
            ReassignmentProgressed e => [new Published.ReassignmentProgressed(e.TeamId, e.Remaining, e.Transferred, e.Terminated)],
            PanelEmptied e => [new Published.PanelEmptied(e.TeamId, e.Transferred, e.Terminated)],
            LinkedCaseAccepted e => Answered(e),
            LinkedCaseRejected e => Answered(e),
            _ => [],
        };

    // That a contract ended or changed its team is told to the insurer; what it says to that concerns nobody else.
    private static IEnumerable<IntegrationEvent> Answered(LinkedCaseAccepted e) => e.Kind switch
    {
        LinkedCaseKind.Enrolment => [new Published.ContractInsuranceLinked(e.SubjectId, e.ResidentId, e.Reference)],
        LinkedCaseKind.Referral => [new Published.ReferralAuthorisationGranted(e.SubjectId, e.Version, e.ResidentId, e.Reference)],
        LinkedCaseKind.Bed => [new Published.BedAuthorisationGranted(e.SubjectId, e.Version, e.ResidentId, e.Reference)],
        LinkedCaseKind.Prescription => [new Published.LongPrescriptionDispensed(e.SubjectId, e.ResidentId, e.Reference)],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> Answered(LinkedCaseRejected e) => e.Kind switch
    {
        LinkedCaseKind.Enrolment => [new Published.ContractInsuranceLinkFailed(e.SubjectId, e.ResidentId, e.Code)],
        LinkedCaseKind.Referral => [new Published.ReferralAuthorisationRejected(e.SubjectId, e.Version, e.ResidentId, e.Code)],
        LinkedCaseKind.Bed => [new Published.BedAuthorisationRejected(e.SubjectId, e.Version, e.ResidentId, e.Code)],
        LinkedCaseKind.Prescription => [new Published.LongPrescriptionRejected(e.SubjectId, e.ResidentId, e.Code)],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> OfResident(DomainEvent @event, Enrolment r) => @event switch
    {
        ContractSigned => [new Published.ContractSigned(Facts(r))],
        ContractRenewed e => [new Published.ContractRenewed(Facts(r), e.OldId, e.GapDays)],
        ContractGraceStarted e => [new Published.ContractGraceStarted(Facts(r), e.Until)],
        ContractExpired => [new Published.ContractExpired(Facts(r))],
        ContractTerminated e => [new Published.ContractTerminated(Facts(r), e.Reason.ToString(), e.EffectiveOn)],
        ContractTransferred e => [new Published.ContractTransferred(Facts(r), e.FromTeam, e.Reason, e.Mandated, false, e.EffectiveOn)],
        ContractProvisionallyReassigned e => [new Published.ContractTransferred(Facts(r), e.FromTeam, "teamDisbanded", true, true, e.EffectiveOn)],
        ContractReassignmentRequired e => [new Published.ContractReassignmentRequired(Facts(r), e.ToTeam, e.ObjectUntil)],
        ContractReassignmentCancelled => [new Published.ContractReassignmentCancelled(Facts(r))],
        ContractEnteredInError e => [new Published.ContractEnteredInError(Facts(r), e.ContractId, e.Reason)],
        // Of an application nobody else knows yet.
        ContractRehomed e => r.Contract is { IsCurrent: true } ? [new Published.ContractRehomed(Facts(r), e.From)] : [],
        ContractReinstated => [new Published.ContractReinstated(Facts(r))],
        // Of who has no contract, others need not know his groups.
        PriorityGroupAssigned e => r.Contract is { IsCurrent: true } ? [new Published.PriorityGroupAssigned(Facts(r), e.Group, e.From)] : [],
        PriorityGroupEnded e => r.Contract is { IsCurrent: true } ? [new Published.PriorityGroupEnded(Facts(r), e.Group, e.On)] : [],
        ResidentErased => [new Published.ResidentErased(r.ResidentId)],
        ResidentDied e => [new Published.ResidentDied(r.ResidentId, e.On)],
        ResidentDeathReversed => [new Published.ResidentDeathReversed(r.ResidentId)],
        ResidentsMerged e when e.DuplicateId == r.ResidentId => [new Published.ResidentsMerged(e.SurvivorId, e.DuplicateId)],
        ServiceObligationScheduled e =>
            [new Published.ServiceObligationScheduled(e.ObligationId, r.ResidentId, e.ContractId, r.Contract!.TeamId, e.PackageId, e.Kind, e.Times, e.DueBy)],
        ServiceDelivered e => [new Published.ServiceDelivered(e.ObligationId, r.ResidentId, r.Contract!.TeamId, e.Mode)],
        ObligationMissed e => [new Published.ObligationMissed(e.ObligationId, r.ResidentId, r.Contract!.TeamId, e.Delivered, e.Times)],
        LongPrescriptionIssued e => [new Published.LongPrescriptionIssued(Facts(r), e.Weeks, e.ConditionCode)],
        _ => [],
    };

    private static Published.ContractFacts Facts(Enrolment enrolment)
    {
        var c = enrolment.Contract!;
        return new(c.Id, enrolment.ResidentId, c.TeamId, c.InstitutionId, enrolment.DistrictCode, c.GpId, c.CoveredSince, c.StartsOn, c.EndsOn,
            c.Status.ToString(), enrolment.PriorityGroups, c.TermBeforeFrom is null ? null : enrolment.ContractIds[^2]);
    }

    private static Published.AppointmentFacts Facts(Appointment appointment)
    {
        var b = appointment.Booking;
        return new(b.AppointmentId, b.SessionId, b.ResidentId, b.ContractId, b.TeamId, b.InstitutionId, b.DistrictCode, b.Type, b.Start,
            appointment.Status.ToString());
    }
}
