using System.Text.Json;
using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.Dashboard.Ui;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.Dashboard.Explaining;

/// <summary>One thing that happened on the way: a sentence, where, when, and by whom.</summary>
/// <param name="Service">Who told it; null while nobody is known who knows it.</param>
/// <param name="ReasonCode">The reason that the event itself gives.</param>
/// <param name="Silent">The service did not answer: only what it had published is told here.</param>
public sealed record WhyStep(
    Guid EventId, string? Service, string Type, Text Sentence, Guid? StreamId, long? Version, DateTimeOffset? OccurredAt, DateTimeOffset? RecordedAt,
    string? ActorRole, string? Channel, int? PolicyVersion, string? ReasonCode, bool Silent);

/// <summary>What happened, and because of what, the newest first.</summary>
/// <param name="End">request: somebody did it; clock: its time had come; unknown; unanswered: a service is silent; deep; cycle.</param>
/// <param name="Silent">Services that did not answer.</param>
public sealed record WhyAnswer(Guid Id, IReadOnlyList<WhyStep> Steps, string End, Text Ending, IReadOnlyList<string> Silent);

/// <summary>
/// Follows causes from service to service. Of a published event this log knows whose it is; of any other all are asked.
/// A service that is down leaves a gap, and what it had published still leads on.
/// </summary>
public sealed class Why(IEventStore log, Rows<StoryLine> lines, Neighbours neighbours)
{
    internal const int MostSteps = 40;

    private sealed record Found(WhyStep Step, Guid? Cause, string? From, string End);

    /// <param name="id">An event, or anything that has a history: then its newest event.</param>
    public async Task<WhyAnswer> Of(Guid id, HttpContext http, CancellationToken ct)
    {
        var round = neighbours.Begin(http);
        var (steps, seen) = (new List<WhyStep>(), new HashSet<Guid>());
        var found = await Event(id, null, round, ct) ?? await Newest(id, round, ct);
        if (found is null)
            return round.Silent.Count == 0 ? throw new UnknownId() : Answer("unanswered");
        while (true)
        {
            steps.Add(found.Step);
            seen.Add(found.Step.EventId);
            if (found.Cause is not { } cause)
                return Answer(found.End);
            if (seen.Contains(cause))
                return Answer("cycle");
            if (steps.Count == MostSteps)
                return Answer("deep");
            if (await Event(cause, found.From, round, ct) is not { } next)
                return Answer(round.Silent.Count == 0 ? "unknown" : "unanswered");
            found = next;
        }

        WhyAnswer Answer(string end) => new(id, steps, end, Ending(end, steps, round.Silent), round.Silent);
    }

    private static Text Ending(string end, List<WhyStep> steps, IReadOnlyList<string> silent) => end switch
    {
        "request" => Reader.Both("why.end.request", Reader.Both($"role.{steps[^1].ActorRole}", "role.unknown")),
        "unanswered" => Reader.Both("why.end.unanswered", [Reader.Listed(silent.Select(s => Reader.Both($"servicename.{s}")))]),
        "deep" => Reader.Both("why.end.deep", new Text($"{MostSteps}", $"{MostSteps}")),
        _ => Reader.Both($"why.end.{end}"),
    };

    /// <param name="from">Who knows it most likely.</param>
    private async Task<Found?> Event(Guid id, string? from, Neighbours.Round round, CancellationToken ct)
    {
        if ((await log.Read(id, ct)) is [var kept, ..] && kept.Message() is { } message)
            return await Published(message, round, ct);
        if (from is not null && await round.Get<EventWithConsequences>(from, $"/history/events/{id}", ct) is { } known)
            return Told(from, known.Event);
        return (await round.GetAll<EventWithConsequences>($"/history/events/{id}", ct)).Select(a => Told(a.Service, a.Answer.Event)).FirstOrDefault();
    }

    private static async Task<Found?> Published(IntegrationEvent message, Neighbours.Round round, CancellationToken ct)
    {
        var (service, type) = (message.Publisher(), EventTypes.AliasOf(message.GetType()));
        var page = await round.Get<HistoryPage>(service, $"/history/{message.StreamId}?after={message.StreamVersion - 1}&limit=1", ct);
        var step = new WhyStep(message.EventId, service, type, Reader.Sentence(type), message.StreamId, message.StreamVersion, message.OccurredAt,
            message.RecordedAt, null, null, null, null, round.IsSilent(service));
        if (page?.Items is not [var entry, ..] || entry.Version != message.StreamVersion)
            return step.Silent && round.MayKnow(message) ? new(step, IdOf(message.CausationId), null, "unanswered") : null;
        var told = Told(service, entry);
        // One event may be told in several messages, each with an id and a sentence of its own.
        return told with { Step = told.Step with { EventId = message.EventId, Type = type, Sentence = step.Sentence } };
    }

    private static Found Told(string service, HistoryEntry entry) => new(
        new(entry.EventId, service, entry.Type, Reader.Sentence(entry.Type), entry.StreamId, entry.Version, entry.OccurredAt, entry.RecordedAt,
            entry.Actor.Role, entry.Channel, entry.PolicyVersion, ReasonIn(entry.Facts), false),
        entry.SetBy ?? IdOf(entry.CausationId), entry.SetBy is null ? null : service, entry.Actor.Id == Actor.Clock.Id ? "clock" : "request");

    private async Task<Found?> Newest(Guid subject, Neighbours.Round round, CancellationToken ct)
    {
        var newest = (await round.GetAll<HistoryPage>($"/history/{subject}?newest=true&limit=1", ct)).Where(p => p.Answer.Items.Count > 0)
            .Select(p => (p.Service, Entry: p.Answer.Items[^1])).OrderByDescending(p => p.Entry.OccurredAt).ThenByDescending(p => p.Entry.RecordedAt).FirstOrDefault();
        if (newest.Entry is not null)
            return Told(newest.Service, newest.Entry);
        var line = (await lines.Where("stream_id = $1 or resident_id = $1 or case_id = $1 order by occurred_at desc, sequence desc limit 1", ct, subject)).FirstOrDefault();
        return line is null ? null : await Event(line.MessageId, null, round, ct);
    }

    private static Guid? IdOf(string? causation) => Guid.TryParse(causation, out var id) ? id : null;

    private static string? ReasonIn(JsonElement facts) => facts.ValueKind is not JsonValueKind.Object ? null : new[] { "reason", "cause", "why" }
        .Select(name => facts.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null).FirstOrDefault(v => v is { Length: > 0 });
}

public static class WhyEndpoint
{
    public static readonly string[] Roles = [Role.Commission, Role.Clinic, Role.Hospital];

    public static void MapWhy(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/why/{id:guid}", (Guid id, Why why, HttpContext http, CancellationToken ct) => why.Of(id, http, ct))
        .WithName(nameof(Why)).WithSummary("Why something happened: its causes, from service to service").For(Roles);
}
