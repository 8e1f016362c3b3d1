using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A practitioner may not work for a while; without a last day, until somebody ends it.</summary>
public sealed record SuspendPractitioner([Required, MaxLength(100)] string? Reason, DateOnly? Until = null)
{
    public IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Moment at)
    {
        var suspended = Practitioner.Staying(practitioner);
        if (Until < at.Today || Until > at.Today.AddYears(50))
            throw Refusing.Invalid(nameof(Until), "A suspension lasts to today at least, and not for ever.");
        return suspended.Suspension is { } s && s.Reason == Reason && s.Until == Until ? []
            : [new PractitionerSuspended(suspended.Id, Reason!, Until, Until is { } last ? at.EndOf(last) : null)];
    }
}

public static class SuspendPractitionerEndpoint
{
    public static void MapSuspendPractitioner(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/suspension", Handle).WithName(nameof(SuspendPractitioner)).WithSummary("Suspend a practitioner")
        .For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid practitionerId, SuspendPractitioner command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(practitionerId, http.Envelope(), command.Decide, ct));
}
