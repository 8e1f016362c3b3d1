using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams;
using FamilyDoctor.Teams.Closing;
using FamilyDoctor.Teams.Covering;
using FamilyDoctor.Teams.Disbanding;
using FamilyDoctor.Teams.Forming;
using FamilyDoctor.Teams.Governing;
using FamilyDoctor.Teams.Helping;
using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Teams.Registering;
using FamilyDoctor.Teams.Staffing;
using FamilyDoctor.Teams.Viewing;
using Contracts = FamilyDoctor.IntegrationEvents.Contracts;
using Published = FamilyDoctor.IntegrationEvents.Teams;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.Services.AddSingleton<PanelCounts>();
builder.AddFamilyDoctor("teams", new EventTypes(TeamsEvents.Default, AccessEvents.Default), new TeamsOutbound(),
    reactions: [
        Reaction.Of<WhenInstitutionClosed, Published.InstitutionClosed>(),
        Reaction.Of<WhenPractitionerChanged, Published.LicenceLapsed>(), Reaction.Of<WhenPractitionerChanged, Published.LicenceRenewed>(),
        Reaction.Of<WhenPractitionerChanged, Published.PractitionerSuspended>(), Reaction.Of<WhenPractitionerChanged, Published.PractitionerResumed>(),
        Reaction.Of<WhenPractitionerChanged, Published.PractitionerDeparted>(),
        Reaction.Of<WhenSomebodyIsAway, Published.CoverNamed>(), Reaction.Of<WhenSomebodyIsAway, Published.AbsenceStarted>(),
        Reaction.Of<WhenSomebodyIsAway, Published.CoverEnded>(), Reaction.Of<WhenSomebodyIsAway, Published.TeamMemberLeft>(),
        Reaction.Of<WhenSomebodyIsAway, Published.TeamMemberBarred>(), Reaction.Of<WhenSomebodyIsAway, Published.TeamMemberCleared>(),
        Reaction.Of<WhenSomebodyIsAway, Published.LicenceLapsed>(), Reaction.Of<WhenSomebodyIsAway, Published.PractitionerSuspended>(),
        Reaction.Of<WhenSomebodyIsAway, Published.PractitionerDeparted>(),
        Reaction.Of<WhenRulesWereBroken, Published.LicenceLapsed>(), Reaction.Of<WhenRulesWereBroken, Published.TeamCompositionBreached>(),
        Reaction.Of<WhenRulesWereBroken, Published.TeamDisbandmentOverdue>(),
        Reaction.Of<WhenTeamDisbandedThenMembersAreFree, Published.TeamDisbanded>(),
        Reaction.Of<WhenContractChanged, Contracts.ContractSigned>(), Reaction.Of<WhenContractChanged, Contracts.ContractRenewed>(),
        Reaction.Of<WhenContractChanged, Contracts.ContractExpired>(), Reaction.Of<WhenContractChanged, Contracts.ContractTerminated>(),
        Reaction.Of<WhenContractChanged, Contracts.ContractTransferred>(), Reaction.Of<WhenContractChanged, Contracts.ContractEnteredInError>(),
        Reaction.Of<WhenContractChanged, Contracts.ContractReinstated>(),
        Reaction.Of<WhenReassignmentProgressed, Contracts.ReassignmentProgressed>(),
    ],
    views: [
        View.Of<Institutions>(), View.Of<Hospitals>(), View.Of<Practitioners>(), View.Of<TeamsOfInstitution>(), View.Of<AbsencesOfPractitioner>(),
        View.Of<HelpRequests>(), View.Of<StarAssessments>(), View.Of<Studios>(), View.Of<Complaints>(), View.Of<ComplianceFlags>(),
    ],
    TeamsCodes.Statuses);
builder.Services.AddHostedService<ConfigurePolicy>();
builder.Services.AddHistory();
builder.AddAccess(TeamsAccess.Table);

var app = builder.Build();
app.UseFamilyDoctor();
app.MapImports(Importing.Kinds);

app.MapAccesses();
app.MapRegisterInstitution();
app.MapActivateInstitution();
app.MapSuspendInstitution();
app.MapResumeInstitution();
app.MapCloseInstitution();
app.MapMergeInstitutions();
app.MapRegisterHospital();
app.MapPublishHospitalServices();
app.MapAddHospitalEquipment();
app.MapRegisterPractitioner();
app.MapAddQualification();
app.MapRenewLicence();
app.MapSuspendPractitioner();
app.MapResumePractitioner();
app.MapMovePractitioner();
app.MapRecordDeparture();
app.MapRecordAbsence();
app.MapChangeCover();
app.MapEndAbsence();
app.MapFormTeam();
app.MapAddTeamMember();
app.MapRemoveTeamMember();
app.MapChangeTeamLead();
app.MapActivateTeam();
app.MapSuspendTeam();
app.MapResumeTeam();
app.MapSetTeamCapacity();
app.MapStartDisbandment();
app.MapCancelDisbandment();
app.MapCompleteDisbandment();
app.MapRequestHelp();
app.MapAnswerHelp();
app.MapDeclineHelp();
app.MapWithdrawHelp();
app.MapOpenStarAssessment();
app.MapRecordStarComponent();
app.MapAwardStar();
app.MapRevokeStar();
app.MapOpenStudio();
app.MapSetStudioHours();
app.MapCloseStudio();
app.MapRaiseComplaint();
app.MapUpholdComplaint();
app.MapDismissComplaint();
app.MapAnswerSurvey();
app.MapRaiseComplianceFlag();
app.MapResolveComplianceFlag();
app.MapReportFigure();
app.MapActivatePolicyVersion();
app.MapChangeCalendar();
app.MapInstitutionDetails();
app.MapInstitutions();
app.MapHospitalDetails();
app.MapHospitals();
app.MapPractitionerDetails();
app.MapPractitioners();
app.MapAbsencesOfPractitioner();
app.MapTeamDetails();
app.MapTeamsOfInstitution();
app.MapHelpRequestDetails();
app.MapHelpRequests();
app.MapAssessmentOfYear();
app.MapStarAssessments();
app.MapStudios();
app.MapComplaints();
app.MapComplianceFlags();
app.MapPoliciesOfCity();
app.MapCalendarOfCity();
app.MapHistory();
app.MapHistoriesOfTeams();

app.DecideDeadlines(services =>
{
    var runner = services.GetRequiredService<Runner>();
    Due.Decide(runner, services.GetRequiredService<IEventStore>());
});

await app.RunAsync();

/// <summary>The teams service; public so that tests can start it.</summary>
public partial class Program;
