using System.Globalization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>A row of work with the time by which it should be done.</summary>
public interface IWork
{
    Guid Id { get; }
    DateTimeOffset DueAt { get; }
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record WorkPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Pages of work, the least time left first.</summary>
public static class LeastTimeLeft
{
    /// <param name="condition">Whose work; its parameters are $1, $2 ...</param>
    public static async Task<WorkPage<T>> Page<T>(
        this Rows<T> rows, string condition, string? after, int limit, CancellationToken ct, params object[] values) where T : class, IRow<T>, IWork
    {
        limit = Math.Clamp(limit, 1, 200);
        var (dueAt, id) = Position(after);
        var items = await rows.Where(
            $"{condition} and task <> 'None' and (due_at, id) > (${values.Length + 1}, ${values.Length + 2}) order by due_at, id limit {limit}", ct, [.. values, dueAt, id]);
        return new(items, items.Count == limit ? $"{items[^1].DueAt.UtcTicks}.{items[^1].Id:N}" : null);
    }

    private static (DateTimeOffset DueAt, Guid Id) Position(string? after)
    {
        if (after is null)
            return (DateTimeOffset.UnixEpoch, Guid.Empty);
        var parts = after.Split('.');
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var ticks) && Guid.TryParse(parts[1], out var id)
            && ticks >= DateTimeOffset.UnixEpoch.Ticks && ticks < DateTimeOffset.MaxValue.Ticks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : throw new BadHttpRequestException("after must be the Next of a page.");
    }
}
