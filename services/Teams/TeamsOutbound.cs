using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams;

/// <summary>What Teams tells the others.</summary>
public sealed class TeamsOutbound : IOutbound
{
    public StreamKind? Needs(DomainEvent @event) => @event switch
    {
        InstitutionRegistered or InstitutionActivated or InstitutionSuspended or InstitutionResumed or InstitutionClosed or InstitutionsMerged
            => StreamKind.Of<Institution>(),
        HospitalRegistered or HospitalServicePublished or HospitalEquipmentAdded => StreamKind.Of<Hospital>(),
        PractitionerRegistered or PractitionerActivated or QualificationAdded or LicenceRenewed or LicenceLapsed or PractitionerSuspended or PractitionerResumed
            or PractitionerMoved or DepartureAnnounced or PractitionerDeparted or StarAwarded or StarRevoked or StudioHoursSet => StreamKind.Of<Practitioner>(),
        TeamFormed or TeamMemberJoined or TeamMemberLeft or TeamMemberBarred or TeamMemberCleared or TeamLeadChanged or TeamActivated or TeamCapacitySet
            or TeamSuspended or TeamResumed or TeamCompositionBreached or TeamCompositionRestored or TeamRehomed or TeamDisbandmentStarted
            or TeamDisbandmentProgressed or TeamDisbandmentOverdue or TeamDisbandmentCancelled or TeamDisbanded => StreamKind.Of<Team>(),
        CoverNamed or AbsenceStarted or CoverEnded => StreamKind.Of<Absences>(),
        HelpRequested or HelpAssigned or HelpOverdue or HelpAnswered or HelpDeclined or HelpWithdrawn => StreamKind.Of<HelpRequest>(),
        ComplaintRaised or ComplaintUpheld or ComplaintDismissed => StreamKind.Of<Complaint>(),
        _ => null,
    };

    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => state switch
    {
        Institution institution => Map(recorded.Event, Facts(institution)),
        Hospital hospital => recorded.Event is HospitalRegistered ? [new Published.HospitalRegistered(Facts(hospital))]
            : [new Published.HospitalServicePublished(Facts(hospital))], // a device is offered to others like a service
        Practitioner practitioner => Map(recorded.Event, practitioner, Facts(practitioner, recorded)),
        Team team => Map(recorded.Event, Facts(team)),
        Absences absences => Map(recorded.Event, absences),
        HelpRequest help => Map(recorded.Event, Facts(help)),
        Complaint complaint => Map(recorded.Event, Facts(complaint)),
        _ => Map(recorded.Event),
    };

    private static IEnumerable<IntegrationEvent> Map(DomainEvent @event, Published.InstitutionFacts institution) => @event switch
    {
        InstitutionRegistered => [new Published.InstitutionRegistered(institution)],
        InstitutionActivated => [new Published.InstitutionActivated(institution)],
        InstitutionSuspended e => [new Published.InstitutionSuspended(institution, e.Reason)],
        InstitutionResumed => [new Published.InstitutionResumed(institution)],
        InstitutionClosed e => [new Published.InstitutionClosed(institution, e.SuccessorId, e.Reason)],
        InstitutionsMerged e => [new Published.InstitutionsMerged(institution, e.From)],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> Map(DomainEvent @event, Practitioner p, Published.PractitionerFacts practitioner) => @event switch
    {
        PractitionerRegistered => [new Published.PractitionerRegistered(practitioner)],
        PractitionerActivated => [new Published.PractitionerActivated(practitioner)],
        QualificationAdded e => [new Published.QualificationAdded(practitioner, e.Qualification)],
        LicenceRenewed => [new Published.LicenceRenewed(practitioner)],
        LicenceLapsed => [new Published.LicenceLapsed(practitioner)],
        PractitionerSuspended e => [new Published.PractitionerSuspended(practitioner, e.Reason, e.Until)],
        PractitionerResumed => [new Published.PractitionerResumed(practitioner)],
        PractitionerMoved e => [new Published.PractitionerMoved(practitioner, e.From)],
        DepartureAnnounced e => [new Published.DepartureAnnounced(practitioner, e.LastDay, e.Reason)],
        PractitionerDeparted e => [new Published.PractitionerDeparted(practitioner, e.LastDay, e.Reason)],
        StarAwarded e => [new Published.StarAwarded(practitioner, e.Stars, e.Period, e.ValidFrom, e.ValidTo)],
        StarRevoked e => [new Published.StarRevoked(practitioner, e.Period, e.Stars, e.Reason)],
        StudioHoursSet e => [new Published.StudioHoursSet(e.StudioId, e.LeaderId, p.Studio!.TeamId,
            [.. e.Hours.Select(h => new Published.StudioSession(Enum.Parse<DayOfWeek>(h.Day.ToString()), h.Opens, h.Closes))])],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> Map(DomainEvent @event, Published.TeamFacts team) => @event switch
    {
        TeamFormed => [new Published.TeamFormed(team)],
        TeamMemberJoined e => [new Published.TeamMemberJoined(team, e.PractitionerId)],
        TeamMemberLeft e => [new Published.TeamMemberLeft(team, e.PractitionerId, e.On, e.Reason)],
        TeamMemberBarred e => [new Published.TeamMemberBarred(team, e.PractitionerId, e.Reason)],
        TeamMemberCleared e => [new Published.TeamMemberCleared(team, e.PractitionerId)],
        TeamLeadChanged e => [new Published.TeamLeadChanged(team, e.From)],
        TeamActivated => [new Published.TeamActivated(team)],
        TeamCapacitySet => [new Published.TeamCapacitySet(team)],
        TeamSuspended e => [new Published.TeamSuspended(team, e.Reason, e.Until)],
        TeamResumed => [new Published.TeamResumed(team)],
        TeamCompositionBreached e => [new Published.TeamCompositionBreached(team, e.MissingRoles, e.SuspendsAt)],
        TeamCompositionRestored => [new Published.TeamCompositionRestored(team)],
        TeamRehomed e => [new Published.TeamRehomed(team, e.From)],
        TeamDisbandmentStarted e => [new Published.TeamDisbandmentStarted(e.TeamId, e.EffectiveOn, e.Reason, e.Successors, team)],
        TeamDisbandmentProgressed e => [new Published.TeamDisbandmentProgressed(team, e.Remaining, e.Transferred, e.Terminated)],
        TeamDisbandmentOverdue e => [new Published.TeamDisbandmentOverdue(team, e.Remaining)],
        TeamDisbandmentCancelled e => [new Published.TeamDisbandmentCancelled(e.TeamId, e.Reason, team)],
        TeamDisbanded e => [new Published.TeamDisbanded(e.TeamId, e.On, e.ContractsTransferred, e.ContractsTerminated, e.OverrideReason, team)],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> Map(DomainEvent @event, Absences absences) => @event switch
    {
        CoverNamed e => [new Published.CoverNamed(Facts(absences, e.AbsenceId), Open(absences))],
        AbsenceStarted e => [new Published.AbsenceStarted(Facts(absences, e.AbsenceId), Open(absences))],
        CoverEnded e => [new Published.CoverEnded(Facts(absences, e.AbsenceId), e.Reason, Open(absences))],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> Map(DomainEvent @event, Published.HelpFacts help) => @event switch
    {
        HelpRequested => [new Published.HelpRequested(help)],
        HelpAssigned => [new Published.HelpAssigned(help)],
        HelpOverdue => [new Published.HelpOverdue(help)],
        HelpAnswered e => [new Published.HelpAnswered(help, e.By, e.OnBehalfOf, e.Outcome)],
        HelpDeclined e => [new Published.HelpDeclined(help, e.By, e.OnBehalfOf, e.Reason)],
        HelpWithdrawn e => [new Published.HelpWithdrawn(help, e.Reason)],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> Map(DomainEvent @event, Published.ComplaintFacts complaint) => @event switch
    {
        ComplaintRaised => [new Published.ComplaintRaised(complaint)],
        ComplaintUpheld e => [new Published.ComplaintUpheld(complaint, e.Finding)],
        ComplaintDismissed e => [new Published.ComplaintDismissed(complaint, e.Finding)],
        _ => [],
    };

    private static IEnumerable<IntegrationEvent> Map(DomainEvent @event) => @event switch
    {
        StudioOpened e => [new Published.StudioOpened(e.StudioId, e.LeaderId, e.TeamId, e.InstitutionId, e.DistrictCode)],
        StudioClosed e => [new Published.StudioClosed(e.StudioId, e.LeaderId, e.Reason)],
        StarAssessmentOpened e => [new Published.StarAssessmentOpened(e.PractitionerId, e.Period)],
        StarComponentRecorded e => [new Published.StarComponentRecorded(e.PractitionerId, e.Period, e.Code, (double)e.Score)],
        SurveyAnswered e => [new Published.SurveyAnswered(e.SurveyId, e.PractitionerId, e.TeamId, e.InstitutionId, e.DistrictCode, e.AppointmentId, e.Score)],
        ComplianceFlagRaised e => [new Published.ComplianceFlagRaised(e.FlagId, e.Kind, e.PractitionerId, e.TeamId, e.InstitutionId, e.Reference)],
        ComplianceFlagResolved e => [new Published.ComplianceFlagResolved(e.FlagId, e.Resolution)],
        FigureReported e => [new Published.FigureReported(e.Name, e.DistrictCode, e.From, e.To, e.Value, e.Unit, e.Source, e.PublishedOn)],
        PolicyVersionActivated e => [new Published.PolicyVersionActivated(e.Version, e.From, e.Policy)],
        CalendarChanged e => [new Published.CalendarChanged(e.Holidays, e.MakeUpDays)],
        _ => [],
    };

    private static Published.InstitutionFacts Facts(Institution institution)
    {
        var e = institution.Entry;
        return new(e.InstitutionId, e.Name, e.NameEn, e.DistrictCode, institution.Status.ToString(), e.Latitude, e.Longitude);
    }

    private static Published.HospitalFacts Facts(Hospital hospital)
    {
        var e = hospital.Entry;
        return new(e.HospitalId, e.Name, e.NameEn, e.DistrictCode, e.Level, hospital.Services, [.. hospital.Equipment.Select(d => d.Modality)]);
    }

    private static Published.PractitionerFacts Facts(Practitioner p, Recorded recorded) =>
        p.StarsAt(recorded.OccurredAt) is > 0 and var stars
            ? new(p.Id, p.Kind, p.InstitutionId, p.DistrictCode, stars, p.LicenceValidTo, p.Status.ToString(), p.Awards[^1].ValidTo)
            : new(p.Id, p.Kind, p.InstitutionId, p.DistrictCode, 0, p.LicenceValidTo, p.Status.ToString());

    private static Published.TeamFacts Facts(Team t) => new(t.Id, t.InstitutionId, t.DistrictCode, t.Name, t.NameEn, t.Status.ToString(), t.LeaderId,
        [.. t.Members.Select(m => new Published.TeamMemberFacts(m.PractitionerId, m.Role, (double)m.Fte))], t.MaxPanel, t.CompositionBreachSince, t.Districts);

    private static Published.AbsenceFacts Facts(Absences absences, Guid absenceId)
    {
        var a = absences.Find(absenceId)!;
        return new(a.Id, absences.PractitionerId, a.CoveredBy, a.From, a.To, a.Reason, a.Status.ToString());
    }

    private static List<Published.AbsenceFacts> Open(Absences absences) => [.. absences.All.Where(a => a.IsOpen).Select(a => Facts(absences, a.Id))];

    private static Published.HelpFacts Facts(HelpRequest h)
    {
        var e = h.Asked;
        return new(e.HelpId, e.TeamId, e.Role, e.AskedBy, e.ResidentId, e.Question, e.DueAt, h.Responsible, h.Owner, h.Status.ToString());
    }

    private static Published.ComplaintFacts Facts(Complaint complaint)
    {
        var e = complaint.Entry;
        return new(e.ComplaintId, e.PractitionerId, e.TeamId, e.InstitutionId, e.DistrictCode, e.Kind, complaint.Status.ToString(), e.On);
    }
}
