using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace FamilyDoctor.Dashboard.Ui;

/// <summary>
/// Tells every open page that the city has changed, never what: each part reads itself anew, in its own language.
/// A lost event does no harm, so a slow reader's oldest ones are dropped.
/// </summary>
public sealed class Live(Answers answers, ILogger<Live> log) : BackgroundService
{
    public const string Changed = "city", Ping = "ping";
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1), Quiet = TimeSpan.FromSeconds(10);
    private readonly Lock listening = new();
    private readonly HashSet<Channel<SseItem<string>>> readers = [];
    private long position;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look);
        var (seconds, changed, failing) = (0, false, false);
        do
        {
            try
            {
                var reached = await answers.Position(stoppingToken);
                changed |= Interlocked.Exchange(ref position, reached) != reached;
                failing = false;
            }
            catch (Npgsql.NpgsqlException e)
            {
                if (!failing)
                    log.LogWarning(e, "Cannot see how far the views have come; pages keep what they show");
                failing = true;
            }
            // At most every two seconds, as long as an answer is kept: the last change is never lost.
            if (changed && seconds % 2 == 0)
            {
                if (Anybody())
                    await Renewed();
                Tell(Changed);
                changed = false;
            }
            // While the database cannot be asked there is no ping either, and pages say that updates are paused.
            if (!failing && seconds % (int)Quiet.TotalSeconds == 0)
                Tell(Ping);
            seconds++;
        }
        while (await Next());

        // Then nobody waits for it; what cannot be measured now says so to whoever asks.
        async Task Renewed()
        {
            try
            {
                await answers.Renew();
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or EventSourcing.Busy)
            {
                log.LogDebug(e, "Not measured");
            }
        }

        async Task<bool> Next()
        {
            try
            {
                return await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    /// <param name="last">What the reader saw last, before its line broke.</param>
    public async IAsyncEnumerable<SseItem<string>> Listen(string? last, [EnumeratorCancellation] CancellationToken ct)
    {
        var channel = Channel.CreateBounded<SseItem<string>>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (listening)
            readers.Add(channel);
        try
        {
            yield return Item(last is { Length: > 0 } && last != Id ? Changed : Ping);
            await foreach (var item in channel.Reader.ReadAllAsync(ct))
                yield return item;
        }
        finally
        {
            lock (listening)
                readers.Remove(channel);
        }
    }

    private bool Anybody()
    {
        lock (listening)
            return readers.Count > 0;
    }

    private string Id => $"{Interlocked.Read(ref position)}";

    private SseItem<string> Item(string topic) => new(Id, topic) { EventId = Id };

    private void Tell(string topic)
    {
        lock (listening)
        {
            foreach (var reader in readers)
                reader.Writer.TryWrite(Item(topic));
        }
    }
}
