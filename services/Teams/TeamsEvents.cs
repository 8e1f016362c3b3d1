using System.Text.Json.Serialization;

namespace FamilyDoctor.Teams;

/// <summary>Every event this service stores. A name stands here for ever; a new shape is a new record beside it.</summary>
[JsonSerializable(typeof(InstitutionRegistered))]
[JsonSerializable(typeof(InstitutionActivated))]
[JsonSerializable(typeof(InstitutionSuspended))]
[JsonSerializable(typeof(InstitutionResumed))]
[JsonSerializable(typeof(HospitalRegistered))]
[JsonSerializable(typeof(HospitalServicePublished))]
[JsonSerializable(typeof(HospitalEquipmentAdded))]
[JsonSerializable(typeof(PractitionerRegistered))]
[JsonSerializable(typeof(LicenceRenewed))]
[JsonSerializable(typeof(LicenceLapsed))]
[JsonSerializable(typeof(StarAwarded))]
[JsonSerializable(typeof(StudioOpened))]
[JsonSerializable(typeof(PractitionerAssigned))]
[JsonSerializable(typeof(PractitionerReleased))]
[JsonSerializable(typeof(LeadTaken))]
[JsonSerializable(typeof(LeadReleased))]
[JsonSerializable(typeof(TeamFormed))]
[JsonSerializable(typeof(TeamMemberJoined))]
[JsonSerializable(typeof(TeamMemberLeft))]
[JsonSerializable(typeof(TeamLeadChanged))]
[JsonSerializable(typeof(TeamActivated))]
[JsonSerializable(typeof(TeamCapacitySet))]
[JsonSerializable(typeof(TeamSuspended))]
[JsonSerializable(typeof(TeamResumed))]
[JsonSerializable(typeof(FigureReported))]
[JsonSerializable(typeof(PolicyVersionActivated))]
[JsonSerializable(typeof(CalendarChanged))]
public sealed partial class TeamsEvents : JsonSerializerContext;
