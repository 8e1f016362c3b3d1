using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Erasing;

/// <summary>A resident's personal data are destroyed for good: his key goes, and nobody reads what it sealed again; ids and events stay. Never while he has a contract.</summary>
/// <param name="Reason">residentRequest, movedAway, deceased or retentionOver.</param>
public sealed record EraseResident([Required, AllowedValues("residentRequest", "movedAway", "deceased", "retentionOver")] string? Reason)
{
    private static readonly ContractStatus[] Allowed =
        [ContractStatus.Rejected, ContractStatus.Withdrawn, ContractStatus.Lapsed, ContractStatus.Expired, ContractStatus.Terminated, ContractStatus.EnteredInError];

    public IEnumerable<DomainEvent> Decide(Enrolment? enrolment, Moment at)
    {
        if (enrolment is { Erasure: not null })
            return []; // erasing twice is erasing once
        if (enrolment.Known().Contract is { HoldsSeat: true } contract)
            throw Refusing.InvalidTransition(contract.Status, Allowed);
        return [new ResidentErased(enrolment.ResidentId, Reason!, at.Today)];
    }
}

public static class EraseResidentEndpoint
{
    public static void MapEraseResident(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/erasure", Handle).WithName(nameof(EraseResident))
        .WithSummary("Destroy a resident's personal data").For(Role.Commission);

    private static async Task<Decided> Handle(Guid residentId, EraseResident command, HttpContext http, Runner runner, Shredding shredding, CancellationToken ct)
    {
        var done = await runner.Execute<Enrolment>(residentId, http.Envelope(), command.Decide, ct);
        // Whoever is told that it is done can rely on it; after a crash in between the message does it.
        await shredding.Shred(residentId, ct);
        return new(done);
    }
}
