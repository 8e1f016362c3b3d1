using FamilyDoctor.Policies;

namespace FamilyDoctor.IntegrationEvents.Teams;

/// <param name="DistrictCode">GB/T 2260, six digits; "-" and the name for functional districts without one.</param>
/// <param name="Status">Registered, Active, Suspended or Closed.</param>
public sealed record InstitutionFacts(
    Guid InstitutionId, string Name, string NameEn, string DistrictCode, string Status, double Latitude, double Longitude);

public sealed record InstitutionRegistered(InstitutionFacts Institution) : IntegrationEvent;

public sealed record InstitutionActivated(InstitutionFacts Institution) : IntegrationEvent;

public sealed record InstitutionSuspended(InstitutionFacts Institution, string Reason) : IntegrationEvent;

public sealed record InstitutionResumed(InstitutionFacts Institution) : IntegrationEvent;

/// <param name="Level">1 to 3.</param>
/// <param name="Services">Codes of the services that take referrals.</param>
/// <param name="Equipment">Modality of each large device: CT, MRI, PETCT, endoscopy.</param>
public sealed record HospitalFacts(
    Guid HospitalId, string Name, string NameEn, string DistrictCode, int Level, IReadOnlyList<string> Services, IReadOnlyList<string> Equipment);

public sealed record HospitalRegistered(HospitalFacts Hospital) : IntegrationEvent;

public sealed record HospitalServicePublished(HospitalFacts Hospital) : IntegrationEvent;

/// <param name="Kind">doctor, nurse, publicHealth, volunteer, or another X role of the city.</param>
/// <param name="Stars">0, or 3 to 5.</param>
public sealed record PractitionerFacts(
    Guid PractitionerId, string Kind, Guid InstitutionId, string DistrictCode, int Stars, DateOnly? LicenceValidTo);

public sealed record PractitionerRegistered(PractitionerFacts Practitioner) : IntegrationEvent;

public sealed record LicenceRenewed(PractitionerFacts Practitioner) : IntegrationEvent;

public sealed record LicenceLapsed(PractitionerFacts Practitioner) : IntegrationEvent;

public sealed record StarAwarded(PractitionerFacts Practitioner, int Stars, int Period, DateOnly ValidFrom, DateOnly ValidTo) : IntegrationEvent;

public sealed record StudioOpened(Guid StudioId, Guid LeaderId, Guid TeamId, Guid InstitutionId, string DistrictCode) : IntegrationEvent;

public sealed record TeamMemberFacts(Guid PractitionerId, string Role, double Fte);

/// <param name="Status">Forming, Active, Suspended, Disbanding or Disbanded.</param>
/// <param name="MaxPanel">Contracts the team may hold; 0 before activation.</param>
public sealed record TeamFacts(
    Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, string Status, Guid? LeaderId,
    IReadOnlyList<TeamMemberFacts> Members, int MaxPanel);

public sealed record TeamFormed(TeamFacts Team) : IntegrationEvent;

public sealed record TeamMemberJoined(TeamFacts Team, Guid PractitionerId) : IntegrationEvent;

public sealed record TeamMemberLeft(TeamFacts Team, Guid PractitionerId, DateOnly On, string Reason) : IntegrationEvent;

/// <param name="From">Who led before; the leader now is in the facts.</param>
public sealed record TeamLeadChanged(TeamFacts Team, Guid? From) : IntegrationEvent;

public sealed record TeamActivated(TeamFacts Team) : IntegrationEvent;

public sealed record TeamCapacitySet(TeamFacts Team) : IntegrationEvent;

public sealed record TeamSuspended(TeamFacts Team, string Reason) : IntegrationEvent;

public sealed record TeamResumed(TeamFacts Team) : IntegrationEvent;

/// <summary>A figure from outside (census, hospital visits, insurer) as a fact with its source.</summary>
/// <param name="Figure">usualResidents, hospitalVisits, primaryCareVisits ...</param>
/// <param name="DistrictCode">Null for the whole city.</param>
public sealed record FigureReported(
    string Figure, string? DistrictCode, DateOnly From, DateOnly To, double Value, string Unit, string Source, DateOnly PublishedOn) : IntegrationEvent;

public sealed record PolicyVersionActivated(int Version, DateTimeOffset From, Policy Policy) : IntegrationEvent;

public sealed record CalendarChanged(IReadOnlyList<DateOnly> Holidays, IReadOnlyList<DateOnly> MakeUpDays) : IntegrationEvent;
