using FamilyDoctor.Contracts;
using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.Contracts.Ending;
using FamilyDoctor.Contracts.Panels;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.AddFamilyDoctor("contracts", new EventTypes(ContractsEvents.Default), new ContractsOutbound(),
    reactions:
    [
        Reaction.Of<WhenTeamChanged, TeamActivated>(), Reaction.Of<WhenTeamChanged, TeamCapacitySet>(),
        Reaction.Of<WhenTeamChanged, TeamSuspended>(), Reaction.Of<WhenTeamChanged, TeamResumed>(),
    ],
    views: [View.Of<ContractsOfTeam>(), View.Of<PanelOfTeam>()],
    ContractsCodes.Statuses);
builder.Services.AddSingleton<ResidentVault>().AddSingleton<Seats>();

var app = builder.Build();
app.UseFamilyDoctor();
app.MapImports(Importing.Kinds);

app.MapRegisterResident();
app.MapAssignPriorityGroup();
app.MapApplyForContract();
app.MapRejectApplication();
app.MapWithdrawApplication();
app.MapConfirmContract();
app.MapRenewContract();
app.MapTerminateContract();
app.MapPublishSession();
app.MapBookAppointment();
app.MapCheckIn();
app.MapCompleteAppointment();
app.MapMarkNoShow();
app.MapCancelAppointment();
app.MapContractDetails();
app.MapContractsOfTeam();
app.MapPanelOfTeam();

app.DecideDeadlines(services =>
{
    var runner = services.GetRequiredService<Runner>();
    var seats = services.GetRequiredService<Seats>();
    runner.OnDeadline<Enrolment>(nameof(LapseApplication), (due, by, ct) =>
        seats.ExecuteOnOwn(due.StreamId, by, (enrolment, panel, _) => LapseApplication.Decide(enrolment, panel), ct));
    runner.OnDeadline<Enrolment>(nameof(StartGrace), (due, by, ct) =>
        runner.Execute<Enrolment>(due.StreamId, by, StartGrace.Decide, ct));
    runner.OnDeadline<Enrolment>(nameof(ExpireContract), (due, by, ct) =>
        seats.ExecuteOnOwn(due.StreamId, by, ExpireContract.Decide, ct));
});

await app.Services.GetRequiredService<ResidentVault>().CreateSchema(CancellationToken.None);
await app.RunAsync();

/// <summary>The contracts service; public so that tests can start it.</summary>
public partial class Program;
