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

/// <param name="SuccessorId">Its teams and people move there, each with a message of its own; contracts stay valid.</param>
public sealed record InstitutionClosed(InstitutionFacts Institution, Guid SuccessorId, string Reason) : IntegrationEvent;

/// <param name="From">Those that closed; the institution is the one that goes on.</param>
public sealed record InstitutionsMerged(InstitutionFacts Institution, IReadOnlyList<Guid> From) : IntegrationEvent;

/// <param name="Level">1 to 3.</param>
/// <param name="Services">Codes of the services that take referrals.</param>
/// <param name="Equipment">Modality of each large device: CT, MRI, PETCT, endoscopy.</param>
public sealed record HospitalFacts(
    Guid HospitalId, string Name, string NameEn, string DistrictCode, int Level, IReadOnlyList<string> Services, IReadOnlyList<string> Equipment);

public sealed record HospitalRegistered(HospitalFacts Hospital) : IntegrationEvent;

public sealed record HospitalServicePublished(HospitalFacts Hospital) : IntegrationEvent;

/// <param name="Kind">doctor, nurse, publicHealth, volunteer, or another X role of the city.</param>
/// <param name="Stars">0, or 3 to 5.</param>
/// <param name="Status">Registered (before the first day), Active, Suspended (also without a valid licence) or Departed.</param>
/// <param name="StarsUntil">Last day of the stars; null without any.</param>
public sealed record PractitionerFacts(
    Guid PractitionerId, string Kind, Guid InstitutionId, string DistrictCode, int Stars, DateOnly? LicenceValidTo, string Status = "Active",
    DateOnly? StarsUntil = null);

public sealed record PractitionerRegistered(PractitionerFacts Practitioner) : IntegrationEvent;

/// <summary>The first day of somebody who was registered ahead.</summary>
public sealed record PractitionerActivated(PractitionerFacts Practitioner) : IntegrationEvent;

public sealed record LicenceRenewed(PractitionerFacts Practitioner) : IntegrationEvent;

public sealed record LicenceLapsed(PractitionerFacts Practitioner) : IntegrationEvent;

public sealed record QualificationAdded(PractitionerFacts Practitioner, string Qualification) : IntegrationEvent;

/// <param name="Until">Last day; null until somebody ends it.</param>
public sealed record PractitionerSuspended(PractitionerFacts Practitioner, string Reason, DateOnly? Until) : IntegrationEvent;

public sealed record PractitionerResumed(PractitionerFacts Practitioner) : IntegrationEvent;

/// <param name="From">The institution before; the one now is in the facts.</param>
public sealed record PractitionerMoved(PractitionerFacts Practitioner, Guid From) : IntegrationEvent;

/// <summary>Told ahead: what is planned after the last day needs somebody else.</summary>
public sealed record DepartureAnnounced(PractitionerFacts Practitioner, DateOnly LastDay, string Reason) : IntegrationEvent;

public sealed record PractitionerDeparted(PractitionerFacts Practitioner, DateOnly LastDay, string Reason) : IntegrationEvent;

/// <summary>Somebody is away from a moment to another; whoever covers does his tasks in that time.</summary>
/// <param name="Status">Planned, Away, Over or Cancelled.</param>
public sealed record AbsenceFacts(
    Guid AbsenceId, Guid PractitionerId, Guid CoveredBy, DateTimeOffset From, DateTimeOffset To, string Reason, string Status);

/// <summary>Also when the cover or the end of an absence changes.</summary>
/// <param name="Open">All absences of this person that are not over.</param>
public sealed record CoverNamed(AbsenceFacts Absence, IReadOnlyList<AbsenceFacts>? Open = null) : IntegrationEvent;

/// <summary>From now on no task may be the absent one's.</summary>
/// <param name="Open">All absences of this person that are not over.</param>
public sealed record AbsenceStarted(AbsenceFacts Absence, IReadOnlyList<AbsenceFacts>? Open = null) : IntegrationEvent;

/// <summary>What the cover took over goes back.</summary>
/// <param name="Why">over, returned or cancelled.</param>
/// <param name="Open">All absences of this person that are not over.</param>
public sealed record CoverEnded(AbsenceFacts Absence, string Why, IReadOnlyList<AbsenceFacts>? Open = null) : IntegrationEvent;

/// <param name="Period">The assessed year.</param>
public sealed record StarAssessmentOpened(Guid PractitionerId, int Period) : IntegrationEvent;

public sealed record StarComponentRecorded(Guid PractitionerId, int Period, string Code, double Score) : IntegrationEvent;

public sealed record StarAwarded(PractitionerFacts Practitioner, int Stars, int Period, DateOnly ValidFrom, DateOnly ValidTo) : IntegrationEvent;

/// <param name="Period">The year whose stars are taken back.</param>
public sealed record StarRevoked(PractitionerFacts Practitioner, int Period, int Stars, string Reason) : IntegrationEvent;

public sealed record StudioOpened(Guid StudioId, Guid LeaderId, Guid TeamId, Guid InstitutionId, string DistrictCode) : IntegrationEvent;

public sealed record StudioSession(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes);

/// <summary>When a studio holds sessions of its own, week by week.</summary>
public sealed record StudioHoursSet(Guid StudioId, Guid LeaderId, Guid TeamId, IReadOnlyList<StudioSession> Sessions) : IntegrationEvent;

public sealed record StudioClosed(Guid StudioId, Guid LeaderId, string Reason) : IntegrationEvent;

/// <param name="Kind">safety, service, access, attitude, fee or other.</param>
/// <param name="Status">Raised, Upheld or Dismissed.</param>
public sealed record ComplaintFacts(
    Guid ComplaintId, Guid PractitionerId, Guid? TeamId, Guid InstitutionId, string DistrictCode, string Kind, string Status, DateOnly RaisedOn);

public sealed record ComplaintRaised(ComplaintFacts Complaint) : IntegrationEvent;

public sealed record ComplaintUpheld(ComplaintFacts Complaint, string Finding) : IntegrationEvent;

public sealed record ComplaintDismissed(ComplaintFacts Complaint, string Finding) : IntegrationEvent;

/// <summary>One answer after one visit, of nobody named.</summary>
/// <param name="Score">1 to 5.</param>
public sealed record SurveyAnswered(
    Guid SurveyId, Guid PractitionerId, Guid? TeamId, Guid InstitutionId, string DistrictCode, Guid AppointmentId, int Score) : IntegrationEvent;

public sealed record TeamMemberFacts(Guid PractitionerId, string Role, double Fte);

/// <param name="Status">Forming, Active, Suspended, Disbanding or Disbanded.</param>
/// <param name="MaxPanel">Contracts the team may hold; 0 before activation.</param>
/// <param name="CompositionBreachSince">Since when it has lacked its leader or its nurse.</param>
/// <param name="DistrictIds">Where it signs residents, its own district first.</param>
public sealed record TeamFacts(
    Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, string Status, Guid? LeaderId,
    IReadOnlyList<TeamMemberFacts> Members, int MaxPanel, DateOnly? CompositionBreachSince = null,
    IReadOnlyList<string>? DistrictIds = null);

public sealed record TeamFormed(TeamFacts Team) : IntegrationEvent;

public sealed record TeamMemberJoined(TeamFacts Team, Guid PractitionerId) : IntegrationEvent;

public sealed record TeamMemberLeft(TeamFacts Team, Guid PractitionerId, DateOnly On, string Reason) : IntegrationEvent;

/// <param name="From">Who led before; the leader now is in the facts.</param>
public sealed record TeamLeadChanged(TeamFacts Team, Guid? From) : IntegrationEvent;

public sealed record TeamActivated(TeamFacts Team) : IntegrationEvent;

public sealed record TeamCapacitySet(TeamFacts Team) : IntegrationEvent;

/// <param name="Until">Last day; null until somebody ends it.</param>
public sealed record TeamSuspended(TeamFacts Team, string Reason, DateOnly? Until = null) : IntegrationEvent;

public sealed record TeamResumed(TeamFacts Team) : IntegrationEvent;

/// <param name="Reason">licenceLapsed or suspended.</param>
public sealed record TeamMemberBarred(TeamFacts Team, Guid PractitionerId, string Reason) : IntegrationEvent;

public sealed record TeamMemberCleared(TeamFacts Team, Guid PractitionerId) : IntegrationEvent;

/// <param name="SuspendsAt">It is suspended then, unless it is complete again.</param>
public sealed record TeamCompositionBreached(TeamFacts Team, IReadOnlyList<string> MissingRoles, DateTimeOffset SuspendsAt) : IntegrationEvent;

public sealed record TeamCompositionRestored(TeamFacts Team) : IntegrationEvent;

/// <param name="From">The institution before; the one now is in the facts.</param>
public sealed record TeamRehomed(TeamFacts Team, Guid From) : IntegrationEvent;

/// <param name="EffectiveOn">No resident of the team is left by then.</param>
/// <param name="Successors">Teams that take its residents over; empty when there are none, and contracts end.</param>
public sealed record TeamDisbandmentStarted(
    Guid TeamId, DateOnly EffectiveOn, string Reason, IReadOnlyList<Guid> Successors, TeamFacts? Team = null) : IntegrationEvent;

/// <param name="Remaining">As Contracts counted.</param>
public sealed record TeamDisbandmentProgressed(TeamFacts Team, int Remaining, int Transferred, int Terminated) : IntegrationEvent;

/// <summary>The day has come and contracts remain.</summary>
public sealed record TeamDisbandmentOverdue(TeamFacts Team, int Remaining) : IntegrationEvent;

public sealed record TeamDisbandmentCancelled(Guid TeamId, string? Reason = null, TeamFacts? Team = null) : IntegrationEvent;

/// <param name="OverrideReason">Why it ended although contracts remained.</param>
public sealed record TeamDisbanded(
    Guid TeamId, DateOnly? On = null, int ContractsTransferred = 0, int ContractsTerminated = 0, string? OverrideReason = null, TeamFacts? Team = null)
    : IntegrationEvent;

/// <summary>A question to one of the X of a team.</summary>
/// <param name="Responsible">Whose task it is.</param>
/// <param name="Owner">Who does it now; never somebody absent, null while nobody can.</param>
/// <param name="Status">Open, Answered, Declined or Withdrawn.</param>
public sealed record HelpFacts(
    Guid HelpId, Guid TeamId, string Role, Guid? AskedBy, Guid? ResidentId, string Question, DateTimeOffset DueAt, Guid? Responsible, Guid? Owner, string Status);

public sealed record HelpRequested(HelpFacts Help) : IntegrationEvent;

public sealed record HelpAssigned(HelpFacts Help) : IntegrationEvent;

public sealed record HelpOverdue(HelpFacts Help) : IntegrationEvent;

/// <param name="OnBehalfOf">For whom, when somebody stood in.</param>
public sealed record HelpAnswered(HelpFacts Help, Guid By, Guid? OnBehalfOf, string Outcome) : IntegrationEvent;

/// <param name="OnBehalfOf">For whom, when somebody stood in.</param>
public sealed record HelpDeclined(HelpFacts Help, Guid By, Guid? OnBehalfOf, string Reason) : IntegrationEvent;

public sealed record HelpWithdrawn(HelpFacts Help, string Reason) : IntegrationEvent;

/// <summary>Something was not as the rules have it; nothing is undone, but somebody has to look.</summary>
/// <param name="Reference">Of the case in the service that owns it.</param>
public sealed record ComplianceFlagRaised(
    Guid FlagId, string Kind, Guid? PractitionerId, Guid? TeamId, Guid? InstitutionId, string? Reference) : IntegrationEvent;

public sealed record ComplianceFlagResolved(Guid FlagId, string Resolution) : IntegrationEvent;

/// <summary>A figure from outside (census, hospital visits, insurer) as a fact with its source.</summary>
/// <param name="Figure">usualResidents, hospitalVisits, primaryCareVisits ...</param>
/// <param name="DistrictCode">Null for the whole city.</param>
public sealed record FigureReported(
    string Figure, string? DistrictCode, DateOnly From, DateOnly To, double Value, string Unit, string Source, DateOnly PublishedOn) : IntegrationEvent;

public sealed record PolicyVersionActivated(int Version, DateTimeOffset From, Policy Policy) : IntegrationEvent;

public sealed record CalendarChanged(IReadOnlyList<DateOnly> Holidays, IReadOnlyList<DateOnly> MakeUpDays) : IntegrationEvent;
