using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Opening;

/// <summary>The resident has agreed and care at home begins, with a plan of visits and an end that is known.</summary>
/// <param name="ConsentRef">Where the resident's agreement is kept.</param>
public sealed record OpenBed(
    [MaxLength(100)] string? ConsentRef, [Required, Range(1, 60)] int? DoctorEveryDays, [Required, Range(1, 60)] int? NurseEveryDays,
    [Codes] IReadOnlyList<string>? Goals = null)
{
    /// <param name="contract">The contract as it is known here, if it is.</param>
    public IEnumerable<DomainEvent> Decide(FamilyBed? bed, CareContract? contract, Moment at)
    {
        if (!FamilyBed.MayGo(bed, BedStatus.Open, BedStatus.Approved))
            return [];
        if (string.IsNullOrWhiteSpace(ConsentRef))
            throw new RuleBroken("CONSENT_MISSING", "The resident's agreement must be shown before the bed is opened.");
        if (bed!.Request.ContractId is not null && contract is { IsCurrent: false })
            throw new RuleBroken("CONTRACT_NOT_ACTIVE", "The resident's contract has ended.");
        var endsOn = at.Today.AddDays(bed.Terms!.PeriodDays);
        return [new BedOpened(bed.Id, at.Today, at.Now, endsOn, at.StartOf(endsOn.AddDays(-at.Policy.BedWarnDays)), at.EndOf(endsOn),
            new(DoctorEveryDays!.Value, NurseEveryDays!.Value, Goals: Goals), ConsentRef)];
    }
}

public static class OpenBedEndpoint
{
    public static void MapOpenBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/opening", Handle).WithName(nameof(OpenBed)).WithSummary("Open an approved family bed").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid bedId, OpenBed command, HttpContext http, Runner runner, IEventStore store, CareContracts contracts, CancellationToken ct)
    {
        var (known, _) = await store.Load<FamilyBed>(bedId, ct);
        var (residentId, envelope) = (known?.Request.ResidentId ?? throw new UnknownId(), http.Envelope());
        var contract = await contracts.Find(residentId, ct);
        return new(await runner.Execute<FamilyBed>(bedId, envelope, (bed, at) => command.Decide(bed, contract, at), ct));
    }
}
