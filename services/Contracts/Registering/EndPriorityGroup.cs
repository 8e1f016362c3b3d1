using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>A resident no longer belongs to a priority group: it ended by itself, or the clinic says so.</summary>
/// <param name="Reason">recovered, delivered, outgrown, evidenceWithdrawn or misdiagnosed.</param>
public sealed record EndPriorityGroup(
    [Required, AllowedValues("recovered", "delivered", "outgrown", "evidenceWithdrawn", "misdiagnosed")] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(string group, Enrolment? enrolment, Moment at)
    {
        if (!PriorityGroups.Codes.Contains(group))
            throw new UnknownId();
        return enrolment.Alive().IsIn(group) ? [new PriorityGroupEnded(group, Reason!, at.Today)] : [];
    }

    /// <summary>The last day of a group that was known beforehand has passed.</summary>
    public static IEnumerable<DomainEvent> Passed(Enrolment? enrolment, Moment at) =>
        enrolment?.Groups.Where(g => g.EndsAt <= at.Now).Select(g => new PriorityGroupEnded(g.Group, "ended", g.To!.Value)) ?? [];
}

public static class EndPriorityGroupEndpoint
{
    public static void MapEndPriorityGroup(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/priority-groups/{group}/end", Handle).WithName(nameof(EndPriorityGroup))
        .WithSummary("End a priority group").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid residentId, string group, EndPriorityGroup command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, at) => command.Decide(group, enrolment, at), ct));
}
