using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Fulfilling;

/// <summary>A service that a package owes was delivered: one time less is due.</summary>
/// <param name="By">The appointment, visit or practitioner that delivered it.</param>
public sealed record FulfilObligation(
    [Required, MaxLength(40)] string? Kind, [Required, MaxLength(60)] string? By,
    [Required, AllowedValues("clinic", "phone", "video", "home", "consultation")] string? Mode)
{
    public IEnumerable<DomainEvent> Decide(Guid contractId, Enrolment? enrolment)
    {
        enrolment.Alive().Current(contractId);
        return Meets(enrolment, Kind!) is { } obligation
            ? [new ServiceDelivered(obligation.Id, By!, Mode!)]
            : throw new RuleBroken("OBLIGATION_NOT_DUE", "No package of this contract owes such a service now.",
                new { due = enrolment.Obligations.Select(o => o.Kind).Distinct() });
    }

    /// <summary>The obligation that a service of a kind meets: the one due first.</summary>
    internal static Obligation? Meets(Enrolment enrolment, string kind) => enrolment.Obligations.Where(o => o.Kind == kind).MinBy(o => o.DueAt);
}

public static class FulfilObligationEndpoint
{
    public static void MapFulfilObligation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/services", Handle).WithName(nameof(FulfilObligation)).WithSummary("Record a delivered service")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid contractId, FulfilObligation command, HttpContext http, Runner runner, Seats seats, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, _) => command.Decide(contractId, enrolment), ct) with
        { Id = contractId });
}
