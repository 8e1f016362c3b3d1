using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A practitioner leaves the programme; announced ahead, so that sessions and visits after the last day find others.</summary>
public sealed record RecordDeparture([Required] DateOnly? LastDay, [Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Moment at)
    {
        if (practitioner?.LastDay == LastDay && practitioner is not null)
            return [];
        var leaving = Practitioner.Staying(practitioner);
        if (LastDay < at.Today.AddYears(-1) || LastDay > at.Today.AddYears(5))
            throw Refusing.Invalid(nameof(LastDay), "A last day lies in the past year or in the next five.");
        if (LastDay < at.Today)
            return CompleteDeparture.Events(leaving, LastDay!.Value, Reason!);
        return leaving.Leaving is { } known && known.LastDay == LastDay && known.Reason == Reason ? []
            : [new DepartureAnnounced(leaving.Id, LastDay!.Value, at.EndOf(LastDay.Value), Reason!)];
    }
}

public static class RecordDepartureEndpoint
{
    public static void MapRecordDeparture(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/departure", Handle).WithName(nameof(RecordDeparture)).WithSummary("Record a departure")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid practitionerId, RecordDeparture command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(practitionerId, http.Envelope(), command.Decide, ct));
}
