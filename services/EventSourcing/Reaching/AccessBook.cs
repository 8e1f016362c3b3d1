using System.Text.Json.Serialization;
using FamilyDoctor.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.EventSourcing;

/// <summary>Somebody looked at what is not his own.</summary>
/// <param name="Why">breakGlass, or the commission's purpose.</param>
/// <param name="Name">What he asked by: contractId, teamId ...</param>
/// <param name="ResidentId">Whose row it was, if it was one resident's.</param>
/// <param name="Endpoint">What he asked for.</param>
public sealed record RowsReached(string By, string Why, string Name, Guid Id, Guid? ResidentId, string Endpoint) : DomainEvent;

/// <summary>What somebody looked at in one day that is not his own.</summary>
public sealed record AccessBook(int Entries) : IState<AccessBook>
{
    public static Guid StreamOf(string by, DateOnly day) => Ids.Of($"AccessBook:{by}:{day:O}");

    public static AccessBook Evolve(AccessBook? book, DomainEvent @event) => @event is RowsReached
        ? new((book?.Entries ?? 0) + 1)
        : throw new InvalidOperationException($"{@event.GetType().Name} cannot follow.");

    /// <summary>Written before anything is shown.</summary>
    internal static Task Enter(IServiceProvider services, Envelope by, RowsReached entry, CancellationToken ct)
    {
        var today = services.GetRequiredService<PolicyBook>().At(services.GetRequiredService<TimeProvider>().GetUtcNow()).Today;
        return services.GetRequiredService<Runner>().Execute<AccessBook>(StreamOf(entry.By, today), by, (_, _) => [entry], ct);
    }
}

/// <summary>What every service stores of who looked at what.</summary>
[JsonSerializable(typeof(GlassBroken))]
[JsonSerializable(typeof(RowsReached))]
public sealed partial class AccessEvents : JsonSerializerContext;
