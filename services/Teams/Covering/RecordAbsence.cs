using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Covering;

/// <summary>Somebody will be away, or is away already, and names who stands in; from then on the cover acts for him.</summary>
public sealed record RecordAbsence(
    Guid? Id, [Required] DateTimeOffset? From, [Required] DateTimeOffset? To, [Required] Guid? CoveredBy, [Required, MaxLength(40)] string? Reason)
{
    public const int LongestDays = 400;

    /// <param name="own">The absences of whoever will be away.</param>
    /// <param name="covers">Those of the cover.</param>
    /// <param name="who">Read when the command came in; the cover is read at the moment of the decision.</param>
    public IEnumerable<DomainEvent> Decide(Guid id, Practitioner? who, Absences? own, Absences? covers, Practitioner? cover, Moment at)
    {
        var away = Practitioner.Staying(who);
        if (own?.Find(id) is not null)
            return [];
        var (from, to) = (From!.Value.ToUniversalTime(), To!.Value.ToUniversalTime());
        if (to <= from || to <= at.Now || to - from > TimeSpan.FromDays(LongestDays) || from > at.Now.AddDays(LongestDays))
            throw Refusing.Invalid(nameof(To), $"An absence ends after it starts and after now, and lasts {LongestDays} days at most.");
        if (own?.All.FirstOrDefault(a => a.Overlaps(from, to)) is { } other)
            throw new RuleBroken("ABSENCE_OVERLAPS", "Another absence lies in this time.", new { absenceId = other.Id, other.From, other.To });
        ChangeCover.Able(away, cover, covers, from, to, at);
        var named = new CoverNamed(id, away.Id, cover!.Id, from, to, Reason!);
        return from <= at.Now ? [named, new AbsenceStarted(id, away.Id, cover.Id)] : [named];
    }
}

public static class RecordAbsenceEndpoint
{
    public static void MapRecordAbsence(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/absences", Handle).WithName(nameof(RecordAbsence)).WithSummary("Record an absence and its cover")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid practitionerId, RecordAbsence command, HttpContext http, Runner runner, IEventStore store, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, practitionerId, http.Envelope(), runner, store, ct) with { Id = id },
            $"/practitioners/{practitionerId}/absences");
    }

    internal static async Task<Done> Take(
        RecordAbsence command, Guid id, Guid practitionerId, Envelope envelope, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (who, _) = await store.Load<Practitioner>(practitionerId, ct);
        var cover = command.CoveredBy!.Value;
        if (cover == practitionerId)
            throw new RuleBroken("COVER_NOT_ELIGIBLE", "Nobody stands in for himself.", new { coveredBy = cover });
        return await runner.Execute<Absences, Absences, Practitioner>(Absences.StreamOf(practitionerId), Absences.StreamOf(cover), cover, envelope,
            (own, covers, practitioner, at) => (command.Decide(id, who, own, covers, practitioner, at), [], []), ct);
    }
}
