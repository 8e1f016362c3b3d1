using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams;
using FamilyDoctor.Teams.Forming;
using FamilyDoctor.Teams.Governing;
using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Teams.Registering;
using FamilyDoctor.Teams.Staffing;
using FamilyDoctor.Teams.Viewing;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.AddFamilyDoctor("teams", new EventTypes(TeamsEvents.Default), new TeamsOutbound(),
    reactions: [],
    views: [View.Of<Institutions>(), View.Of<Hospitals>(), View.Of<Practitioners>(), View.Of<TeamsOfInstitution>()],
    TeamsCodes.Statuses);

var app = builder.Build();
app.UseFamilyDoctor();
app.MapImports(Importing.Kinds);

app.MapRegisterInstitution();
app.MapActivateInstitution();
app.MapSuspendInstitution();
app.MapResumeInstitution();
app.MapRegisterHospital();
app.MapPublishHospitalServices();
app.MapAddHospitalEquipment();
app.MapRegisterPractitioner();
app.MapRenewLicence();
app.MapFormTeam();
app.MapAddTeamMember();
app.MapRemoveTeamMember();
app.MapChangeTeamLead();
app.MapActivateTeam();
app.MapSuspendTeam();
app.MapResumeTeam();
app.MapSetTeamCapacity();
app.MapAwardStar();
app.MapOpenStudio();
app.MapReportFigure();
app.MapActivatePolicyVersion();
app.MapChangeCalendar();
app.MapInstitutionDetails();
app.MapInstitutions();
app.MapHospitalDetails();
app.MapHospitals();
app.MapPractitionerDetails();
app.MapPractitioners();
app.MapTeamDetails();
app.MapTeamsOfInstitution();
app.MapPoliciesOfCity();

app.DecideDeadlines(services =>
{
    var runner = services.GetRequiredService<Runner>();
    runner.OnDeadline<Practitioner>(nameof(LapseLicence), (due, by, ct) =>
        runner.Execute<Practitioner>(due.StreamId, by, LapseLicence.Decide, ct));
});

await app.RunAsync();

/// <summary>The teams service; public so that tests can start it.</summary>
public partial class Program;
