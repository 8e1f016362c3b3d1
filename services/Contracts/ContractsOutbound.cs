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
        ContractSigned or ContractRenewed or ContractGraceStarted or ContractExpired or ContractTerminated => StreamKind.Of<Enrolment>(),
        AppointmentFulfilled or AppointmentNoShow or AppointmentCancelled => StreamKind.Of<Appointment>(),
        _ => null,
    };

    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => recorded.Event switch
    {
        ContractSigned => [new Published.ContractSigned(Facts((Enrolment)state!))],
        ContractRenewed e => [new Published.ContractRenewed(Facts((Enrolment)state!), e.OldId, e.GapDays)],
        ContractGraceStarted e => [new Published.ContractGraceStarted(Facts((Enrolment)state!), e.Until)],
        ContractExpired => [new Published.ContractExpired(Facts((Enrolment)state!))],
        ContractTerminated e => [new Published.ContractTerminated(Facts((Enrolment)state!), e.Reason.ToString(), e.EffectiveOn)],
        AppointmentBooked e => [new Published.AppointmentBooked(Facts(new Appointment(e, AppointmentStatus.Booked)))],
        AppointmentFulfilled e => [new Published.AppointmentFulfilled(Facts((Appointment)state!), e.Outcome.ToString())],
        AppointmentNoShow => [new Published.AppointmentNoShow(Facts((Appointment)state!))],
        AppointmentCancelled e => [new Published.AppointmentCancelled(Facts((Appointment)state!), e.By, e.Reason)],
        _ => [],
    };

    private static Published.ContractFacts Facts(Enrolment enrolment)
    {
        var c = enrolment.Contract!;
        return new(c.Id, enrolment.ResidentId, c.TeamId, c.InstitutionId, enrolment.DistrictCode, c.GpId, c.CoveredSince, c.StartsOn, c.EndsOn,
            c.Status.ToString(), enrolment.PriorityGroups);
    }

    private static Published.AppointmentFacts Facts(Appointment appointment)
    {
        var b = appointment.Booking;
        return new(b.AppointmentId, b.SessionId, b.ResidentId, b.ContractId, b.TeamId, b.InstitutionId, b.DistrictCode, b.Type, b.Start,
            appointment.Status.ToString());
    }
}
