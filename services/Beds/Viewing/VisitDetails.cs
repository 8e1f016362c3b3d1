using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A home visit as it stands this moment; its findings are a document of their own.</summary>
/// <param name="PractitionerId">Who makes it; null while nobody has time.</param>
/// <param name="Responsible">Whom it was planned for.</param>
public sealed record VisitDetails(
    Guid VisitId, Guid? BedId, Guid ResidentId, Guid? PractitionerId, Guid Responsible, string Role, VisitStatus Status, DateTimeOffset From, DateTimeOffset To,
    Guid? FindingsRef, IReadOnlyList<Vital> Vitals, IReadOnlyList<string> ActionCodes, long Version);

public static class VisitDetailsEndpoint
{
    public static void MapVisitDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/visits/{visitId:guid}", Handle).WithName(nameof(VisitDetails)).WithSummary("A home visit").For(Role.Clinic, Role.Service);

    private static async Task<VisitDetails> Handle(Guid visitId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (visit, version) = await store.Load<HomeVisit>(visitId, ct);
        if (visit is null)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        var (plan, completion) = (visit.Plan, visit.Completion);
        return new(plan.VisitId, plan.BedId, plan.ResidentId, visit.MadeBy, visit.Responsible, plan.Role, visit.Status, plan.From, plan.To,
            completion?.FindingsRef, completion?.Vitals ?? [], completion?.ActionCodes ?? [], version);
    }
}
