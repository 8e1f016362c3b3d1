using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Opening;

/// <summary>Care at home should go on for another period; unanswered, the request keeps the bed open a few days past its end.</summary>
public static class RequestExtension
{
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, Moment at)
    {
        var open = Extensible(bed);
        if (open.Period!.ExtensionRequested)
            return []; // asking twice is asking once
        if (!open.Period.Warned)
            throw new RuleBroken("PERIOD_LIMIT", "An extension is asked for when the end of the period has been announced.",
                new { from = at.DateOf(open.Period.WarnAt), open.Period.EndsOn });
        var lastDay = open.Period.EndsOn > at.Today ? open.Period.EndsOn : at.Today;
        return [new BedExtensionRequested(open.Id, at.EndOf(lastDay.AddDays(at.Policy.BedWarnDays)))];
    }

    /// <summary>The bed, when it is open and no closure is due; refuses otherwise.</summary>
    public static FamilyBed Extensible(FamilyBed? bed)
    {
        if (bed?.Closed is { Reason: CloseReason.PeriodEnded } closed)
            throw new RuleBroken("EXTENSION_TOO_LATE", "The period is over and the bed is closed; a new one can be requested.", new { closed.ClosedOn });
        FamilyBed.MayGo(bed, BedStatus.Open, BedStatus.Open, BedStatus.Paused);
        return bed!.Closing is null ? bed : throw FamilyBed.Impossible(bed, BedStatus.Open, BedStatus.Paused);
    }

    public static void MapRequestExtension(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/extension-request", Handle).WithName(nameof(RequestExtension)).WithSummary("Ask for another period")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid bedId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), Decide, ct));
}
