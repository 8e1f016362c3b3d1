using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>A resident's newest contract, as it stands this moment.</summary>
/// <param name="Reassignment">The team ends: who follows, and until when the resident may object.</param>
/// <param name="Provisional">The team came with a reassignment that nobody answered; changing it is free.</param>
public sealed record ContractDetails(
    Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, Guid? GpId, ContractStatus Status, int TermMonths, DateOnly? CoveredSince,
    DateOnly? StartsOn, DateOnly? EndsOn, long Version, IReadOnlyList<string> PackageIds, ReassignmentDetails? Reassignment, bool Provisional,
    IReadOnlyList<Obligation> Obligations);

public sealed record ReassignmentDetails(Guid? ToTeamId, DateOnly ObjectUntil);

public static class ContractDetailsEndpoint
{
    public static void MapContractDetails(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/contracts/{contractId:guid}", async (Guid contractId, HttpContext http, Seats seats, IEventStore store, CancellationToken ct) =>
            await Details(await seats.ResidentOf(contractId, ct), http, store, ct))
            .WithName(nameof(ContractDetails)).WithSummary("A contract, or the one that renewed it").For(Role.Clinic, Role.Commission, Role.Service);
        routes.MapGet("/residents/{residentId:guid}/contract", Details)
            .WithName("ContractOfResident").WithSummary("A resident's newest contract").For(Role.Clinic, Role.Commission, Role.Service);
    }

    private static async Task<ContractDetails> Details(Guid residentId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (enrolment, version) = await store.Load<Enrolment>(residentId, ct);
        if (enrolment?.Contract is not { } c)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        var signed = c.StartsOn != default;
        return new(c.Id, residentId, c.TeamId, c.InstitutionId, c.GpId, c.Status, c.TermMonths, signed ? c.CoveredSince : null,
            signed ? c.StartsOn : null, signed ? c.EndsOn : null, version, c.PackageIds,
            c.Reassignment is { } r ? new(r.ToTeam, r.ObjectUntil) : null, c.IsProvisional, enrolment.Obligations);
    }
}
