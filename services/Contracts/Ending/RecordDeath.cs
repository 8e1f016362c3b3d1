using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>A resident has died: his contract ends that day, and nothing but the reversal of this can follow.</summary>
/// <param name="Source">deathCertificate, civilAffairs, hospital or family.</param>
public sealed record RecordDeath(
    [Required] DateOnly? On, [Required, AllowedValues("deathCertificate", "civilAffairs", "hospital", "family")] string? Source)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Moment at)
    {
        if (enrolment.Known().Death is not null)
            return ([], [], []);
        if (On > at.Today)
            throw new RuleBroken("EFFECTIVE_DATE_INVALID", "Nobody dies in the future.", new { to = at.Today });
        var died = new ResidentDied(On!.Value, Source!);
        return enrolment.Contract switch
        {
            { Status: ContractStatus.PendingConfirmation } pending =>
                ([died, new ContractApplicationRejected(pending.Id, "residentDied")], TeamPanel.Release(panel, pending), []),
            { IsCurrent: true } contract => ([died, new ContractTerminated(contract.Id, TerminationReason.Died, On.Value, "service")],
                TeamPanel.Release(panel, contract), TeamPanel.ReleaseKept(kept, contract)),
            _ => ([died], [], []),
        };
    }
}

public static class RecordDeathEndpoint
{
    public static void MapRecordDeath(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/death", Handle).WithName(nameof(RecordDeath)).WithSummary("Record a resident's death")
        .For(Role.Clinic, Role.Commission);

    private static async Task<Decided> Handle(
        Guid residentId, RecordDeath command, HttpContext http, Seats seats, CancellationToken ct) =>
        new(await seats.WithOrWithoutContract(residentId, http.Envelope(), command.Decide, ct));
}
