using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The city's policy versions in the order they take effect.</summary>
/// <param name="InForce">The version that decisions rest on now.</param>
public sealed record PoliciesOfCity(int InForce, IReadOnlyList<PolicyOfCity> Versions, long Version);

/// <param name="From">Null for version 0, the sample policy that every service carries, as the city has configured it.</param>
public sealed record PolicyOfCity(int Version, DateTimeOffset? From, Policy Policy);

public static class PoliciesOfCityEndpoint
{
    public static void MapPoliciesOfCity(this IEndpointRouteBuilder routes) => routes
        .MapGet("/policies", Handle).WithName(nameof(PoliciesOfCity)).WithSummary("The city's policy versions").Public(Readers.Everyone);

    private static async Task<PoliciesOfCity> Handle(HttpContext http, City city, IEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var (versions, version) = await store.Load<PolicyVersions>(PolicyVersions.StreamOf(city), ct);
        http.Response.Headers.ETag = $"\"{version}\"";
        var all = (versions?.All ?? []).OrderBy(v => v.From).ThenBy(v => v.Version).ToList();
        return new(all.LastOrDefault(v => v.From <= clock.GetUtcNow())?.Version ?? 0,
            [.. all.Any(v => v.Version == 0) ? [] : new[] { new PolicyOfCity(0, null, Policy.Default) },
                .. all.Select(v => new PolicyOfCity(v.Version, v.Version == 0 ? null : v.From, v.Policy))], version);
    }
}
