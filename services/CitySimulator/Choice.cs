using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.CitySimulator;

/// <summary>Everything that could be otherwise, decided by the seed alone: the same question has the same answer.</summary>
public sealed class Choice(string city, int seed)
{
    private readonly ulong root = Stir(Hash(city) ^ (ulong)seed);

    public ulong Of(string what, long index) => Stir(root ^ Hash(what) ^ ((ulong)index * 0x9E3779B97F4A7C15));

    public int Below(int limit, string what, long index) => (int)(Of(what, index) % (uint)limit);

    /// <summary>From 0 up to, but not, 1.</summary>
    public double Fraction(string what, long index) => (Of(what, index) >> 11) * (1.0 / (1UL << 53));

    public T One<T>(IReadOnlyList<T> of, string what, long index) => of[Below(of.Count, what, index)];

    /// <summary>The id of the n-th thing of a kind in this city.</summary>
    public Guid Id(string kind, long index) => Ids.Of($"{city}:{seed}:{kind}:{index}");

    public Guid Id(string kind, string name) => Ids.Of($"{city}:{seed}:{kind}:{name}");

    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    private static ulong Stir(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
