using System.Collections.Concurrent;
using System.Globalization;

namespace FamilyDoctor.CitySimulator.Founding;

/// <summary>Tells about once a second how far the founding is, in a form that AppHost shows as one moving line.</summary>
public sealed class FoundingProgress(TimeProvider clock, TextWriter output)
{
    private readonly ConcurrentDictionary<string, (int Done, int Of)> kinds = new();
    private readonly Lock speaking = new();
    private readonly long began = clock.GetTimestamp();
    private long spoke;

    public void Expect(string kind, int rows) => kinds[kind] = (0, rows);

    public void Add(string kind, int rows)
    {
        var (done, of) = kinds.AddOrUpdate(kind, (rows, rows), (_, k) => (k.Done + rows, Math.Max(k.Of, k.Done + rows)));
        Say(string.Create(CultureInfo.InvariantCulture, $"{kind} {done:N0} of {of:N0}"));
    }

    public void Say(string what)
    {
        lock (speaking)
        {
            if (spoke != 0 && clock.GetElapsedTime(spoke) < TimeSpan.FromSeconds(1))
                return;
            spoke = clock.GetTimestamp();
            var (done, of) = (kinds.Values.Sum(k => (long)k.Done), Math.Max(1, kinds.Values.Sum(k => (long)k.Of)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"@progress founding the city: {done * 100 / of} %, {what}, {clock.GetElapsedTime(began).TotalSeconds:N0} s"));
        }
    }

    public void Ready()
    {
        lock (speaking)
            output.WriteLine("@ready");
    }
}
