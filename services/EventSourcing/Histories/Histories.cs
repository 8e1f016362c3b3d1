using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.EventSourcing;

/// <summary>The same two questions at every service: what happened to this, and what came of that.</summary>
public static class Histories
{
    private static readonly string[] Roles = [Role.Clinic, Role.Hospital, Role.Commission, Role.Service];

    public static IServiceCollection AddHistory(this IServiceCollection services) =>
        services.AddSingleton(View.Of<StretchOfLog>()).AddSingleton(View.Of<Consequence>()).AddSingleton<History>();

    public static void MapHistory(this IEndpointRouteBuilder routes)
    {
        routes.MapHistoryOf("/history/{streamId:guid}", "HistoryById", "All that happened to anything of this service, by its id",
            (Guid streamId, History history, CancellationToken ct, long after = 0, int limit = 100, bool newest = false) =>
                newest ? history.Newest(streamId, limit, ct) : history.Of(streamId, after, limit, ct));
        routes.MapHistoryOf("/history/events/{eventId:guid}", "HistoryOfEvent", "One event, and what was done here because of it",
            (Guid eventId, History history, CancellationToken ct) => history.OfEvent(eventId, ct));
    }

    /// <summary>A history by what the thing is known by, where its stream has no id that people know.</summary>
    public static RouteHandlerBuilder MapHistoryOf(this IEndpointRouteBuilder routes, string path, string name, string summary, Delegate handle) =>
        routes.MapGet(path, handle).WithName(name).WithSummary(summary).For(Roles);
}
