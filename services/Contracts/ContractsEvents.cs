using System.Text.Json.Serialization;
using FamilyDoctor.Contracts.Booking;

namespace FamilyDoctor.Contracts;

/// <summary>Every event this service stores. A name stands here for ever; a new shape is a new record beside it.</summary>
[JsonSerializable(typeof(ResidentRegistered))]
[JsonSerializable(typeof(EligibilityVerified))]
[JsonSerializable(typeof(PriorityGroupAssigned))]
[JsonSerializable(typeof(ContractApplied))]
[JsonSerializable(typeof(ContractSigned))]
[JsonSerializable(typeof(ContractApplicationRejected))]
[JsonSerializable(typeof(ContractApplicationWithdrawn))]
[JsonSerializable(typeof(ContractApplicationLapsed))]
[JsonSerializable(typeof(ContractRenewed))]
[JsonSerializable(typeof(ContractGraceStarted))]
[JsonSerializable(typeof(ContractExpired))]
[JsonSerializable(typeof(ContractTerminated))]
[JsonSerializable(typeof(PanelOpened))]
[JsonSerializable(typeof(PanelChanged))]
[JsonSerializable(typeof(PanelSeatReserved))]
[JsonSerializable(typeof(PanelSeatConfirmed))]
[JsonSerializable(typeof(PanelSeatReleased))]
[JsonSerializable(typeof(PanelClosed))]
[JsonSerializable(typeof(SessionPublished))]
[JsonSerializable(typeof(SessionSlotTaken))]
[JsonSerializable(typeof(SessionSlotFreed))]
[JsonSerializable(typeof(AppointmentBooked))]
[JsonSerializable(typeof(ResidentCheckedIn))]
[JsonSerializable(typeof(AppointmentFulfilled))]
[JsonSerializable(typeof(AppointmentNoShow))]
[JsonSerializable(typeof(AppointmentCancelled))]
public sealed partial class ContractsEvents : JsonSerializerContext;
