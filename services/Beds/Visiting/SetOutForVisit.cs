using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Whoever makes the visit is on the way; from now on it is neither given to another nor put off.</summary>
public static class SetOutForVisit
{
    public static IEnumerable<DomainEvent> Decide(HomeVisit? visit, Moment at) => visit?.Status is VisitStatus.EnRoute
        ? []
        : [new VisitEnRoute(HomeVisit.At(visit, VisitStatus.Assigned).Id, at.Now)];

    public static void MapSetOutForVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/departure", Handle).WithName(nameof(SetOutForVisit)).WithSummary("Set out for a home visit").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<HomeVisit>(visitId, http.Envelope(), Decide, ct));
}
