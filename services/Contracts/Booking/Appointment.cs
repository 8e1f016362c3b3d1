using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Booking;

public sealed record AppointmentBooked(
    Guid AppointmentId, Guid SessionId, int Slot, Guid ResidentId, Guid ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type,
    DateTimeOffset Start, DateTimeOffset End) : DomainEvent;
/// <summary>It moved to another slot; the facts are those of the new one.</summary>
public sealed record AppointmentRescheduled(
    Guid AppointmentId, Guid SessionId, int Slot, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, DateTimeOffset End)
    : DomainEvent;
public sealed record ResidentCheckedIn(Guid AppointmentId) : DomainEvent;
public sealed record AppointmentFulfilled(Guid AppointmentId, AppointmentOutcome Outcome) : DomainEvent;
public sealed record AppointmentNoShow(Guid AppointmentId) : DomainEvent;
/// <param name="NoticeHours">Whole hours before the start; negative after it.</param>
public sealed record AppointmentCancelled(Guid AppointmentId, string By, string Reason, int NoticeHours) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<AppointmentOutcome>))]
public enum AppointmentOutcome { Advice, Prescription, FollowUp, Referral }

[JsonConverter(typeof(JsonStringEnumConverter<AppointmentStatus>))]
public enum AppointmentStatus { Booked, CheckedIn, Fulfilled, NoShow, Cancelled }

/// <summary>A resident's time with his team, from booking to its outcome. What can follow from where: Appointment.states.md.</summary>
public sealed record Appointment(AppointmentBooked Booking, AppointmentStatus Status) : IState<Appointment>
{
    public static Appointment Evolve(Appointment? appointment, DomainEvent @event) => (appointment, @event) switch
    {
        (null, AppointmentBooked e) => new(e, AppointmentStatus.Booked),
        ({ Status: AppointmentStatus.Booked } a, AppointmentRescheduled e) => a with
        {
            Booking = a.Booking with
            {
                SessionId = e.SessionId,
                Slot = e.Slot,
                TeamId = e.TeamId,
                InstitutionId = e.InstitutionId,
                DistrictCode = e.DistrictCode,
                Type = e.Type,
                Start = e.Start,
                End = e.End,
            },
        },
        ({ Status: AppointmentStatus.Booked } a, ResidentCheckedIn) => a with { Status = AppointmentStatus.CheckedIn },
        ({ Status: AppointmentStatus.CheckedIn } a, AppointmentFulfilled) => a with { Status = AppointmentStatus.Fulfilled },
        ({ Status: AppointmentStatus.Booked } a, AppointmentNoShow) => a with { Status = AppointmentStatus.NoShow },
        ({ Status: AppointmentStatus.Booked or AppointmentStatus.CheckedIn } a, AppointmentCancelled) => a with { Status = AppointmentStatus.Cancelled },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {appointment?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Appointment? appointment, AppointmentStatus to, params AppointmentStatus[] from)
    {
        if (appointment is null)
            throw new UnknownId();
        if (appointment.Status == to)
            return false;
        return from.Contains(appointment.Status) ? true : throw new RuleBroken("INVALID_TRANSITION",
            $"This is not possible for an appointment that is {appointment.Status}.",
            new { state = appointment.Status.ToString(), allowed = from.Select(s => s.ToString()) });
    }
}
