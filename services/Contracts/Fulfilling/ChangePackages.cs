using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Fulfilling;

/// <summary>Team and resident agree on other packages: their services are due until the end of the term; what was due before stays due.</summary>
public sealed record ChangePackages([Required, MinLength(1)] IReadOnlyList<string>? PackageIds)
{
    public IEnumerable<DomainEvent> Decide(Guid contractId, Enrolment? enrolment, PackageCatalogue catalogue, Moment at)
    {
        var contract = enrolment.Alive().Current(contractId);
        var chosen = catalogue.Choose(PackageIds, enrolment, at.Today);
        if (chosen.ToHashSet().SetEquals(contract.PackageIds))
            return [];
        return [new PackageChanged(contract.Id, chosen), .. Added(contract, chosen, catalogue, at)];
    }

    /// <summary>What packages that are new to a contract owe from today to its end.</summary>
    internal static IEnumerable<DomainEvent> Added(Contract contract, IEnumerable<string> chosen, PackageCatalogue catalogue, Moment at) =>
        catalogue.Due(contract.Id, chosen.Except(contract.PackageIds), at.Today < contract.StartsOn ? contract.StartsOn : at.Today, contract.EndsOn, at);
}

public static class ChangePackagesEndpoint
{
    public static void MapChangePackages(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/packages", Handle).WithName(nameof(ChangePackages)).WithSummary("Agree on other packages")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid contractId, ChangePackages command, HttpContext http, Runner runner, Seats seats, Packages packages, CancellationToken ct)
    {
        var catalogue = await packages.Now(ct);
        return new(await runner.Execute<Enrolment>(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, at) => command.Decide(contractId, enrolment, catalogue, at), ct) with
        { Id = contractId });
    }
}
