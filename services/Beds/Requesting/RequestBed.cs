using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Requesting;

/// <summary>Care at home is asked for: a family bed for a resident who can hardly travel.</summary>
public sealed record RequestBed(
    Guid? Id, [Required] Guid? ResidentId, [Required] BedOrigin? Origin, [Required] BedType? Type, [Required, Codes] IReadOnlyList<string>? ConditionCodes)
{
    /// <param name="right">From the contract as it is known here; null without a current one.</param>
    public (IEnumerable<DomainEvent> Bed, IEnumerable<DomainEvent> Resident) Decide(
        Guid id, FamilyBed? bed, ResidentBeds? resident, CareRight? right, Moment at)
    {
        if (bed is not null)
            return ([], []); // requesting twice is requesting once
        if (right is null)
            throw new RuleBroken("CONTRACT_NOT_ACTIVE", "The resident has no active contract with a family doctor team.");
        return (
            [new BedRequested(id, right.ResidentId, right.ContractId, right.Version, right.TeamId, right.InstitutionId, right.DistrictCode,
                Origin!.Value, Type!.Value, ConditionCodes!, at.Now)],
            ResidentBeds.Take(resident, right.ResidentId, id));
    }
}

public static class RequestBedEndpoint
{
    public static void MapRequestBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds", Handle).WithName(nameof(RequestBed)).WithSummary("Request a family bed").For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(
        RequestBed command, HttpContext http, Runner runner, CareContracts contracts, IdSource ids, CancellationToken ct)
    {
        var (id, residentId, envelope) = (command.Id ?? ids.Next(), command.ResidentId!.Value, http.Envelope());
        var right = (await contracts.Find(residentId, ct))?.Right;
        var done = await runner.Execute<FamilyBed, ResidentBeds>(id, ResidentBeds.StreamOf(residentId), envelope,
            (bed, resident, at) => command.Decide(id, bed, resident, right, at), ct);
        await contracts.Follow(residentId, envelope, ct); // the contract may have ended between the look and the request
        return new(done, $"/beds/{done.Id}");
    }
}
