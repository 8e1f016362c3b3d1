using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Requesting;

/// <summary>An institution may keep this many family beds at once; beds already open stay, even if there are more.</summary>
/// <param name="DistrictCode">Needed only while the institution itself is not known here.</param>
public sealed record SetBedCapacity(
    [Required] Guid? InstitutionId, [MaxLength(20)] string? DistrictCode, [Required, Range(0, SetBedCapacity.Most)] int? Approved)
{
    private const int Most = 100_000;

    public IEnumerable<DomainEvent> Decide(BedCapacity? capacity, string districtCode, Moment at)
    {
        if (Approved is not (>= 0 and <= Most))
            throw new RuleBroken("RULE_VIOLATION", "A capacity is a number of beds.", new { Most }); // rows of imports pass no form
        var set = new BedCapacitySet(InstitutionId!.Value, districtCode, Approved!.Value, at.Now);
        if (capacity is null)
            return [new BedCapacityOpened(InstitutionId.Value, districtCode, at.Today.Year, 0, 0, at.Now, []), set];
        var open = BedCapacity.Open(capacity);
        return open.Approved == Approved && open.DistrictCode == districtCode ? [] : [set];
    }
}

public static class SetBedCapacityEndpoint
{
    public static void MapSetBedCapacity(this IEndpointRouteBuilder routes) => routes
        .MapPost("/bed-capacities", Handle).WithName(nameof(SetBedCapacity)).WithSummary("Set how many family beds an institution may keep")
        .For(Role.Commission, Role.Clinic).OfNobody();

    private static async Task<Decided> Handle(
        SetBedCapacity command, HttpContext http, Runner runner, Copies<InstitutionFacts> institutions, CancellationToken ct)
    {
        var institutionId = command.InstitutionId!.Value;
        var district = command.DistrictCode ?? (await institutions.Find(institutionId, ct))?.DistrictCode ?? throw new UnknownId();
        return new(await Take(command, district, http.Envelope(), runner, ct) with { Id = institutionId }, $"/institutions/{institutionId}/bed-capacity");
    }

    internal static Task<Done> Take(SetBedCapacity command, string districtCode, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.OnLedger<BedCapacity>(command.InstitutionId!.Value, envelope, ledger =>
            runner.Execute<BedCapacity>(ledger, envelope, (capacity, at) => command.Decide(capacity, districtCode, at), ct), ct);
}
