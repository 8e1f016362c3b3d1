using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Dashboard.Tests.Viewing;

public class FoldsCommuteTests
{
    private static readonly List<IntegrationEvent> Said = SampleCity.Messages(scale: 2000);

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Rows_are_the_same_whatever_the_order_and_however_often_a_message_comes(int seed)
    {
        var (random, twice) = (new Random(seed), Said.Concat(Said).ToArray());
        random.Shuffle(twice);

        Same<InstitutionStep>(twice);
        Same<HospitalStep>(twice);
        Same<PractitionerStep>(twice);
        Same<TeamStep>(twice);
        Same<KnownStudio>(twice);
        Same<KnownFigure>(twice);
        Same<KnownContract>(twice);
        Same<KnownAppointment>(twice);
        Same<KnownReferral>(twice);
        Same<KnownDownReferral>(twice);
        Same<KnownExam>(twice);
        Same<KnownQuota>(twice);
        Same<BedCapacityStep>(twice);
        Same<KnownBed>(twice);
        Same<KnownOffer>(twice);
        Same<KnownVisit>(twice);
    }

    /// <summary>Whoever adds a message decides here whether the Dashboard has any use for it.</summary>
    [Fact]
    public void Every_message_of_the_language_is_folded_or_left_aside_on_purpose()
    {
        Type[] aside =
        [
            typeof(PolicyVersionActivated), typeof(CalendarChanged), // kept as copies of the policy book
            typeof(LicenceRenewed), typeof(LicenceLapsed), typeof(QualificationAdded), // no figure rests on licences
            typeof(PractitionerSuspended), typeof(PractitionerResumed), typeof(DepartureAnnounced), // who may not work today is on the staff all the same
            typeof(PractitionerDeparted), typeof(PractitionerMoved), typeof(StudioClosed), // not counted yet: staff and studios that have gone
            typeof(StudioHoursSet), typeof(StarAssessmentOpened), typeof(StarComponentRecorded), // the stars awarded are counted
            typeof(CoverNamed), typeof(AbsenceStarted), typeof(CoverEnded), // no figure rests on absences
            typeof(HelpRequested), typeof(HelpAssigned), typeof(HelpOverdue), typeof(HelpAnswered), typeof(HelpDeclined), typeof(HelpWithdrawn),
            typeof(ComplaintRaised), typeof(ComplaintUpheld), typeof(ComplaintDismissed), typeof(ComplianceFlagRaised), typeof(ComplianceFlagResolved),
            typeof(SurveyAnswered), // not counted yet: K37 and the worklists
            typeof(TeamDisbandmentProgressed), typeof(TeamDisbandmentOverdue), // how far it is, Contracts tells
            typeof(CarePlanRevised), typeof(MissedVisitsEscalated), typeof(VisitEnRoute), typeof(VisitStarted), typeof(LateVisitRecorded), typeof(LateVisitQuarantined),
            typeof(DeteriorationEscalated), // for the clinic's own worklists
            typeof(DischargeBedOfferDeclined), typeof(DischargeBedOfferExpired), // an offer counts from its start; only acceptance is told apart
            typeof(ReassignmentProgressed), typeof(PanelEmptied), typeof(PanelOverCapacityDetected), typeof(ContractTransferred),
            typeof(ContractReassignmentRequired), typeof(ContractReassignmentCancelled), typeof(ContractEnteredInError), typeof(ContractReinstated), // not counted yet: K8 and the team of a transferred contract
            typeof(PriorityGroupAssigned), typeof(PriorityGroupEnded), typeof(ServiceObligationScheduled), typeof(ServiceDelivered),
            typeof(ObligationMissed), // not counted yet: K2 between renewals, K6 and K7
            typeof(ResidentDied), typeof(ResidentDeathReversed), typeof(ResidentsMerged), // their contracts say what there is to count
            typeof(LongPrescriptionIssued), typeof(SessionCancelled), typeof(AppointmentRescheduled), // no figure rests on them
        ];
        var folded = typeof(Knowing).Assembly.GetTypes().Where(t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRow<>)))
            .Select(row => row.GetMethod("Keys")!.CreateDelegate<Func<Recorded, IEnumerable<Guid>>>()).ToList();
        Assert.Equal(Knowing.Views.Count, folded.Count);
        foreach (var type in Subscriptions.AllMessages)
        {
            var message = Folding.Recorded(Blank.Message(type), 0);
            Assert.True(folded.Any(keys => keys(message).Any()) != aside.Contains(type), type.Name);
        }
    }

    private static void Same<T>(IEnumerable<IntegrationEvent> disordered) where T : class, IRow<T>
    {
        var ordered = Said.Fold<T>();
        Assert.NotEmpty(ordered);
        var other = disordered.Fold<T>();
        Assert.Equal(ordered.Count, other.Count);
        foreach (var (id, row) in ordered)
            Assert.Equal(row, other[id]);
    }
}
