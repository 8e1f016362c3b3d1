using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Dashboard.Viewing;

// The directory is effective-dated: a row for every fact, so that any past date can be asked.

/// <summary>What was said about a grassroots institution, from that moment on.</summary>
public sealed record InstitutionStep(
    Guid Id, Guid InstitutionId, string DistrictCode, string Name, string NameEn, string Status, DateTimeOffset At, long Version) : IRow<InstitutionStep>
{
    static int IRow<InstitutionStep>.Version => 3;

    public static IEnumerable<string> Indexes => ["institution_id, version"];

    private static InstitutionFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        InstitutionRegistered m => m.Institution,
        InstitutionActivated m => m.Institution,
        InstitutionSuspended m => m.Institution,
        InstitutionResumed m => m.Institution,
        InstitutionClosed m => m.Institution,
        InstitutionsMerged m => m.Institution,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) =>
        recorded.Message() is { } m && FactsOf(m) is not null ? [m.EventId] : [];

    public static InstitutionStep Evolve(InstitutionStep? row, Guid id, Recorded recorded)
    {
        var (m, i) = (recorded.Message()!, FactsOf(recorded.Message())!);
        return new(id, i.InstitutionId, i.DistrictCode, i.Name, i.NameEn, i.Status, m.OccurredAt, m.StreamVersion);
    }
}

/// <summary>What was said about a hospital, from that moment on.</summary>
public sealed record HospitalStep(
    Guid Id, Guid HospitalId, string DistrictCode, string Name, string NameEn, int Level, DateTimeOffset At, long Version) : IRow<HospitalStep>
{
    public static IEnumerable<string> Indexes => ["hospital_id, version"];

    private static HospitalFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        HospitalRegistered m => m.Hospital,
        HospitalServicePublished m => m.Hospital,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) =>
        recorded.Message() is { } m && FactsOf(m) is not null ? [m.EventId] : [];

    public static HospitalStep Evolve(HospitalStep? row, Guid id, Recorded recorded)
    {
        var (m, h) = (recorded.Message()!, FactsOf(recorded.Message())!);
        return new(id, h.HospitalId, h.DistrictCode, h.Name, h.NameEn, h.Level, m.OccurredAt, m.StreamVersion);
    }
}

/// <summary>What was said about a doctor, nurse or helper, from that moment on; stars hold until their last day.</summary>
public sealed record PractitionerStep(
    Guid Id, Guid PractitionerId, string Kind, Guid InstitutionId, string DistrictCode, string Status, int Stars, DateOnly? StarsUntil,
    DateTimeOffset At, long Version) : IRow<PractitionerStep>
{
    static int IRow<PractitionerStep>.Version => 3;

    public static IEnumerable<string> Indexes => ["practitioner_id, version"];

    private static (PractitionerFacts Facts, int Stars, DateOnly? Until)? FactsOf(IntegrationEvent? message) => message switch
    {
        StarAwarded m => (m.Practitioner, m.Stars, m.ValidTo),
        StarRevoked m => (m.Practitioner, 0, null),
        PractitionerRegistered m => Standing(m.Practitioner),
        PractitionerActivated m => Standing(m.Practitioner),
        PractitionerMoved m => Standing(m.Practitioner),
        PractitionerDeparted m => Standing(m.Practitioner),
        PractitionerSuspended m => Standing(m.Practitioner),
        PractitionerResumed m => Standing(m.Practitioner),
        LicenceLapsed m => Standing(m.Practitioner),
        LicenceRenewed m => Standing(m.Practitioner),
        _ => null,
    };

    private static (PractitionerFacts, int, DateOnly?) Standing(PractitionerFacts p) => (p, p.Stars, p.StarsUntil);

    public static IEnumerable<Guid> Keys(Recorded recorded) =>
        recorded.Message() is { } m && FactsOf(m) is not null ? [m.EventId] : [];

    public static PractitionerStep Evolve(PractitionerStep? row, Guid id, Recorded recorded)
    {
        var (m, (p, stars, until)) = (recorded.Message()!, FactsOf(recorded.Message())!.Value);
        return new(id, p.PractitionerId, p.Kind, p.InstitutionId, p.DistrictCode, p.Status, stars, until, m.OccurredAt, m.StreamVersion);
    }
}

/// <summary>What was said about a family doctor team, from that moment on.</summary>
/// <param name="Complete">A doctor leads and a nurse belongs, and both may work: the "2" of 2+X.</param>
public sealed record TeamStep(
    Guid Id, Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, string Status, int MaxPanel,
    bool Complete, double DoctorFte, double NurseFte, double PublicHealthFte, int Members, DateTimeOffset At, long Version) : IRow<TeamStep>
{
    static int IRow<TeamStep>.Version => 3;

    public static IEnumerable<string> Indexes => ["team_id, version"];

    private static TeamFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        TeamFormed m => m.Team,
        TeamMemberJoined m => m.Team,
        TeamMemberLeft m => m.Team,
        TeamLeadChanged m => m.Team,
        TeamActivated m => m.Team,
        TeamCapacitySet m => m.Team,
        TeamSuspended m => m.Team,
        TeamResumed m => m.Team,
        TeamMemberBarred m => m.Team,
        TeamMemberCleared m => m.Team,
        TeamCompositionBreached m => m.Team,
        TeamCompositionRestored m => m.Team,
        TeamRehomed m => m.Team,
        TeamDisbandmentStarted m => m.Team,
        TeamDisbandmentCancelled m => m.Team,
        TeamDisbanded m => m.Team,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) =>
        recorded.Message() is { } m && FactsOf(m) is not null ? [m.EventId] : [];

    public static TeamStep Evolve(TeamStep? row, Guid id, Recorded recorded)
    {
        var (m, t) = (recorded.Message()!, FactsOf(recorded.Message())!);
        var nurses = Fte(t, "nurse");
        return new(id, t.TeamId, t.InstitutionId, t.DistrictCode, t.Name, t.NameEn, t.Status, t.MaxPanel,
            t.LeaderId is { } leader && t.Members.Any(x => x.PractitionerId == leader) && nurses > 0 && t.CompositionBreachSince is null,
            Fte(t, "gp"), nurses, Fte(t, "publicHealth"), t.Members.Count, m.OccurredAt, m.StreamVersion);
    }

    private static double Fte(TeamFacts team, string role) => team.Members.Where(m => m.Role == role).Sum(m => m.Fte);
}

/// <summary>A five-star doctor's studio.</summary>
public sealed record KnownStudio(Guid Id, Guid? InstitutionId, string DistrictCode, DateTimeOffset? OpenedAt, DateTimeOffset? ClosedAt) : IRow<KnownStudio>
{
    static int IRow<KnownStudio>.Version => 2;

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Message() switch
    {
        StudioOpened m => [m.StudioId],
        StudioClosed m => [m.StudioId],
        _ => [],
    };

    public static KnownStudio Evolve(KnownStudio? row, Guid id, Recorded recorded)
    {
        row ??= new(id, null, "", null, null);
        return recorded.Message() switch
        {
            StudioOpened m => row with { InstitutionId = m.InstitutionId, DistrictCode = m.DistrictCode, OpenedAt = Knowing.Earliest(row.OpenedAt, m.OccurredAt) },
            StudioClosed m => row with { ClosedAt = Knowing.Earliest(row.ClosedAt, m.OccurredAt) },
            _ => row,
        };
    }
}

/// <summary>What somebody thought of a visit; never who.</summary>
public sealed record KnownSurvey(Guid Id, Guid? TeamId, Guid InstitutionId, string DistrictCode, int Score, DateTimeOffset At) : IRow<KnownSurvey>
{
    public static IEnumerable<string> Indexes => ["at"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Message() is SurveyAnswered m ? [m.SurveyId] : [];

    public static KnownSurvey Evolve(KnownSurvey? row, Guid id, Recorded recorded)
    {
        var m = (SurveyAnswered)recorded.Message()!;
        return new(id, m.TeamId, m.InstitutionId, m.DistrictCode, m.Score, m.OccurredAt);
    }
}

/// <summary>A figure from outside, with its source: census, registers, visits counted by others.</summary>
public sealed record KnownFigure(
    Guid Id, string Figure, string? DistrictCode, DateOnly StartsOn, DateOnly EndsOn, double Value, string Unit, string Source,
    DateOnly PublishedOn) : IRow<KnownFigure>
{
    public static IEnumerable<string> Indexes => ["figure"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Message() is FigureReported m ? [m.EventId] : [];

    public static KnownFigure Evolve(KnownFigure? row, Guid id, Recorded recorded)
    {
        var m = (FigureReported)recorded.Message()!;
        return new(id, m.Figure, m.DistrictCode, m.From, m.To, m.Value, m.Unit, m.Source, m.PublishedOn);
    }
}
