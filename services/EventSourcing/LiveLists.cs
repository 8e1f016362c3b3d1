using System.Diagnostics;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Tells whoever follows a list that its rows have changed, never how: he reads the list anew, with his own right to it.
/// Whichever instance builds the views tells all of them, through the database, in the rows' own commit. A lost word does
/// no harm, so a slow follower's oldest ones are dropped.
/// </summary>
public sealed class LiveLists(NpgsqlDataSource database, ILogger<LiveLists> log) : BackgroundService
{
    public const string Changed = "changed", Ping = "ping";
    private const string Channel = "fd_lists", Everything = "*";

    /// <summary>PostgreSQL takes less than 8,000 bytes in one word.</summary>
    private const int Longest = 7_000;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private readonly Lock following = new();
    private readonly HashSet<Follower> followers = [];
    private long version;

    private sealed record Follower(Channel<SseItem<string>> Channel, HashSet<string> Lists);

    /// <summary>Which lists the rows of a view's page have entered, left or changed in; told when the page is committed.</summary>
    internal static async Task Tell(NpgsqlConnection connection, IReadOnlyCollection<string> lists, long reached, CancellationToken ct)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var list in lists)
        {
            if (word.Length + list.Length > Longest)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            word.Append(word.Length == 0 ? $"{reached}" : "").Append('\n').Append(list);
        }
        words.Add(word.ToString());
        await using var command = new NpgsqlCommand($"select pg_notify('{Channel}', word) from unnest($1) as w(word)", connection);
        command.Parameters.Add(Parameter.Of(words.ToArray()));
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A view was built anew: anything may have changed.</summary>
    internal static Task TellAll(NpgsqlConnection connection, long reached, CancellationToken ct) => Tell(connection, [Everything], reached, ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                log.LogWarning(e, "Changes of lists cannot be heard and are listened for again");
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task Listen(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        connection.Notification += (_, word) => Hear(word.Payload);
        try
        {
            await using (var listen = new NpgsqlCommand(
                $"select coalesce(max(last_seq_id), 0) from mt_event_progression where name like '%:All' and name not like 'Relay%'; listen {Channel}", connection))
                Interlocked.Exchange(ref version, (long)(await listen.ExecuteScalarAsync(ct))!);
            Say(Changed, _ => true); // whatever was not heard meanwhile
            var pinged = Stopwatch.StartNew();
            while (true)
            {
                var left = Quiet - pinged.Elapsed;
                if (left > TimeSpan.Zero)
                {
                    await connection.WaitAsync(left, ct);
                    continue;
                }
                // While the database cannot be asked there is no ping, and followers see that nobody listens for them.
                await using (var alive = new NpgsqlCommand("select 1", connection))
                    await alive.ExecuteScalarAsync(ct);
                Say(Ping, _ => true);
                pinged.Restart();
            }
        }
        finally
        {
            await StopListening(connection);
        }
    }

    /// <summary>In the pool the connection would go on listening.</summary>
    private static async Task StopListening(NpgsqlConnection connection)
    {
        if (connection.State != System.Data.ConnectionState.Open)
            return;
        try
        {
            await using var command = new NpgsqlCommand("unlisten *", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // Without its connection nobody listens any more.
        }
    }

    private void Hear(string word)
    {
        var lines = word.Split('\n');
        Interlocked.Exchange(ref version, long.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture));
        var changed = lines.Skip(1).ToHashSet();
        Say(Changed, changed.Contains(Everything) ? _ => true : f => f.Lists.Overlaps(changed));
    }

    private void Say(string topic, Func<Follower, bool> to)
    {
        lock (following)
        {
            foreach (var follower in followers.Where(to))
                follower.Channel.Writer.TryWrite(Item(topic));
        }
    }

    private SseItem<string> Item(string topic)
    {
        var now = $"{Interlocked.Read(ref version)}";
        return new(now, topic) { EventId = now };
    }

    /// <param name="last">What the follower heard last, before its line broke.</param>
    public async IAsyncEnumerable<SseItem<string>> Follow(IEnumerable<string> lists, string? last, [EnumeratorCancellation] CancellationToken ct)
    {
        var follower = new Follower(
            System.Threading.Channels.Channel.CreateBounded<SseItem<string>>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest }), [.. lists]);
        // The line ends when its follower leaves, without a fault.
        await using var leaving = ct.Register(() => follower.Channel.Writer.TryComplete());
        lock (following)
            followers.Add(follower);
        try
        {
            var first = Item(Ping);
            yield return last is { Length: > 0 } && last != first.EventId ? Item(Changed) : first;
            await foreach (var item in follower.Channel.Reader.ReadAllAsync(CancellationToken.None))
                yield return item;
        }
        finally
        {
            lock (following)
                followers.Remove(follower);
        }
    }
}

public static class LiveListsEndpoints
{
    public static IServiceCollection AddLiveLists(this IServiceCollection services) =>
        services.AddSingleton<LiveLists>().AddHostedService(s => s.GetRequiredService<LiveLists>());

    /// <summary>Beside a list: who follows it is told when to read it anew.</summary>
    /// <param name="list">The list's name.</param>
    public static RouteHandlerBuilder MapLive(this IEndpointRouteBuilder routes, string path, string list, Delegate handle) => routes
        .MapGet(path, handle).WithName($"{list}Live").WithSummary("Says whenever this list has changed, never how: read it anew then").OfNobody();

    /// <summary>The changes of the lists of these names, as server-sent events.</summary>
    public static ServerSentEventsResult<string> Stream(this LiveLists live, HttpContext http, params string[] lists)
    {
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(live.Follow(lists, http.Request.Headers["Last-Event-ID"], http.UntilItEnds()));
    }

    /// <summary>Until the caller goes away or the service stops: it does not wait for lines that have no end of their own.</summary>
    public static CancellationToken UntilItEnds(this HttpContext http)
    {
        var ends = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted, http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        http.Response.RegisterForDispose(ends);
        return ends.Token;
    }
}
