using System.Text.Json;
using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.Dashboard.Ui;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.Dashboard.Explaining;

/// <summary>What a service told of a journey.</summary>
/// <param name="CauseId">The event that led to it.</param>
public sealed record StoryStep(
    Guid EventId, string Service, string Type, Text Sentence, Guid StreamId, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, Guid? CauseId);

/// <summary>Everything that was told of one case, one resident or one request, across services, in order.</summary>
/// <param name="Total">How many messages there are; 2,000 at most are looked at.</param>
/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record Story(Guid Id, int Total, IReadOnlyList<StoryStep> Items, string? Next);

/// <summary>Tells stories from the messages that are kept here.</summary>
public sealed class Stories(IEventStore log, Rows<StoryLine> lines, Neighbours neighbours)
{
    private const int MostLines = 2000, MostCausesBack = 5, MostAsked = 60;

    public async Task<Story> Of(Guid id, HttpContext http, int after, int limit, CancellationToken ct)
    {
        limit = Math.Clamp(limit, 1, 200);
        var found = await lines.Where(
            $"stream_id = $1 or resident_id = $1 or case_id = $1 or correlation_id = $1 order by occurred_at, sequence limit {MostLines}", ct, id);
        var messages = await Messages(found.Select(l => l.MessageId), ct);
        // A case belongs to one resident: among all that was told of him is whatever else names the case.
        if (found.FirstOrDefault(l => l.ResidentId is not null && l.ResidentId != id && l.CorrelationId != id) is { ResidentId: { } resident })
        {
            var his = await lines.Where($"resident_id = $1 order by occurred_at, sequence limit {MostLines}", ct, resident);
            foreach (var (known, message) in await Messages(his.Select(l => l.MessageId).Where(m => !messages.ContainsKey(m)), ct))
            {
                if (JsonSerializer.Serialize(message, message.GetType()).Contains($"{id}", StringComparison.OrdinalIgnoreCase))
                    messages.Add(known, message);
            }
        }
        await AddCauses(messages, ct);
        await LeaveOutWhatIsNotHis(messages, neighbours.Begin(http), ct);
        var steps = messages.Values.OrderBy(m => m.OccurredAt).ThenBy(m => m.RecordedAt).ThenBy(m => m.StreamVersion).Select(Step).ToList();
        after = Math.Max(after, 0);
        return new(id, steps.Count, [.. steps.Skip(after).Take(limit)], steps.Count > after + limit ? $"{after + limit}" : null);
    }

    /// <summary>Whoever owns a case says whether the reader reaches it; the rest is left out as if it were not there.</summary>
    private static async Task LeaveOutWhatIsNotHis(Dictionary<Guid, IntegrationEvent> messages, Neighbours.Round round, CancellationToken ct)
    {
        if (round.HasCity)
            return;
        var cases = messages.Values.GroupBy(m => (Service: m.Publisher(), m.StreamId)).ToList();
        var reached = await Task.WhenAll(cases.Select(async (c, n) => n < MostAsked
            && (await round.Get<HistoryPage>(c.Key.Service, $"/history/{c.Key.StreamId}?newest=true&limit=1", ct) is not null
                || (round.IsSilent(c.Key.Service) && c.All(round.MayKnow)))));
        foreach (var message in cases.Where((_, n) => !reached[n]).SelectMany(c => c))
            messages.Remove(message.EventId);
    }

    /// <summary>What led to it belongs to the story, even where it names the case nowhere.</summary>
    private async Task AddCauses(Dictionary<Guid, IntegrationEvent> messages, CancellationToken ct)
    {
        for (var back = 0; back < MostCausesBack; back++)
        {
            var missing = messages.Values.Select(CauseOf).OfType<Guid>().Where(c => !messages.ContainsKey(c)).Distinct().ToList();
            var causes = await Messages(missing, ct);
            foreach (var (cause, message) in causes)
                messages.Add(cause, message);
            if (causes.Count == 0)
                return;
        }
    }

    private async Task<Dictionary<Guid, IntegrationEvent>> Messages(IEnumerable<Guid> ids, CancellationToken ct)
    {
        var wanted = ids.Select(id => (id, 0L)).ToList();
        return wanted.Count == 0 ? [] : (await log.Read(wanted, ct)).Where(m => m.Value[0].Message() is not null)
            .ToDictionary(m => m.Key, m => m.Value[0].Message()!);
    }

    private static StoryStep Step(IntegrationEvent m) => new(m.EventId, m.Publisher(), EventTypes.AliasOf(m.GetType()), Reader.Sentence(EventTypes.AliasOf(m.GetType())),
        m.StreamId, m.OccurredAt, m.RecordedAt, CauseOf(m));

    private static Guid? CauseOf(IntegrationEvent message) => Guid.TryParse(message.CausationId, out var cause) ? cause : null;
}

public static class StoryEndpoint
{
    public static void MapStories(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/stories/{id:guid}", async (Guid id, Stories stories, HttpContext http, CancellationToken ct, int after = 0, int limit = 100) =>
            await stories.Of(id, http, after, limit, ct) is { Total: > 0 } story ? story : throw new UnknownId())
        .WithName(nameof(Story)).WithSummary("Everything that was told of one case, one resident or one request, across services").For(WhyEndpoint.Roles);
}
