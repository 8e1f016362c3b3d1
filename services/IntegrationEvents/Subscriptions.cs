using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.IntegrationEvents;

/// <summary>
/// Who listens to what: the one table from which every service declares all exchanges, queues and bindings before it
/// publishes anything.
/// </summary>
public static class Subscriptions
{
    private static readonly Type[] Policies = [typeof(PolicyVersionActivated), typeof(CalendarChanged)];

    private static readonly Type[] Teams =
        [typeof(TeamActivated), typeof(TeamCapacitySet), typeof(TeamSuspended), typeof(TeamResumed)];

    private static readonly Type[] TeamsGoOn =
        [typeof(TeamLeadChanged), typeof(TeamMemberJoined), typeof(TeamMemberLeft), typeof(TeamRehomed), typeof(TeamDisbandmentStarted),
            typeof(TeamDisbandmentCancelled), typeof(TeamDisbanded)];

    private static readonly Type[] WhoWorks =
        [typeof(DepartureAnnounced), typeof(PractitionerDeparted), typeof(LicenceLapsed), typeof(LicenceRenewed), typeof(PractitionerSuspended),
            typeof(PractitionerResumed)];

    private static readonly Type[] Absences = [typeof(CoverNamed), typeof(AbsenceStarted), typeof(CoverEnded)];

    private static readonly Type[] Contracts =
        [typeof(ContractSigned), typeof(ContractRenewed), typeof(ContractGraceStarted), typeof(ContractExpired), typeof(ContractTerminated)];

    /// <summary>The whole published language.</summary>
    public static IReadOnlyList<Type> AllMessages { get; } =
        [.. typeof(IntegrationEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(IntegrationEvent))).OrderBy(t => t.FullName, StringComparer.Ordinal)];

    public static IReadOnlyDictionary<string, IReadOnlyList<Type>> ByConsumer { get; } = new Dictionary<string, IReadOnlyList<Type>>
    {
        // Teams follows its own directory too: a closed institution, a lapsed licence or an absence concerns teams and tasks.
        ["teams"] = [.. Policies, typeof(InstitutionClosed), typeof(LicenceLapsed), typeof(LicenceRenewed), typeof(PractitionerSuspended),
            typeof(PractitionerResumed), typeof(PractitionerDeparted), .. Absences,
            typeof(TeamMemberLeft), typeof(TeamMemberBarred), typeof(TeamMemberCleared), typeof(TeamCompositionBreached),
            typeof(TeamDisbandmentOverdue), typeof(TeamDisbanded),
            typeof(ContractSigned), typeof(ContractRenewed), typeof(ContractExpired), typeof(ContractTerminated), typeof(ContractTransferred),
            typeof(ContractEnteredInError), typeof(ContractReinstated), typeof(ReassignmentProgressed)],
        ["contracts"] = [.. Policies, .. Teams, typeof(TeamLeadChanged), typeof(TeamRehomed), typeof(StudioHoursSet), typeof(StudioClosed), typeof(InstitutionSuspended), typeof(InstitutionResumed),
            typeof(TeamDisbandmentStarted), typeof(TeamDisbandmentCancelled), typeof(TeamDisbanded),
            // Bookings follow contracts, which are decided without them.
            typeof(ContractTerminated), typeof(ContractExpired), typeof(ContractEnteredInError), typeof(ContractTransferred), typeof(ResidentDied),
            typeof(ResidentErased), typeof(ReferralAuthorised), typeof(BedAuthorisationRequested)],
        ["referrals"] = [.. Policies, .. Teams, .. TeamsGoOn, .. WhoWorks, .. Absences, typeof(HospitalRegistered), typeof(HospitalServicePublished), .. Contracts,
            typeof(ReferralAuthorisationGranted), typeof(ReferralAuthorisationRejected),
            typeof(ContractTransferred), typeof(ContractRehomed), typeof(ContractReinstated), typeof(ContractEnteredInError), typeof(ResidentDied),
            typeof(ResidentDeathReversed), typeof(ResidentErased), typeof(AppointmentFulfilled), typeof(DeteriorationDetected),
            typeof(InstitutionRegistered), typeof(InstitutionActivated), typeof(InstitutionSuspended), typeof(InstitutionResumed), typeof(InstitutionClosed)],
        ["beds"] = [.. Policies, .. Teams, .. TeamsGoOn, .. WhoWorks, .. Absences, typeof(InstitutionRegistered), typeof(InstitutionClosed), .. Contracts,
            typeof(ContractTransferred), typeof(ContractRehomed), typeof(ContractReinstated), typeof(ResidentErased), typeof(PriorityGroupAssigned), typeof(PriorityGroupEnded), typeof(ResidentDied), typeof(ResidentDeathReversed), typeof(BedClosed),
            typeof(PatientArrived), typeof(OutcomeReturned), typeof(UrgentStepUpMade), typeof(DownReferralProposed), typeof(BedAuthorisationGranted), typeof(BedAuthorisationRejected)],
        ["dashboard"] = AllMessages,
    };

    /// <summary>A service must answer exactly the messages of its line; anything else would be lost in silence.</summary>
    public static void Check(string consumer, IEnumerable<Type> answered)
    {
        var difference = answered.ToHashSet();
        difference.SymmetricExceptWith(ByConsumer[consumer]);
        if (difference.Count > 0)
            throw new InvalidOperationException(
                $"'{consumer}' and its line in Subscriptions differ: {string.Join(", ", difference.Select(t => t.Name))}.");
    }
}
