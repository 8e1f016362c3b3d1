using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

/// <summary>A diary in the list of its nurse; its second version, so that it is built beside a live one.</summary>
public sealed record DiaryOfNurse(Guid DiaryId, Guid NurseId, string Place, int Visits, int Minutes, DateTimeOffset LastAt) : IRow<DiaryOfNurse>
{
    public static int Version => 2;

    public static IEnumerable<string> Indexes => ["nurse_id, last_at"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is DiaryOpened or VisitNoted ? [recorded.StreamId] : [];

    public static DiaryOfNurse? Evolve(DiaryOfNurse? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, DiaryOpened e) => new(id, e.NurseId, e.Place, 0, 0, e.At),
        ({ } r, VisitNoted e) => r with { Visits = r.Visits + 1, Minutes = r.Minutes + e.Minutes, LastAt = e.At },
        _ => row,
    };
}
