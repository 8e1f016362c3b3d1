using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Applying;

/// <summary>The resident takes an unanswered application back; his seat is free again.</summary>
public static class WithdrawApplication
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Guid contractId, Enrolment? enrolment, TeamPanel? panel)
    {
        if (enrolment.Alive().Contract is not { Status: ContractStatus.PendingConfirmation } pending || pending.Id != contractId)
            return enrolment.Refuse(contractId, already: ContractStatus.Withdrawn, ContractStatus.PendingConfirmation);
        return ([new ContractApplicationWithdrawn(contractId)], TeamPanel.Release(panel, pending));
    }

    public static void MapWithdrawApplication(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/withdrawal", Handle).WithName(nameof(WithdrawApplication)).WithSummary("Withdraw an application")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid contractId, HttpContext http, Seats seats, CancellationToken ct) =>
        new(await seats.ExecuteOnOwn(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, panel, _) => Decide(contractId, enrolment, panel), ct) with
        { Id = contractId });
}
