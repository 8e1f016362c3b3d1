using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Fulfilling;

/// <summary>The team plans what a contract's packages still owe until the end of its term; for contracts that came without it.</summary>
public static class ScheduleObligations
{
    public static IEnumerable<DomainEvent> Decide(Guid contractId, Enrolment? enrolment, PackageCatalogue catalogue, Moment at)
    {
        var contract = enrolment.Alive().Current(contractId);
        var planned = enrolment.Obligations.Where(o => o.ContractId == contract.Id).Select(o => o.PackageId).ToHashSet();
        var from = at.Today < contract.StartsOn ? contract.StartsOn : at.Today;
        return catalogue.Due(contract.Id, contract.PackageIds.Where(p => !planned.Contains(p)), from, contract.EndsOn, at);
    }

    public static void MapScheduleObligations(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/obligations", Handle).WithName(nameof(ScheduleObligations))
        .WithSummary("Plan what a contract's packages owe").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid contractId, HttpContext http, Runner runner, Seats seats, Packages packages, CancellationToken ct)
    {
        var catalogue = await packages.Now(ct);
        return new(await runner.Execute<Enrolment>(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, at) => Decide(contractId, enrolment, catalogue, at), ct) with
        { Id = contractId });
    }
}
