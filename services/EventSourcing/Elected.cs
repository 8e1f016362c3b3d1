using System.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Work that one instance per database does, however many run: whoever holds the advisory lock. When it dies its
/// connection does too, and another takes over within a second.
/// </summary>
public abstract class Elected(string name, NpgsqlDataSource database, ILogger log) : BackgroundService
{
    protected abstract Task Work(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                while (!await TryLock(connection, stoppingToken))
                    await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
                using var elected = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var work = Work(elected.Token);
                try
                {
                    // Whoever loses his connection has lost the election.
                    while (!work.IsCompleted)
                    {
                        await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(1), elected.Token));
                        await using var alive = new NpgsqlCommand("select 1", connection);
                        await alive.ExecuteScalarAsync(elected.Token);
                    }
                }
                finally
                {
                    await elected.CancelAsync();
                    await Task.WhenAny(work);
                    await connection.GiveUpLocks();
                }
                await work;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever stops the work: stand for election again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                log.LogWarning(e, "{Work} was interrupted and starts again", name);
                await Task.Delay(TimeSpan.FromMilliseconds(500), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<bool> TryLock(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtext($1))", connection);
        command.Parameters.AddWithValue(name);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}

internal static class SessionLocks
{
    /// <summary>In the pool a connection would keep its locks until somebody uses it again.</summary>
    public static async Task GiveUpLocks(this NpgsqlConnection connection)
    {
        if (connection.State != ConnectionState.Open)
            return;
        try
        {
            await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // Without its connection the lock is gone already.
        }
    }
}
