using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>All that happened to a team's panel, to its disbandment, to the packages or the prices: what has no id that people know.</summary>
public static class HistoriesOfContracts
{
    public static void MapHistoriesOfContracts(this IEndpointRouteBuilder routes)
    {
        routes.MapHistoryOf("/teams/{teamId:guid}/panel/history", "HistoryOfPanel", "All that happened to a team's panel in a year, this one if none is named",
            (Guid teamId, History history, PolicyBook policies, TimeProvider clock, CancellationToken ct, int? year = null, long after = 0, int limit = 100) =>
                history.Of(TeamPanel.StreamOf(teamId, year ?? policies.At(clock.GetUtcNow()).Today.Year), after, limit, ct));
        routes.MapHistoryOf("/teams/{teamId:guid}/reassignment/history", "HistoryOfReassignment", "How a team's residents were handed over",
            (Guid teamId, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(TeamReassignment.StreamOf(teamId), after, limit, ct));
        routes.MapHistoryOf("/packages/history", "HistoryOfPackages", "How the service packages changed",
            (City city, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(PackageCatalogue.StreamOf(city), after, limit, ct)).WithMetadata(new PublicData());
        routes.MapHistoryOf("/prices/history", "HistoryOfPrices", "How the prices changed",
            (City city, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(PriceList.StreamOf(city), after, limit, ct)).WithMetadata(new PublicData());
    }
}
