using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Applying;

/// <summary>The team says no to an application, with a coded reason the resident is told.</summary>
public sealed record RejectApplication([Required, MaxLength(100)] string? Reason)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Guid contractId, Enrolment? enrolment, TeamPanel? panel)
    {
        if (enrolment.Alive().Contract is not { Status: ContractStatus.PendingConfirmation } pending || pending.Id != contractId)
            return enrolment.Refuse(contractId, already: ContractStatus.Rejected, ContractStatus.PendingConfirmation);
        return ([new ContractApplicationRejected(contractId, Reason!)], TeamPanel.Release(panel, pending));
    }
}

public static class RejectApplicationEndpoint
{
    public static void MapRejectApplication(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/rejection", Handle).WithName(nameof(RejectApplication)).WithSummary("Reject an application")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid contractId, RejectApplication command, HttpContext http, Seats seats, CancellationToken ct) =>
        new(await seats.ExecuteOnOwn(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, panel, _) => command.Decide(contractId, enrolment, panel), ct) with
        { Id = contractId });
}
