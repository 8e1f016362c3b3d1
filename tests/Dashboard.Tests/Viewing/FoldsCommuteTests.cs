using FamilyDoctor.Dashboard.Explaining;
using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
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
        Same<KnownSurvey>(twice);
        Same<CareGapStep>(twice);
        Same<KnownObligation>(twice);
        Same<KnownService>(twice);
    }

    /// <summary>Whoever adds a message decides here whether the Dashboard has any use for it.</summary>
    [Fact]
    public void Every_message_of_the_language_is_folded_or_left_aside_on_purpose()
    {
        Type[] aside =
        [
            typeof(PolicyVersionActivated), typeof(CalendarChanged), // kept as copies of the policy book
            typeof(QualificationAdded), typeof(DepartureAnnounced), // whoever will leave is on the staff to his last day
            typeof(StudioHoursSet), typeof(StarAssessmentOpened), typeof(StarComponentRecorded), // the stars awarded are counted
            typeof(CoverNamed), typeof(AbsenceStarted), typeof(CoverEnded), // no figure rests on absences
            typeof(HelpRequested), typeof(HelpAssigned), typeof(HelpOverdue), typeof(HelpAnswered), typeof(HelpDeclined), typeof(HelpWithdrawn),
            typeof(ComplaintRaised), typeof(ComplaintUpheld), typeof(ComplaintDismissed), typeof(ComplianceFlagRaised), typeof(ComplianceFlagResolved),
            typeof(TeamDisbandmentProgressed), typeof(TeamDisbandmentOverdue), // how far it is, Contracts tells
            typeof(CarePlanRevised), typeof(MissedVisitsEscalated), typeof(VisitEnRoute), typeof(VisitStarted), typeof(LateVisitRecorded), typeof(LateVisitQuarantined),
            typeof(DeteriorationEscalated), // for the clinic's own worklists
            typeof(DischargeBedOfferDeclined), typeof(DischargeBedOfferExpired), // an offer counts from its start; only acceptance is told apart
            typeof(ReassignmentProgressed), typeof(PanelEmptied), typeof(PanelOverCapacityDetected), // each contract tells of its own team
            typeof(ObligationMissed), // what was due and what was given is counted
            typeof(ResidentDied), typeof(ResidentDeathReversed), typeof(ResidentsMerged), typeof(ResidentErased), // their contracts say what there is to count
            typeof(LongPrescriptionIssued), typeof(SessionCancelled), typeof(AppointmentRescheduled), // no figure rests on them
            typeof(ContractInsuranceLinked), typeof(ContractInsuranceLinkFailed),
            typeof(LongPrescriptionDispensed), typeof(LongPrescriptionRejected), typeof(ReferralAuthorised), typeof(ReferralAuthorisationGranted),
            typeof(ReferralAuthorisationRejected), typeof(BedAuthorisationRequested), typeof(BedAuthorisationGranted), typeof(BedAuthorisationRejected), // what is outstanding or rejected Contracts lists itself
        ];
        var folded = typeof(Knowing).Assembly.GetTypes().Where(t => t.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRow<>)))
            .Where(row => row != typeof(StoryLine)) // stories are made of all messages
            .Select(row => row.GetMethod("Keys")!.CreateDelegate<Func<Recorded, IEnumerable<Guid>>>()).ToList();
        Assert.Equal(Knowing.Views.Count - 1, folded.Count);
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
