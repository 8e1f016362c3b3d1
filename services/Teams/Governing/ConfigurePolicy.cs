using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Governing;

/// <summary>
/// A city's own sample policy: parameters under "Policy" in the configuration of this service change version 0, once,
/// before anything was decided here. Later changes are versions with a date.
/// </summary>
public sealed class ConfigurePolicy(Runner runner, IEventStore store, PolicyBook book, City city, IdSource ids, IConfiguration configuration) : IHostedService
{
    public static IEnumerable<DomainEvent> Decide(PolicyVersions? versions, JsonElement configured) => versions is not null ? []
        : [new PolicyVersionActivated(0, DateTimeOffset.MinValue, ActivatePolicyVersion.Merged(Policy.Default, configured))];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Read(configuration.GetSection("Policy")) is { } configured)
        {
            var by = new Envelope(new Actor("configuration", "service"), ids.Next().ToString());
            await runner.Execute<PolicyVersions>(PolicyVersions.StreamOf(city), by, (versions, _) => Decide(versions, configured), cancellationToken);
        }
        var (known, _) = await store.Load<PolicyVersions>(PolicyVersions.StreamOf(city), cancellationToken);
        if (known?.All.FirstOrDefault(v => v.Version == 0) is { } first)
            book.Learn(0, first.From, first.Policy); // here before the first request; the others hear of it like of any version
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>"Policy:ContractsPerGp=1800", "Policy:TermMonthsAllowed:0=12": names in any case, as configuration has them.</summary>
    public static JsonElement? Read(IConfigurationSection section)
    {
        var known = JsonSerializer.SerializeToNode(Policy.Default, JsonSerializerOptions.Web)!.AsObject().Select(p => p.Key).ToList();
        var changes = new JsonObject();
        foreach (var parameter in section.GetChildren())
            changes[known.Find(k => k.Equals(parameter.Key, StringComparison.OrdinalIgnoreCase)) ?? parameter.Key] = Value(parameter);
        return changes.Count == 0 ? null : JsonSerializer.SerializeToElement(changes);
    }

    private static JsonNode? Value(IConfigurationSection parameter)
    {
        var children = parameter.GetChildren().ToList();
        if (children.Count == 0)
            return int.TryParse(parameter.Value, out var number) ? number : bool.TryParse(parameter.Value, out var yes) ? yes : parameter.Value;
        return children.TrueForAll(c => int.TryParse(c.Key, out _))
            ? new JsonArray([.. children.OrderBy(c => int.Parse(c.Key, System.Globalization.CultureInfo.InvariantCulture)).Select(Value)])
            : new JsonObject(children.Select(c => KeyValuePair.Create(c.Key, Value(c))));
    }
}
