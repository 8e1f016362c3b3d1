using FamilyDoctor.Contracts;
using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Attributing;
using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.Contracts.Ending;
using FamilyDoctor.Contracts.Erasing;
using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.Contracts.Households;
using FamilyDoctor.Contracts.Linking;
using FamilyDoctor.Contracts.Merging;
using FamilyDoctor.Contracts.Panels;
using FamilyDoctor.Contracts.Reassigning;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.Contracts.Transferring;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;
using Told = FamilyDoctor.IntegrationEvents.Contracts;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.AddFamilyDoctor("contracts", new EventTypes(ContractsEvents.Default, AccessEvents.Default), new ContractsOutbound(),
    reactions:
    [
        Reaction.Of<WhenTeamChanged, TeamActivated>(), Reaction.Of<WhenTeamChanged, TeamCapacitySet>(),
        Reaction.Of<WhenTeamChanged, TeamSuspended>(), Reaction.Of<WhenTeamChanged, TeamResumed>(), Reaction.Of<WhenTeamChanged, TeamLeadChanged>(),
        Reaction.Of<WhenTeamRehomed, TeamRehomed>(), Reaction.Of<WhenStudioChanged, StudioHoursSet>(), Reaction.Of<WhenStudioChanged, StudioClosed>(),
        Reaction.Of<WhenInstitutionChanged, InstitutionSuspended>(), Reaction.Of<WhenInstitutionChanged, InstitutionResumed>(),
        Reaction.Of<WhenContractEndedThenBookingsEnd, Told.ContractTerminated>(), Reaction.Of<WhenContractEndedThenBookingsEnd, Told.ContractExpired>(),
        Reaction.Of<WhenContractEndedThenBookingsEnd, Told.ContractEnteredInError>(), Reaction.Of<WhenContractEndedThenBookingsEnd, Told.ContractTransferred>(),
        Reaction.Of<WhenContractEndedThenBookingsEnd, Told.ResidentDied>(), Reaction.Of<WhenResidentErased, Told.ResidentErased>(),
        Reaction.Of<WhenTeamDisbandmentStarted, TeamDisbandmentStarted>(),
        Reaction.Of<WhenTeamDisbandmentCancelled, TeamDisbandmentCancelled>(), Reaction.Of<WhenTeamDisbandedThenHandOver, TeamDisbanded>(),
        Reaction.Of<WhenAuthorisationIsDue, ReferralAuthorised>(), Reaction.Of<WhenAuthorisationIsDue, BedAuthorisationRequested>(),
    ],
    views: [View.Of<ContractsOfTeam>(), View.Of<PanelOfTeam>(), View.Of<ReassignmentOfTeam>(), View.Of<HouseholdMembers>(),
        View.Of<SessionsOfTeam>(), View.Of<BookingsOfResident>(), View.Of<WaitlistOfResident>(), View.Of<LinkedCasesOfCity>(), View.Of<AttributionDifferences>()],
    ContractsCodes.Statuses);
builder.Services.AddSingleton<ResidentVault>().AddSingleton<Duplicates>().AddSingleton<Shredding>().AddSingleton<Seats>().AddSingleton<Packages>().AddSingleton<FollowAge>()
    .AddSingleton<ReassignmentProgress>().AddSingleton<WorkReassignment>().AddSingleton<OfferStudioSessions>();
builder.AddCounterparts();
builder.Services.AddHistory();
builder.AddAccess(ContractsAccess.Table);

var app = builder.Build();
app.UseFamilyDoctor();
app.MapImports(Importing.Kinds);
app.TellWhoRests();

app.MapBreakGlass();
app.MapRegisterResident();
app.MapAddCertificate();
app.MapVerifyEligibility();
app.MapLoseEligibility();
app.MapAssignPriorityGroup();
app.MapEndPriorityGroup();
app.MapNameGuardian();
app.MapReleaseGuardian();
app.MapRecordLegalCapacity();
app.MapJoinHousehold();
app.MapLeaveHousehold();
app.MapApplyForFamily();
app.MapHouseholdMembers();
app.MapMergeResidents();
app.MapDismissDuplicate();
app.MapMergeList();
app.MapApplyForContract();
app.MapRejectApplication();
app.MapWithdrawApplication();
app.MapConfirmContract();
app.MapRenewContract();
app.MapTransferContract();
app.MapAcceptReassignment();
app.MapObjectToReassignment();
app.MapReassignmentOfTeam();
app.MapTerminateContract();
app.MapMarkEnteredInError();
app.MapRecordDeath();
app.MapReverseDeath();
app.MapEraseResident();
app.MapDefinePackage();
app.MapChangePackages();
app.MapScheduleObligations();
app.MapFulfilObligation();
app.MapIssueLongPrescription();
app.MapSetPrice();
app.MapPriceForResident();
app.MapLinkedCasesOfCity();
app.MapAttributionMembers();
app.MapConfirmAttributionList();
app.MapClaimMember();
app.MapAttributionDifferences();
app.MapResolveDifference();
app.MapDraftSession();
app.MapPublishSession();
app.MapCancelSession();
app.MapSessionsOfTeam();
app.MapJoinWaitlist();
app.MapLeaveWaitlist();
app.MapBookAppointment();
app.MapRescheduleAppointment();
app.MapCheckIn();
app.MapCompleteAppointment();
app.MapMarkNoShow();
app.MapCancelAppointment();
app.MapContractDetails();
app.MapContractsOfTeam();
app.MapPanelOfTeam();
app.MapBookingsOfResident();
app.MapWaitlistOfResident();
app.MapHistory();
app.MapHistoriesOfContracts();

app.DecideDeadlines(services =>
{
    var runner = services.GetRequiredService<Runner>();
    var seats = services.GetRequiredService<Seats>();
    var store = services.GetRequiredService<IEventStore>();
    var reassignments = services.GetRequiredService<WorkReassignment>();
    var studios = services.GetRequiredService<OfferStudioSessions>();
    runner.OnDeadline<Enrolment>(nameof(LapseApplication), (due, by, ct) => seats.ExecuteOnOwn(due.StreamId, by, LapseApplication.Decide, ct));
    runner.OnDeadline<Enrolment>(nameof(SendRenewalReminder), (due, by, ct) => runner.Execute<Enrolment>(due.StreamId, by, SendRenewalReminder.Decide, ct));
    runner.OnDeadline<Enrolment>(nameof(StartGrace), (due, by, ct) => seats.ExecuteWithKept(due.StreamId, by, StartGrace.Decide, ct));
    runner.OnDeadline<Enrolment>(nameof(ExpireContract), (due, by, ct) => seats.ExecuteWithKept(due.StreamId, by, ExpireContract.Decide, ct));
    runner.OnDeadline<Enrolment>(nameof(AssumeReassignment), (due, by, ct) => seats.ExecuteWithKept(due.StreamId, by,
        (enrolment, panel, kept, at) => AssumeReassignment.Decide(enrolment, panel, kept, at), ct));
    runner.OnDeadline<Enrolment>(nameof(MissObligation), (due, by, ct) => runner.Execute<Enrolment>(due.StreamId, by, MissObligation.Decide, ct));
    runner.OnDeadline<Enrolment>(nameof(LoseEligibility), (due, by, ct) => runner.Execute<Enrolment>(due.StreamId, by, LoseEligibility.Passed, ct));
    runner.OnDeadline<Enrolment>(nameof(EndPriorityGroup), (due, by, ct) => runner.Execute<Enrolment>(due.StreamId, by, EndPriorityGroup.Passed, ct));
    runner.OnDeadline<ClinicSession>(nameof(OfferWaitlistSlot), (due, by, ct) => runner.Execute<ClinicSession>(due.StreamId, by, OfferWaitlistSlot.Decide, ct));
    runner.OnDeadline<ClinicSession>(nameof(CloseSession), (due, by, ct) => runner.Execute<ClinicSession>(due.StreamId, by, CloseSession.Decide, ct));
    runner.OnDeadline<ClinicSession>(nameof(CancelSession), (due, by, ct) => CancelSession.Clear(due, by, runner, store, ct));
    runner.OnDeadline<TeamReassignment>(nameof(WorkReassignment), (due, by, ct) => reassignments.Work(due.StreamId, by, ct));
    runner.OnDeadline<Studio>(nameof(OfferStudioSessions), (due, by, ct) => studios.Work(due.StreamId, by, ct));
});

await app.Services.GetRequiredService<ResidentVault>().CreateSchema(CancellationToken.None);
await app.RunAsync();

/// <summary>The contracts service; public so that tests can start it.</summary>
public partial class Program;
