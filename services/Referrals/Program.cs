using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Covering;
using FamilyDoctor.Referrals.Documenting;
using FamilyDoctor.Referrals.Examining;
using FamilyDoctor.Referrals.Printing;
using FamilyDoctor.Referrals.Quotas;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Referrals.Returning;
using FamilyDoctor.Referrals.Viewing;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.AddFamilyDoctor("referrals", new EventTypes(ReferralsEvents.Default, AccessEvents.Default), new ReferralsOutbound(),
    reactions:
    [
        Reaction.Of<WhenContractChangedThenReferralRight, ContractSigned>(), Reaction.Of<WhenContractChangedThenReferralRight, ContractRenewed>(),
        Reaction.Of<WhenContractChangedThenReferralRight, ContractGraceStarted>(), Reaction.Of<WhenContractChangedThenReferralRight, ContractExpired>(),
        Reaction.Of<WhenContractChangedThenReferralRight, ContractTerminated>(), Reaction.Of<WhenContractChangedThenReferralRight, ContractReinstated>(),
        Reaction.Of<WhenContractChangedThenReferralRight, ContractEnteredInError>(), Reaction.Of<WhenContractTransferredThenOwner, ContractTransferred>(),
        Reaction.Of<WhenContractTransferredThenOwner, ContractRehomed>(),
        Reaction.Of<WhenResidentDiedThenCancelled, ResidentDied>(), Reaction.Of<WhenDeathReversedThenReopened, ResidentDeathReversed>(),
        Reaction.Of<WhenResidentErasedThenLetters, ResidentErased>(),
        Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamActivated>(), Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamCapacitySet>(),
        Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamSuspended>(), Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamResumed>(),
        Reaction.Of<WhenCalendarChangedThenClocks, CalendarChanged>(),
        Reaction.Of<WhenAbsenceChangedThenCover, CoverNamed>(), Reaction.Of<WhenAbsenceChangedThenCover, AbsenceStarted>(),
        Reaction.Of<WhenAbsenceChangedThenCover, CoverEnded>(), Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamLeadChanged>(),
        Reaction.Of<WhenHospitalChangedThenServices, HospitalRegistered>(), Reaction.Of<WhenHospitalChangedThenServices, HospitalServicePublished>(),
        Reaction.Of<WhenInstitutionChangedThenWhoTakesBack, InstitutionRegistered>(), Reaction.Of<WhenInstitutionChangedThenWhoTakesBack, InstitutionActivated>(),
        Reaction.Of<WhenInstitutionChangedThenWhoTakesBack, InstitutionSuspended>(), Reaction.Of<WhenInstitutionChangedThenWhoTakesBack, InstitutionResumed>(),
        Reaction.Of<WhenInstitutionClosedThenCases, InstitutionClosed>(),
        Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamMemberJoined>(), Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamMemberLeft>(),
        Reaction.Of<WhenTeamChangedThenPanelDoctors, TeamDisbandmentCancelled>(),
        Reaction.Of<WhenTeamEndsThenSuccessor, TeamDisbandmentStarted>(), Reaction.Of<WhenTeamEndsThenSuccessor, TeamDisbanded>(),
        Reaction.Of<WhenTeamRehomedThenOwner, TeamRehomed>(),
        Reaction.Of<WhenPractitionerChangedThenOwner, DepartureAnnounced>(), Reaction.Of<WhenPractitionerChangedThenOwner, PractitionerDeparted>(),
        Reaction.Of<WhenPractitionerChangedThenOwner, LicenceLapsed>(), Reaction.Of<WhenPractitionerChangedThenOwner, LicenceRenewed>(),
        Reaction.Of<WhenPractitionerChangedThenOwner, PractitionerSuspended>(), Reaction.Of<WhenPractitionerChangedThenOwner, PractitionerResumed>(),
        Reaction.Of<WhenDeteriorationDetected, DeteriorationDetected>(), Reaction.Of<WhenAppointmentFulfilled, AppointmentFulfilled>(),
        Reaction.Of<WhenReferralAuthorisationAnswered, ReferralAuthorisationGranted>(),
        Reaction.Of<WhenReferralAuthorisationAnswered, ReferralAuthorisationRejected>(),
    ],
    views: [View.Of<QuotaDays>(), View.Of<ExamDays>(), View.Of<HospitalWorklist>(), View.Of<TeamWorklist>(), View.Of<ExamDesk>(), View.Of<DistrictWorklist>()],
    ReferralsCodes.Statuses);
builder.AddAccess(ReferralsAccess.Table);
builder.Services.AddSingleton<SlotsOfReferrals>().AddSingleton<ReferralLetters>().AddSingleton<Importing>();
builder.Services.AddSingleton<FreeSlots>().AddSingleton<TellOfWithdrawal>().AddSingleton<CasesOfResident>()
    .AddSingleton<MoveClocks>().AddSingleton<Covers>().AddSingleton<WhoWorks>().AddSingleton<Successors>().AddSingleton<WhoSeesToIt>()
    .AddSingleton<GreenChannel>().AddSingleton<TellOfExamWithdrawal>();
builder.Services.AddHistory().AddLiveLists();

var app = builder.Build();
app.UseFamilyDoctor();
app.MapImports(services => services.GetRequiredService<Importing>().Kinds());

app.MapBreakGlass();
app.MapPublishQuota();
app.MapWithdrawSlots();
app.MapDraftReferral();
app.MapMergeIntoReferral();
app.MapHoldSlot();
app.MapReleaseHold();
app.MapSubmitReferral();
app.MapSupplyInformation();
app.MapRescheduleReferral();
app.MapRebook();
app.MapCancelReferral();
app.MapAcceptReferral();
app.MapAcceptToWaitlist();
app.MapRequestInformation();
app.MapAdviseInstead();
app.MapDeclineReferral();
app.MapRecordArrival();
app.MapMarkReferralNoShow();
app.MapReturnOutcome();
app.MapAcknowledgeOutcome();
app.MapCloseReferral();
app.MapProposeDownReferral();
app.MapAcceptDownReferral();
app.MapDeclineDownReferral();
app.MapReassignDownReferral();
app.MapRecordFirstContact();
app.MapCloseDownReferral();
app.MapOpenExamBook();
app.MapRequestExam();
app.MapConfirmExam();
app.MapRecordExamArrival();
app.MapRecordExamPerformed();
app.MapReturnExamReport();
app.MapAcknowledgeExam();
app.MapAcknowledgeCritical();
app.MapRescheduleExam();
app.MapWithdrawExamSlots();
app.MapCancelExam();
app.MapRejectExam();
app.MapMarkExamNoShow();
app.MapAddReferralDocument();
app.MapAddDownReferralDocument();
app.MapAddExamDocument();
app.MapReferralSlip();
app.MapExamSlip();
app.MapPickUp();
app.MapReferralDetails();
app.MapReferralDocument();
app.MapDownReferralDocument();
app.MapExamDocument();
app.MapDownReferralDetails();
app.MapExamDetails();
app.MapHospitalWorklist();
app.MapTeamWorklist();
app.MapWorklistOfDoctor();
app.MapExamDesk();
app.MapDistrictWorklist();
app.MapHistory();
app.MapHistoriesOfReferrals();
app.MapQuotaDays();
app.MapExamDays();

app.DecideDeadlines(services =>
{
    var runner = services.GetRequiredService<Runner>();
    var book = services.GetRequiredService<PolicyBook>();
    var clocks = services.GetRequiredService<MoveClocks>();
    runner.OnDeadline<QuotaBook>(nameof(ExpireHolds), (due, by, ct) => runner.Execute<QuotaBook>(due.StreamId, by, ExpireHolds.Decide, ct));
    runner.OnDeadline<QuotaBook>(nameof(ReleasePoolToPublic), (due, by, ct) => runner.Execute<QuotaBook>(due.StreamId, by, ReleasePoolToPublic.Decide, ct));
    var tell = services.GetRequiredService<TellOfWithdrawal>();
    runner.OnDeadline<QuotaBook>(nameof(TellOfWithdrawal), (due, by, ct) => tell.Work(due.StreamId, by, ct));
    var tellExams = services.GetRequiredService<TellOfExamWithdrawal>();
    runner.OnDeadline<ExamBook>(nameof(TellOfExamWithdrawal), (due, by, ct) => tellExams.Work(due.StreamId, by, ct));
    runner.OnDeadline<Exam>(nameof(EscalateCritical), (due, by, ct) => runner.Execute<Exam>(due.StreamId, by, EscalateCritical.Decide, ct));
    runner.OnDeadline<Referral>(nameof(EscalateReferral), (due, by, ct) =>
        runner.Execute<Referral>(due.StreamId, by, (referral, at) => EscalateReferral.Decide(referral, at, book.At), ct));
    runner.OnDeadline<Referral>(nameof(LapsePrefilledReferral), (due, by, ct) => runner.Execute<Referral>(due.StreamId, by, LapsePrefilledReferral.Decide, ct));
    runner.OnDeadline<OpenClocks>(nameof(MoveClocks), (_, by, ct) => clocks.Work(by, ct));
    runner.OnDeadline<DownReferral>(nameof(EscalateDownReferral), (due, by, ct) =>
        runner.Execute<DownReferral>(due.StreamId, by, EscalateDownReferral.Decide, ct));
});

await app.RunAsync();

/// <summary>The referrals service; public so that tests can start it.</summary>
public partial class Program;
