using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>A supervisor says that a contract should never have been: it stays on record, marked, and its seat is free.</summary>
/// <param name="Reason">wrongResident, wrongTeam, duplicate or notSigned.</param>
public sealed record MarkEnteredInError([Required, AllowedValues("wrongResident", "wrongTeam", "duplicate", "notSigned")] string? Reason)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept)
    {
        if (!enrolment.Alive().ContractIds.Contains(contractId))
            throw new UnknownId();
        if (enrolment.InError.Contains(contractId))
            return ([], [], []);
        IEnumerable<DomainEvent> marked = [new ContractEnteredInError(contractId, Reason!)];
        return enrolment.Contract is { HoldsSeat: true } contract && contract.Id == contractId
            ? (marked, TeamPanel.Release(panel, contract), TeamPanel.ReleaseKept(kept, contract))
            : (marked, [], []); // an older contract, whose seat is gone or went on with the next
    }
}

public static class MarkEnteredInErrorEndpoint
{
    public static void MapMarkEnteredInError(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/error", Handle).WithName(nameof(MarkEnteredInError))
        .WithSummary("Mark a contract as entered in error").For(Role.Commission);

    private static async Task<Decided> Handle(Guid contractId, MarkEnteredInError command, HttpContext http, Seats seats, CancellationToken ct) =>
        new(await seats.ExecuteWithKept(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, panel, kept, _) => command.Decide(contractId, enrolment, panel, kept), ct) with
        { Id = contractId });
}
