using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

public sealed record DiaryOpened(Guid ResidentId, Guid NurseId, DateTimeOffset At, string Place, string Remark) : DomainEvent;
public sealed record VisitNoted(Guid ResidentId, Guid NurseId, DateTimeOffset At, int Minutes, string Remark) : DomainEvent;

[JsonSerializable(typeof(DiaryOpened))]
[JsonSerializable(typeof(VisitNoted))]
public sealed partial class DiaryEvents : JsonSerializerContext;

/// <summary>A nurse's diary of a resident: small, with events as long as the services' own are.</summary>
public sealed record Diary(Guid ResidentId, int Visits, int Minutes) : IState<Diary>
{
    private static readonly Guid Resident = new("018df3a0-5f00-7c3e-9a51-0242ac120002");
    private static readonly Guid Nurse = new("018df3a0-5f01-7b1d-8d6f-0242ac120003");
    private static readonly DateTimeOffset Morning = DateTimeOffset.Parse("2024-03-01T01:00:00Z");

    public static EventTypes Types { get; } = new(DiaryEvents.Default);
    public static Envelope By { get; } = new(new("018df3a0-5f02-7e2a-b7c4-0242ac120004", "clinic"), "018df3a0-5f03-7f5b-a1d8-0242ac120005");

    public static DiaryOpened Opened { get; } = new(Resident, Nurse, Morning, "330200-0117",
        "Lives with her daughter on the second floor; comes to the door; wants mornings.");

    public static VisitNoted Noted { get; } = new(Resident, Nurse, Morning, 25,
        "Blood pressure as last week; reminded of the evening dose; all is well so far.");

    public static (string Alias, string DotNetType, string Json) OpenedText { get; } = Text(Opened);
    public static (string Alias, string DotNetType, string Json) NotedText { get; } = Text(Noted);
    public static string HeadersText { get; } =
        JsonSerializer.Serialize(new Headers("330200", Morning, By.Actor, 0), JsonSerializerOptions.Web);

    private static (string Alias, string DotNetType, string Json) Text(DomainEvent @event)
    {
        var (alias, dotNetType, json) = Types.Write(@event);
        return (alias, dotNetType, Encoding.UTF8.GetString(json));
    }

    public static int Bytes => (Encoding.UTF8.GetByteCount(OpenedText.Json) + Encoding.UTF8.GetByteCount(NotedText.Json)) / 2;

    public static Diary Evolve(Diary? diary, DomainEvent @event) => (diary, @event) switch
    {
        (null, DiaryOpened e) => new(e.ResidentId, 0, 0),
        ({ } d, VisitNoted e) => d with { Visits = d.Visits + 1, Minutes = d.Minutes + e.Minutes },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow."),
    };

    /// <summary>Opens a diary with its first visit: two events.</summary>
    public static IEnumerable<DomainEvent> Open(Diary? diary) => diary is null ? [Opened, Noted] : throw new InvalidOperationException("It is open.");

    public static IEnumerable<DomainEvent> Note(Diary? diary) => diary is null ? throw new UnknownId() : [Noted];
}
