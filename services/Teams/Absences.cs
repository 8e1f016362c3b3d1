using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <summary>Somebody will be away, and somebody else stands in from the first moment to the last; named again when the cover changes.</summary>
/// <param name="Reason">A code: leave, illness, training ...</param>
public sealed record CoverNamed(
    Guid AbsenceId, Guid PractitionerId, Guid CoveredBy, DateTimeOffset From, DateTimeOffset To, string Reason) : DomainEvent;
public sealed record AbsenceStarted(Guid AbsenceId, Guid PractitionerId, Guid CoveredBy) : DomainEvent;
/// <param name="Reason">over, returned or cancelled.</param>
public sealed record CoverEnded(Guid AbsenceId, Guid PractitionerId, Guid CoveredBy, string Reason) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<AbsenceStatus>))]
public enum AbsenceStatus { Planned, Away, Over, Cancelled }

public sealed record Absence(Guid Id, Guid CoveredBy, DateTimeOffset From, DateTimeOffset To, string Reason, AbsenceStatus Status)
{
    public bool IsOpen => Status is AbsenceStatus.Planned or AbsenceStatus.Away;

    public bool Overlaps(DateTimeOffset from, DateTimeOffset to) => IsOpen && From < to && from < To;
}

/// <summary>
/// When one person is away, and who stands in. A cover is never away at the time he is named for, so whoever follows
/// the covers at any moment comes to somebody who is there. See Absences.states.md.
/// </summary>
public sealed record Absences(Guid PractitionerId, ImmutableList<Absence> All) : IState<Absences>
{
    public static Guid StreamOf(Guid practitionerId) => Ids.Of($"Absences:{practitionerId}");

    public static Absences Evolve(Absences? absences, DomainEvent @event) => (absences, @event) switch
    {
        (_, CoverNamed e) => (absences ?? new(e.PractitionerId, [])).Named(e),
        ({ } a, AbsenceStarted e) when a.Find(e.AbsenceId) is { Status: AbsenceStatus.Planned } known =>
            a with { All = a.All.Replace(known, known with { Status = AbsenceStatus.Away }) },
        ({ } a, CoverEnded e) when a.Find(e.AbsenceId) is { IsOpen: true } known =>
            a with { All = a.All.Replace(known, known with { Status = known.Status is AbsenceStatus.Planned ? AbsenceStatus.Cancelled : AbsenceStatus.Over }) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on these absences."),
    };

    public static IEnumerable<Deadline> Deadlines(Absences absences)
    {
        var (planned, away) = (absences.All.Where(a => a.Status is AbsenceStatus.Planned), absences.All.Where(a => a.Status is AbsenceStatus.Away));
        if (planned.MinBy(a => a.From) is { } next)
            yield return new(nameof(Covering.StartAbsence), next.From);
        if (away.MinBy(a => a.To) is { } back)
            yield return new(nameof(Covering.FinishAbsence), back.To);
    }

    public Absence? Find(Guid absenceId) => All.FirstOrDefault(a => a.Id == absenceId);

    /// <summary>The absence of a moment, whether or not the clock has already said that it started.</summary>
    public Absence? At(DateTimeOffset moment) => All.FirstOrDefault(a => a.IsOpen && a.From <= moment && moment < a.To);

    private Absences Named(CoverNamed e)
    {
        var named = new Absence(e.AbsenceId, e.CoveredBy, e.From, e.To, e.Reason, AbsenceStatus.Planned);
        return Find(e.AbsenceId) is { } known
            ? known.IsOpen ? this with { All = All.Replace(known, named with { Status = known.Status }) }
                : throw new InvalidOperationException($"{nameof(CoverNamed)} cannot follow {known.Status}.")
            : this with { All = All.Add(named) };
    }
}
