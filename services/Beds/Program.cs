using FamilyDoctor.Beds;
using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Covering;
using FamilyDoctor.Beds.Documenting;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Knowing;
using FamilyDoctor.Beds.Offering;
using FamilyDoctor.Beds.Opening;
using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.Beds.Printing;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.AddFamilyDoctor("beds", new EventTypes(BedsEvents.Default, AccessEvents.Default), new BedsOutbound(),
    reactions:
    [
        Reaction.Of<WhenTeamChangedThenBedDoctors, TeamActivated>(), Reaction.Of<WhenTeamChangedThenBedDoctors, TeamCapacitySet>(),
        Reaction.Of<WhenTeamChangedThenBedDoctors, TeamSuspended>(), Reaction.Of<WhenTeamChangedThenBedDoctors, TeamResumed>(),
        Reaction.Of<WhenAbsenceChangedThenVisits, CoverNamed>(), Reaction.Of<WhenAbsenceChangedThenVisits, AbsenceStarted>(),
        Reaction.Of<WhenAbsenceChangedThenVisits, CoverEnded>(),
        Reaction.Of<WhenTeamChangedThenBedDoctors, TeamMemberJoined>(), Reaction.Of<WhenTeamChangedThenBedDoctors, TeamMemberLeft>(),
        Reaction.Of<WhenTeamChangedThenBedDoctors, TeamRehomed>(), Reaction.Of<WhenTeamChangedThenBedDoctors, TeamDisbandmentCancelled>(),
        Reaction.Of<WhenTeamLeadChangedThenBeds, TeamLeadChanged>(),
        Reaction.Of<WhenTeamEndsThenBeds, TeamDisbandmentStarted>(), Reaction.Of<WhenTeamEndsThenBeds, TeamDisbanded>(),
        Reaction.Of<WhenPractitionerChangedThenVisits, DepartureAnnounced>(), Reaction.Of<WhenPractitionerChangedThenVisits, PractitionerDeparted>(),
        Reaction.Of<WhenPractitionerChangedThenVisits, LicenceLapsed>(), Reaction.Of<WhenPractitionerChangedThenVisits, LicenceRenewed>(),
        Reaction.Of<WhenPractitionerChangedThenVisits, PractitionerSuspended>(), Reaction.Of<WhenPractitionerChangedThenVisits, PractitionerResumed>(),
        Reaction.Of<WhenInstitutionRegistered, InstitutionRegistered>(), Reaction.Of<WhenInstitutionClosedThenBeds, InstitutionClosed>(),
        Reaction.Of<WhenContractSigned, ContractSigned>(), Reaction.Of<WhenContractSigned, ContractRenewed>(),
        Reaction.Of<WhenContractSigned, ContractGraceStarted>(),
        Reaction.Of<WhenContractEnded, ContractTerminated>(), Reaction.Of<WhenContractEnded, ContractExpired>(),
        Reaction.Of<WhenContractTransferred, ContractTransferred>(), Reaction.Of<WhenContractTransferred, ContractReinstated>(),
        Reaction.Of<WhenContractTransferred, ContractRehomed>(), Reaction.Of<WhenResidentErasedThenFindings, ResidentErased>(),
        Reaction.Of<WhenResidentDiedThenOffersAndVisits, ResidentDied>(),
        Reaction.Of<WhenPriorityGroupChanged, PriorityGroupAssigned>(), Reaction.Of<WhenPriorityGroupChanged, PriorityGroupEnded>(),
        Reaction.Of<WhenResidentDied, ResidentDied>(), Reaction.Of<WhenResidentDied, ResidentDeathReversed>(),
        Reaction.Of<WhenBedClosedThenVisits, FamilyDoctor.IntegrationEvents.Beds.BedClosed>(),
        Reaction.Of<WhenPatientArrived, PatientArrived>(), Reaction.Of<WhenOutcomeReturned, OutcomeReturned>(),
        Reaction.Of<WhenUrgentStepUpMade, UrgentStepUpMade>(), Reaction.Of<WhenDownReferralProposed, DownReferralProposed>(),
        Reaction.Of<WhenBedAuthorisationAnswered, BedAuthorisationGranted>(), Reaction.Of<WhenBedAuthorisationAnswered, BedAuthorisationRejected>(),
    ],
    views:
    [
        View.Of<BedsOfInstitution>(), View.Of<BedCapacityOfInstitution>(), View.Of<OffersOfInstitution>(), View.Of<VisitsOfPractitioner>(),
        View.Of<OpenVisits>(), View.Of<OpenBeds>(), View.Of<HintsOfInstitution>(),
    ],
    BedsCodes.Statuses);
builder.AddAccess(BedsAccess.Table);
builder.Services.AddSingleton<BedSeats>().AddSingleton<VisitTimes>().AddSingleton<CareContracts>()
    .AddSingleton<Covers>().AddSingleton<WhoWorks>().AddSingleton<Successors>().AddSingleton<HandVisitsOver>().AddSingleton<StaffOfBeds>();
builder.Services.AddHistory().AddLiveLists();

var app = builder.Build();
app.UseFamilyDoctor();
app.MapImports(Importing.Kinds);

app.MapBreakGlass();
app.MapSetBedCapacity();
app.MapRequestBed();
app.MapCancelBedRequest();
app.MapScheduleAssessment();
app.MapRecordAssessment();
app.MapApproveBed();
app.MapJoinBedWaitlist();
app.MapDeclineBed();
app.MapOpenBed();
app.MapReviseCarePlan();
app.MapChangeBedGp();
app.MapRequestExtension();
app.MapApproveExtension();
app.MapPauseBed();
app.MapResumeBed();
app.MapCloseBed();
app.MapOfferDischargeBed();
app.MapAcceptDischargeOffer();
app.MapDeclineDischargeOffer();
app.MapPlanVisit();
app.MapPlanVisits();
app.MapAssignVisit();
app.MapRescheduleVisit();
app.MapSetOutForVisit();
app.MapStartVisit();
app.MapRecordObservation();
app.MapEscalateDeterioration();
app.MapCompleteVisit();
app.MapRefuseVisit();
app.MapRecordNotAtHome();
app.MapMissVisit();
app.MapCancelVisit();
app.MapSyncOfflineVisits();
app.MapReviewLateVisit();
app.MapAddBedDocument();
app.MapAddVisitDocument();
app.MapBedNotice();
app.MapBedPickUp();
app.MapBedDetails();
app.MapBedDocument();
app.MapVisitDocument();
app.MapBedsOfInstitution();
app.MapBedCapacityOfInstitution();
app.MapOffersOfInstitution();
app.MapHintsOfInstitution();
app.MapVisitDetails();
app.MapVisitsOfPractitioner();
app.MapWorklistOfNurse();
app.MapWorklistOfInstitution();
app.MapHistory();
app.MapHistoriesOfBeds();

app.DecideDeadlines(services =>
    Due.Decide(services.GetRequiredService<Runner>(), services.GetRequiredService<IEventStore>(), services.GetRequiredService<BedSeats>()));

await app.RunAsync();

/// <summary>The beds service; public so that tests can start it.</summary>
public partial class Program;
