using System.Collections.Concurrent;
using System.Reflection;
using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Dashboard.Explaining;

/// <summary>Whose story a message belongs to: opaque ids only.</summary>
/// <param name="CaseId">A further case that it names, such as the contract behind a bed.</param>
/// <param name="Sequence">Its place in this log.</param>
public sealed record StoryLine(
    Guid MessageId, Guid StreamId, Guid? ResidentId, Guid? CaseId, Guid? CorrelationId, DateTimeOffset OccurredAt, long Sequence) : IRow<StoryLine>
{
    private static readonly string[] Cases =
        ["ContractId", "AppointmentId", "ObligationId", "PrescriptionId", "OfferId", "BedId", "ReferralId", "DownReferralId", "ExamId", "VisitId", "HelpId", "ComplaintId"];
    private static readonly ConcurrentDictionary<Type, Func<object, Guid?>[]> Readers = new();

    public static IEnumerable<string> Indexes => ["stream_id", "resident_id", "case_id", "correlation_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Message() is { } message ? [message.EventId] : [];

    public static StoryLine Evolve(StoryLine? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var named = Readers.GetOrAdd(message.GetType(), type => [.. Cases.Prepend("ResidentId").Select(name => Reading(type, name))]);
        var cases = named.Skip(1).Select(read => read(message)).FirstOrDefault(c => c is not null && c != message.StreamId);
        return new(id, message.StreamId, named[0](message), cases, Guid.TryParse(message.CorrelationId, out var journey) ? journey : null, message.OccurredAt, recorded.Sequence);
    }

    /// <summary>An id among a message's own facts, or among those of its subject.</summary>
    private static Func<object, Guid?> Reading(Type message, string name)
    {
        if (message.GetProperty(name) is { } own && IsId(own))
            return m => (Guid?)own.GetValue(m);
        foreach (var facts in message.GetProperties().Where(p => p.PropertyType.Name.EndsWith("Facts", StringComparison.Ordinal)))
        {
            if (facts.PropertyType.GetProperty(name) is { } within && IsId(within))
                return m => facts.GetValue(m) is { } subject ? (Guid?)within.GetValue(subject) : null;
        }
        return _ => null;
    }

    private static bool IsId(PropertyInfo property) => property.PropertyType == typeof(Guid) || property.PropertyType == typeof(Guid?);
}
