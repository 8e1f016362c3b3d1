using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

public sealed record ExamPlanned(Guid ExamId, string Modality, string BodySite, DateOnly Date) : DomainEvent;
public sealed record ExamDropped(Guid ExamId) : DomainEvent;

/// <summary>A resident's exams on large devices, so that none is done twice without need.</summary>
public sealed record ResidentExams(ImmutableDictionary<Guid, ExamPlanned> Exams) : IState<ResidentExams>
{
    private static readonly ResidentExams None = new(ImmutableDictionary<Guid, ExamPlanned>.Empty);

    public static Guid StreamOf(Guid residentId) => Ids.Of($"ResidentExams:{residentId}");

    public static ResidentExams Evolve(ResidentExams? exams, DomainEvent @event) => (exams ?? None, @event) switch
    {
        (var r, ExamPlanned e) => r with { Exams = r.Exams.Add(e.ExamId, e) },
        (var r, ExamDropped e) when r.Exams.ContainsKey(e.ExamId) => r with { Exams = r.Exams.Remove(e.ExamId) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow among a resident's exams."),
    };

    /// <summary>The same exam of the same part within some days before or after, or null.</summary>
    public static ExamPlanned? Duplicate(ResidentExams? exams, string modality, string bodySite, DateOnly date, int days) =>
        exams?.Exams.Values.Where(e => e.Modality == modality && e.BodySite == bodySite && Math.Abs(e.Date.DayNumber - date.DayNumber) <= days)
            .MaxBy(e => e.Date);
}
