using FamilyDoctor.Beds;
using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Covering;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Knowing;
using FamilyDoctor.Beds.Offering;
using FamilyDoctor.Beds.Opening;
using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddValidation();
builder.AddFamilyDoctor("beds", new EventTypes(BedsEvents.Default), new BedsOutbound(),
    reactions:
    [
        Reaction.Of<WhenTeamChangedThenBedDoctors, TeamActivated>(), Reaction.Of<WhenTeamChangedThenBedDoctors, TeamCapacitySet>(),
        Reaction.Of<WhenTeamChangedThenBedDoctors, TeamSuspended>(), Reaction.Of<WhenTeamChangedThenBedDoctors, TeamResumed>(),
        Reaction.Of<WhenAbsenceChangedThenVisits, CoverNamed>(), Reaction.Of<WhenAbsenceChangedThenVisits, AbsenceStarted>(),
        Reaction.Of<WhenAbsenceChangedThenVisits, CoverEnded>(),
        Reaction.Of<WhenInstitutionRegistered, InstitutionRegistered>(),
        Reaction.Of<WhenContractSigned, ContractSigned>(), Reaction.Of<WhenContractSigned, ContractRenewed>(),
        Reaction.Of<WhenContractSigned, ContractGraceStarted>(),
        Reaction.Of<WhenContractEnded, ContractTerminated>(), Reaction.Of<WhenContractEnded, ContractExpired>(),
        Reaction.Of<WhenPatientArrived, PatientArrived>(), Reaction.Of<WhenDownReferralProposed, DownReferralProposed>(),
        Reaction.Of<WhenBedAuthorisationAnswered, BedAuthorisationGranted>(), Reaction.Of<WhenBedAuthorisationAnswered, BedAuthorisationRejected>(),
    ],
    views:
    [
        View.Of<BedsOfInstitution>(), View.Of<BedCapacityOfInstitution>(), View.Of<OffersOfInstitution>(), View.Of<VisitsOfPractitioner>(),
    ],
    BedsCodes.Statuses);
builder.Services.AddSingleton<BedSeats>().AddSingleton<VisitTimes>().AddSingleton<CareContracts>()
    .AddSingleton<Covers>().AddSingleton<HandVisitsOver>();

var app = builder.Build();
app.UseFamilyDoctor();
app.MapImports(Importing.Kinds);

app.MapSetBedCapacity();
app.MapRequestBed();
app.MapCancelBedRequest();
app.MapRecordAssessment();
app.MapApproveBed();
app.MapJoinBedWaitlist();
app.MapDeclineBed();
app.MapOpenBed();
app.MapRequestExtension();
app.MapApproveExtension();
app.MapPauseBed();
app.MapResumeBed();
app.MapCloseBed();
app.MapAcceptDischargeOffer();
app.MapDeclineDischargeOffer();
app.MapPlanVisit();
app.MapAssignVisit();
app.MapCompleteVisit();
app.MapMissVisit();
app.MapBedDetails();
app.MapBedsOfInstitution();
app.MapBedCapacityOfInstitution();
app.MapOffersOfInstitution();
app.MapVisitDetails();
app.MapVisitsOfPractitioner();

app.DecideDeadlines(services =>
{
    var runner = services.GetRequiredService<Runner>();
    var store = services.GetRequiredService<IEventStore>();
    var seats = services.GetRequiredService<BedSeats>();
    runner.OnDeadline<BedCapacity>(nameof(GiveFreedSeat), (due, by, ct) => GiveFreedSeat.All(due.StreamId, by, runner, store, ct));
    runner.OnDeadline<FamilyBed>(nameof(WarnOfPeriodEnd), (due, by, ct) => runner.Execute<FamilyBed>(due.StreamId, by, WarnOfPeriodEnd.Decide, ct));
    runner.OnDeadline<FamilyBed>(nameof(CloseOverdueBed), (due, by, ct) =>
        seats.Execute(due.StreamId, by, (bed, _, capacity, at) => CloseOverdueBed.Decide(bed, capacity, at), ct));
    runner.OnDeadline<DischargeBedOffer>(nameof(ExpireDischargeOffer), (due, by, ct) =>
        runner.Execute<DischargeBedOffer>(due.StreamId, by, ExpireDischargeOffer.Decide, ct));
});

await app.RunAsync();

/// <summary>The beds service; public so that tests can start it.</summary>
public partial class Program;
