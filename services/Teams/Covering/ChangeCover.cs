using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Covering;

/// <summary>Somebody else stands in, or the absence becomes longer or shorter.</summary>
public sealed record ChangeCover([Required] Guid? CoveredBy, DateTimeOffset? To = null)
{
    public IEnumerable<DomainEvent> Decide(Guid id, Practitioner? who, Absences? own, Absences? covers, Practitioner? cover, Moment at)
    {
        var away = Practitioner.Staying(who);
        if (own?.Find(id) is not { } absence)
            throw new UnknownId();
        if (!absence.IsOpen)
            throw Refusing.Transition("an absence", absence.Status, AbsenceStatus.Planned, AbsenceStatus.Away);
        var to = To?.ToUniversalTime() ?? absence.To;
        if (absence.CoveredBy == CoveredBy && absence.To == to)
            return [];
        if (to <= absence.From || to <= at.Now || to - absence.From > TimeSpan.FromDays(RecordAbsence.LongestDays))
            throw Refusing.Invalid(nameof(To), $"An absence ends after it starts and after now, and lasts {RecordAbsence.LongestDays} days at most.");
        if (own.All.FirstOrDefault(a => a.Id != id && a.Overlaps(absence.From, to)) is { } other)
            throw new RuleBroken("ABSENCE_OVERLAPS", "Another absence lies in this time.", new { absenceId = other.Id, other.From, other.To });
        Able(away, cover, covers, absence.From > at.Now ? absence.From : at.Now, to, at);
        return [new CoverNamed(id, away.Id, cover!.Id, absence.From, to, absence.Reason)];
    }

    /// <summary>A cover does the same work, is licensed, and is there all the time.</summary>
    internal static void Able(Practitioner away, Practitioner? cover, Absences? covers, DateTimeOffset from, DateTimeOffset to, Moment at)
    {
        if (cover is null)
            throw new UnknownId();
        if (cover.Id == away.Id || cover.Kind != away.Kind || !cover.IsLicensed(at.Today) || cover.Leaving?.LeavesAt < to)
            throw new RuleBroken("COVER_NOT_ELIGIBLE", "Somebody of the same profession stands in, who may work all this time.", new { coveredBy = cover.Id, cover.Kind, cover.Status });
        if (covers?.All.FirstOrDefault(a => a.Overlaps(from, to)) is { } absent)
            throw new RuleBroken("COVER_ABSENT", "Whoever stands in is there.", new { coveredBy = cover.Id, absent.From, absent.To });
    }
}

public static class ChangeCoverEndpoint
{
    public static void MapChangeCover(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/absences/{absenceId:guid}/cover", Handle).WithName(nameof(ChangeCover))
        .WithSummary("Name another cover").For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid practitionerId, Guid absenceId, ChangeCover command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await Take(command, absenceId, practitionerId, http.Envelope(), runner, store, ct));

    internal static async Task<Done> Take(
        ChangeCover command, Guid id, Guid practitionerId, Envelope envelope, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (who, _) = await store.Load<Practitioner>(practitionerId, ct);
        var cover = command.CoveredBy!.Value;
        if (cover == practitionerId)
            throw new RuleBroken("COVER_NOT_ELIGIBLE", "Nobody stands in for himself.", new { coveredBy = cover });
        return await runner.Execute<Absences, Absences, Practitioner>(Absences.StreamOf(practitionerId), Absences.StreamOf(cover), cover, envelope,
            (own, covers, practitioner, at) => (command.Decide(id, who, own, covers, practitioner, at), [], []), ct);
    }
}
