using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A family bed as it stands this moment.</summary>
/// <param name="Insurance">Null until the insurer has said whether it pays its share of a period.</param>
public sealed record BedDetails(
    Guid BedId, string Number, Guid ResidentId, Guid? ContractId, Guid TeamId, Guid InstitutionId, BedOrigin Origin, BedType Type, BedStatus Status,
    IReadOnlyList<string> ConditionCodes, BedAssessmentScheduled? Appointment, BedAssessed? Assessment, BedTerms? Terms, CarePlan? Plan, BedPeriod? Period,
    DateOnly? CloseBy, CloseReason? CloseReason, DateOnly? ClosedOn, int Visits, BedInsurance? Insurance, long Version);

public static class BedDetailsEndpoint
{
    public static void MapBedDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/beds/{bedId:guid}", Handle).WithName(nameof(BedDetails)).WithSummary("A family bed")
        .For(Role.Clinic, Role.Commission, Role.Service);

    private static async Task<BedDetails> Handle(Guid bedId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (bed, version) = await store.Load<FamilyBed>(bedId, ct);
        if (bed is null)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        var r = bed.Request;
        return new(r.BedId, Ids.Human('B', r.BedId), r.ResidentId, r.ContractId, r.TeamId, r.InstitutionId, r.Origin, r.Type, bed.Status, r.ConditionCodes,
            bed.Appointment, bed.Assessment, bed.Terms, bed.Plan, bed.Period, bed.Closing?.CloseBy, bed.Closed?.Reason, bed.Closed?.ClosedOn, bed.Visits, bed.Insurance, version);
    }
}
