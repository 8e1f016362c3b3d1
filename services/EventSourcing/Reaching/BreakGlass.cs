using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.EventSourcing;

/// <param name="By">Who broke it; it opens to nobody else.</param>
/// <param name="Until">From this moment on it is whole again.</param>
public sealed record GlassBroken(Guid ResidentId, string By, string? OrganizationId, string Reason, DateTimeOffset Until) : DomainEvent;

/// <summary>To whom a resident's rows are open for a while. What can follow from where: BrokenGlass.states.md.</summary>
public sealed record BrokenGlass(ImmutableDictionary<string, DateTimeOffset> Until) : IState<BrokenGlass>
{
    public static Guid StreamOf(Guid residentId) => Ids.Of(residentId, "glass");

    public static BrokenGlass Evolve(BrokenGlass? glass, DomainEvent @event) => @event is GlassBroken e
        ? new((glass?.Until ?? ImmutableDictionary<string, DateTimeOffset>.Empty).SetItem(e.By, e.Until))
        : throw new InvalidOperationException($"{@event.GetType().Name} cannot follow.");

    public bool IsOpenTo(string by, DateTimeOffset now) => Until.TryGetValue(by, out var until) && now < until;
}

/// <summary>Somebody of a clinic or a hospital must see a resident who is not his: he says why, has a few hours, and all that he looks at is kept.</summary>
/// <param name="Reason">emergency, walkIn, standIn or safeguarding.</param>
public sealed record BreakGlass(string? Reason)
{
    internal const string Resident = "residentId";

    public static IReadOnlyList<string> Reasons { get; } = ["emergency", "walkIn", "standIn", "safeguarding"];

    public IEnumerable<DomainEvent> Decide(Guid residentId, Actor by, BrokenGlass? glass, Policies.Moment at) =>
        glass?.IsOpenTo(by.Id, at.Now) is true
            ? [] // broken twice is broken once
            : [new GlassBroken(residentId, by.Id, by.OrganizationId, Reason!, at.Now.AddHours(at.Policy.BreakGlassHours))];

    /// <summary>Whether he may look, here and now; never by what this process remembers.</summary>
    internal static async Task<bool> IsOpen(IServiceProvider services, Guid residentId, string by, IEnumerable<string> roles, CancellationToken ct) =>
        roles.Any(Access.Staff.Contains)
        && (await services.GetRequiredService<IEventStore>().Load<BrokenGlass>(BrokenGlass.StreamOf(residentId), ct)).State is { } glass
        && glass.IsOpenTo(by, services.GetRequiredService<TimeProvider>().GetUtcNow());
}

public static class BreakGlassEndpoint
{
    public static void MapBreakGlass(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/residents/{residentId:guid}/break-glass", Handle).WithName(nameof(BreakGlass))
            .WithSummary("See a resident who is not one's own, for a reason and a few hours").For(Access.Staff).OnlyNames(BreakGlass.Resident);
        routes.MapAccesses();
    }

    private static async Task<Decided> Handle(
        Guid residentId, BreakGlass command, HttpContext http, Access access, Runner runner, CancellationToken ct)
    {
        if (!BreakGlass.Reasons.Contains(command.Reason))
            throw new RuleBroken("VALIDATION_FAILED", "A reason is needed.", new { allowed = BreakGlass.Reasons });
        if ((await access.OfResident.Find(http.RequestServices, residentId, true, ct)).Whose is null)
            throw new UnknownId();
        var envelope = http.Envelope();
        return new(await runner.Execute<BrokenGlass>(BrokenGlass.StreamOf(residentId), envelope,
            (glass, at) => command.Decide(residentId, envelope.Actor, glass, at), ct) with
        { Id = residentId });
    }
}
