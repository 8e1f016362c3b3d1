using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>What is asked: of whom, over which days, as of which date.</summary>
/// <param name="Until">The end of the date asked, or now if that is earlier.</param>
public sealed record Question(Scope Scope, Period Period, DateOnly AsOf, DateTimeOffset From, DateTimeOffset Until, Moment Rules)
{
    public static Question Of(Scope scope, Period period, DateOnly asOf, DateTimeOffset now, PolicyBook policies)
    {
        var end = asOf < period.To ? asOf : period.To;
        var moment = policies.At(now);
        var until = moment.EndOf(end);
        if (until > now)
            until = now.AddTicks(10); // what happened just now belongs to it
        return new(scope, period with { To = end < period.From ? period.From : end }, end, moment.StartOf(period.From), until, policies.At(until));
    }
}

/// <summary>
/// The rows that questions are asked of: those of now, or those that the same folds give from all that was known at
/// an earlier moment.
/// </summary>
public sealed class Facts(NpgsqlDataSource database, IEventStore store, IEnumerable<View> views)
{
    private readonly SemaphoreSlim rebuilding = new(1);

    public async Task<T> Ask<T>(DateTimeOffset? knownAt, Func<Source, Task<T>> ask, CancellationToken ct)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(ct);
            if (knownAt is not { } moment)
                return await ask(new(connection, "views", null));
            await rebuilding.WaitAsync(ct);
            try
            {
                return await ask(new(connection, "pg_temp", await Rebuild(connection, moment, ct)));
            }
            finally
            {
                rebuilding.Release();
            }
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable)
        {
            throw new Busy(e); // the very first start: no view exists yet
        }
    }

    /// <summary>Folds the log up to a moment into tables of this connection alone; returns the newest business time in it.</summary>
    private async Task<DateTimeOffset> Rebuild(NpgsqlConnection connection, DateTimeOffset knownAt, CancellationToken ct)
    {
        foreach (var view in views)
            await view.Create(connection, "pg_temp", ct);
        var newest = DateTimeOffset.MinValue;
        var reader = store.ReadLog(0);
        while (await reader.Next(2000, ct) is { Count: > 0 } page)
        {
            var known = page.Where(r => r.RecordedAt <= knownAt && r.Event is not UnknownEvent).ToList();
            if (known.Count == 0)
                break; // all later ones were recorded later
            foreach (var view in views)
                await view.Apply(connection, "pg_temp", known, ct);
            newest = known.Max(r => r.OccurredAt) is var latest && latest > newest ? latest : newest;
        }
        return newest;
    }
}

/// <summary>A connection to one state of the rows.</summary>
/// <param name="NewestFact">Business time of the newest fact, when the rows are not those of now.</param>
public sealed record Source(NpgsqlConnection Connection, string Schema, DateTimeOffset? NewestFact)
{
    public async Task<List<T>> Read<T>(string sql, Question question, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Phrases.Write(sql, question.Scope, Schema), Connection);
        var p = command.Parameters;
        p.Add(new("day", NpgsqlDbType.Date) { Value = question.AsOf });
        p.Add(new("fromday", NpgsqlDbType.Date) { Value = question.Period.From });
        p.Add(new("from", NpgsqlDbType.TimestampTz) { Value = question.From.UtcDateTime });
        p.Add(new("at", NpgsqlDbType.TimestampTz) { Value = question.Until.UtcDateTime });
        p.Add(new("zone", NpgsqlDbType.Text) { Value = question.Rules.Zone.Id });
        p.Add(new("scope", question.Scope.Level is Level.Institution or Level.Team ? NpgsqlDbType.Uuid : NpgsqlDbType.Text) { Value = question.Scope.Value });
        p.Add(new("grace", NpgsqlDbType.Integer) { Value = question.Rules.Policy.RenewalGraceDays });
        p.Add(new("population", NpgsqlDbType.Integer) { Value = question.Rules.Policy.InstitutionPopulation });
        p.Add(new("firsturgent", NpgsqlDbType.Integer) { Value = question.Rules.Policy.FirstVisitUrgentHours });
        p.Add(new("firstother", NpgsqlDbType.Integer) { Value = question.Rules.Policy.FirstVisitHours });
        var rows = new List<T>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            rows.Add(read(row));
        return rows;
    }
}

/// <summary>The few phrases that every measure is written in.</summary>
internal static class Phrases
{
    /// <summary>The finest level at which a measure can be taken, told by the phrases it uses.</summary>
    public static Level Finest(string sql) =>
        sql.Contains("{city}", StringComparison.Ordinal) ? Level.City
        : sql.Contains("{residents}", StringComparison.Ordinal) || sql.Contains("{area}", StringComparison.Ordinal) ? Level.District
        : sql.Contains("{inst}", StringComparison.Ordinal) || sql.Contains("{practitioners}", StringComparison.Ordinal)
            || sql.Contains("{institutions}", StringComparison.Ordinal) ? Level.Institution
        : Level.Team;

    public static string Write(string sql, Scope scope, string schema)
    {
        for (var pass = 0; pass < 2; pass++) // a phrase may use another one
        {
            sql = sql
                .Replace("{teams}", "(select distinct on (team_id) * from {v}.team_step where at < @at and {in} order by team_id, version desc)", StringComparison.Ordinal)
                .Replace("{institutions}", "(select distinct on (institution_id) * from {v}.institution_step where at < @at and {inst} order by institution_id, version desc)", StringComparison.Ordinal)
                .Replace("{practitioners}", "(select distinct on (practitioner_id) * from {v}.practitioner_step where at < @at and {inst} order by practitioner_id, version desc)", StringComparison.Ordinal)
                .Replace("{capacity}", "(select distinct on (institution_id) * from {v}.bed_capacity_step where at < @at and {inst} order by institution_id, version desc)", StringComparison.Ordinal)
                .Replace("{residents}", Reported("usualResidents", scope), StringComparison.Ordinal)
                .Replace("{force}", "starts_on <= @day and {last} >= @day", StringComparison.Ordinal)
                .Replace("{last}", "least(leaves_on - 1, (expired_at at time zone @zone)::date - 1, coalesce(grace_until, ends_on + @grace))", StringComparison.Ordinal)
                .Replace("{waiting}", """
                    submitted_at < @at and (scheduled_at is null or scheduled_at >= @at) and (declined_at is null or declined_at >= @at)
                    and (cancelled_at is null or cancelled_at >= @at) and (arrived_at is null or arrived_at >= @at)
                    and (no_show_at is null or no_show_at >= @at) and (closed_at is null or closed_at >= @at)
                    """, StringComparison.Ordinal);
        }
        return sql.Replace("{in}", scope.Condition, StringComparison.Ordinal).Replace("{inst}", scope.Condition, StringComparison.Ordinal)
            .Replace("{area}", scope.Condition, StringComparison.Ordinal).Replace("{city}", "true", StringComparison.Ordinal)
            .Replace("{v}", schema, StringComparison.Ordinal);
    }

    /// <summary>The newest value reported up to the date; for the city its own, else the sum of its districts.</summary>
    public static string Reported(string figure, Scope scope) => scope.Level == Level.District
        ? $"(select value from {{v}}.known_figure where figure = '{figure}' and district_code = @scope and ends_on <= @day order by ends_on desc, published_on desc limit 1)"
        : $$"""
          coalesce((select value from {v}.known_figure where figure = '{{figure}}' and district_code is null and ends_on <= @day
                    order by ends_on desc, published_on desc limit 1),
                   (select sum(value) from (select distinct on (district_code) value from {v}.known_figure
                    where figure = '{{figure}}' and district_code is not null and ends_on <= @day
                    order by district_code, ends_on desc, published_on desc) newest))
          """;
}
