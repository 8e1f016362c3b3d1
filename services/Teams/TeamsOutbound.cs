using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams;

/// <summary>What Teams tells the others.</summary>
public sealed class TeamsOutbound : IOutbound
{
    public StreamKind? Needs(DomainEvent @event) => @event switch
    {
        InstitutionRegistered or InstitutionActivated or InstitutionSuspended or InstitutionResumed => StreamKind.Of<Institution>(),
        HospitalRegistered or HospitalServicePublished or HospitalEquipmentAdded => StreamKind.Of<Hospital>(),
        PractitionerRegistered or LicenceRenewed or LicenceLapsed or StarAwarded => StreamKind.Of<Practitioner>(),
        TeamFormed or TeamMemberJoined or TeamMemberLeft or TeamLeadChanged or TeamActivated or TeamCapacitySet or TeamSuspended or TeamResumed
            => StreamKind.Of<Team>(),
        _ => null,
    };

    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => recorded.Event switch
    {
        InstitutionRegistered => [new Published.InstitutionRegistered(Facts((Institution)state!))],
        InstitutionActivated => [new Published.InstitutionActivated(Facts((Institution)state!))],
        InstitutionSuspended e => [new Published.InstitutionSuspended(Facts((Institution)state!), e.Reason)],
        InstitutionResumed => [new Published.InstitutionResumed(Facts((Institution)state!))],
        HospitalRegistered => [new Published.HospitalRegistered(Facts((Hospital)state!))],
        // A device is offered to others like a service.
        HospitalServicePublished or HospitalEquipmentAdded => [new Published.HospitalServicePublished(Facts((Hospital)state!))],
        PractitionerRegistered => [new Published.PractitionerRegistered(Facts((Practitioner)state!, recorded))],
        LicenceRenewed => [new Published.LicenceRenewed(Facts((Practitioner)state!, recorded))],
        LicenceLapsed => [new Published.LicenceLapsed(Facts((Practitioner)state!, recorded))],
        StarAwarded e => [new Published.StarAwarded(Facts((Practitioner)state!, recorded), e.Stars, e.Period, e.ValidFrom, e.ValidTo)],
        StudioOpened e => [new Published.StudioOpened(e.StudioId, e.LeaderId, e.TeamId, e.InstitutionId, e.DistrictCode)],
        TeamFormed => [new Published.TeamFormed(Facts((Team)state!))],
        TeamMemberJoined e => [new Published.TeamMemberJoined(Facts((Team)state!), e.PractitionerId)],
        TeamMemberLeft e => [new Published.TeamMemberLeft(Facts((Team)state!), e.PractitionerId, e.On, e.Reason)],
        TeamLeadChanged e => [new Published.TeamLeadChanged(Facts((Team)state!), e.From)],
        TeamActivated => [new Published.TeamActivated(Facts((Team)state!))],
        TeamCapacitySet => [new Published.TeamCapacitySet(Facts((Team)state!))],
        TeamSuspended e => [new Published.TeamSuspended(Facts((Team)state!), e.Reason)],
        TeamResumed => [new Published.TeamResumed(Facts((Team)state!))],
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
        new(p.Id, p.Kind, p.InstitutionId, p.DistrictCode, p.StarsAt(recorded.OccurredAt), p.LicenceValidTo);

    private static Published.TeamFacts Facts(Team t) => new(t.Id, t.InstitutionId, t.DistrictCode, t.Name, t.NameEn, t.Status.ToString(), t.LeaderId,
        [.. t.Members.Select(m => new Published.TeamMemberFacts(m.PractitionerId, m.Role, (double)m.Fte))], t.MaxPanel);
}
