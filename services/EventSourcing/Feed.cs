using System.ComponentModel;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.IntegrationEvents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>A page of a service's integration events; ask again after Next until More is false.</summary>
public sealed record FeedPage(IReadOnlyList<FeedItem> Items, long Next, bool More);

/// <param name="Type">Name of the record in the published language.</param>
public sealed record FeedItem(long Sequence, string Type, JsonElement Message);

/// <summary>Every integration event since the beginning, for consumers that are new or were lost.</summary>
public static class FeedEndpoint
{
    public static void MapFeed(this IEndpointRouteBuilder routes) => routes
        .MapGet("/integration-events", Handle).WithName("IntegrationEvents")
        .WithSummary("This service's integration events in order, from the beginning").For(Role.Service);

    private static Task<FeedPage> Handle(IEventStore store, IOutbound outbound, CancellationToken ct, long after = 0,
        [Description("How many events are looked through at most: 1 to 2000, as asked or 1000.")] int limit = 1000) =>
        Read(store, outbound, after, limit, ct);

    internal static async Task<FeedPage> Read(IEventStore store, IOutbound outbound, long after, int limit, CancellationToken ct)
    {
        var reader = store.ReadLog(after);
        var page = await reader.Next(Math.Clamp(limit, 1, 2000), ct);
        var messages = await outbound.Messages(store, page, ct);
        return new(
            [.. messages.Select(m => new FeedItem(m.Recorded.Sequence, m.Message.GetType().Name,
                JsonSerializer.SerializeToElement(m.Message, m.Message.GetType(), JsonSerializerOptions.Web)))],
            page.Count > 0 ? page[^1].Sequence : after, page.Count > 0 || reader.IsWaiting);
    }
}

/// <summary>
/// Reads the feeds of the services this one listens to, once, from the beginning: a consumer that is new or whose
/// copies were dropped learns what the broker no longer has. Reactions are idempotent, so overlap does no harm.
/// </summary>
/// <param name="self">This service's own name: its own feed it reads without going through the network.</param>
public sealed class Refill(
    string self, NpgsqlDataSource database, IEventStore store, IOutbound outbound, IReadOnlyList<Reaction> reactions,
    IHttpClientFactory clients, IServiceProvider services, ILogger<Refill> log)
    : Elected("refill", database, log), IHealthCheck
{
    private readonly NpgsqlDataSource database = database;

    /// <summary>Ready only when every feed was read; until then a rule might rest on a copy that is not there yet.</summary>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        foreach (var publisher in Publishers())
        {
            if (await Reached(publisher, cancellationToken) is not (_, true))
                return HealthCheckResult.Unhealthy($"The feed of {publisher} was not read yet.");
        }
        return HealthCheckResult.Healthy();
    }

    protected override async Task Work(CancellationToken ct)
    {
        await Task.WhenAll(Publishers().Select(publisher => ReadFeed(publisher, ct)));
        await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private IEnumerable<string> Publishers() => reactions.Select(r => PublisherOf(r.Message)).Distinct();

    private static string PublisherOf(Type message) => message.Namespace!.Split('.')[^1].ToLowerInvariant();

    private async Task ReadFeed(string publisher, CancellationToken ct)
    {
        var wanted = reactions.Where(r => PublisherOf(r.Message) == publisher).ToLookup(r => r.Message.Name);
        var client = clients.CreateClient("services");
        var (position, complete) = await Reached(publisher, ct);
        while (!complete)
        {
            FeedPage page;
            try
            {
                page = publisher == self
                    ? await FeedEndpoint.Read(store, outbound, position, 1000, ct)
                    : (await client.GetFromJsonAsync<FeedPage>($"http://{publisher}/integration-events?after={position}", ct))!;
            }
            catch (Exception e) when (e is HttpRequestException or Polly.ExecutionRejectedException && !ct.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), ct); // the publisher is not up yet
                continue;
            }
            await Task.WhenAll(page.Items.SelectMany(item => wanted[item.Type].Select(reaction =>
                React(reaction, (IntegrationEvent)item.Message.Deserialize(reaction.Message, JsonSerializerOptions.Web)!, ct))));
            (position, complete) = (page.Next, !page.More);
            await Save(publisher, position, complete, ct);
            if (page.Items.Count == 0 && page.More)
                await Task.Delay(TimeSpan.FromMilliseconds(200), ct); // an open transaction; its events come when it commits
        }
    }

    private async Task React(Reaction reaction, IntegrationEvent message, CancellationToken ct)
    {
        try
        {
            await reaction.React(services, message, ct);
        }
        catch (RuleBroken e)
        {
            log.LogError(e, "Message {EventId} could not be applied", message.EventId);
        }
    }

    private async Task<(long Position, bool Complete)> Reached(string publisher, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select pg_advisory_xact_lock(hashtext('copies'));
            create schema if not exists copies;
            create table if not exists copies.feeds (publisher text primary key, position bigint not null, complete boolean not null);
            """);
        try
        {
            await using var read = database.CreateCommand("select position, complete from copies.feeds where publisher = $1");
            read.Parameters.AddWithValue(publisher);
            await using var row = await read.ExecuteReaderAsync(ct);
            return await row.ReadAsync(ct) ? (row.GetInt64(0), row.GetBoolean(1)) : (0, false);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            await command.ExecuteNonQueryAsync(ct);
            return (0, false);
        }
    }

    private async Task Save(string publisher, long position, bool complete, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            insert into copies.feeds (publisher, position, complete) values ($1, $2, $3)
            on conflict (publisher) do update set position = excluded.position, complete = excluded.complete
            """);
        command.Parameters.AddWithValue(publisher);
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(complete);
        await command.ExecuteNonQueryAsync(ct);
    }
}
