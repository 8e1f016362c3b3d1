using System.Collections.Concurrent;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>Looks at a journey's cases all the time: whenever anybody looks, each has somebody to see to it.</summary>
internal sealed class Owners : IAsyncDisposable
{
    private static readonly string[] Nobody = ["", Guid.Empty.ToString()];
    private readonly Neighbourhood here;
    private readonly ConcurrentBag<(string Service, string Path, string[] Members)> cases = [];
    private readonly ConcurrentDictionary<string, int> seen = new();
    private readonly ConcurrentDictionary<string, string> without = new();
    private readonly CancellationTokenSource over = new();
    private readonly Task watching;

    public Owners(Neighbourhood here) => (this.here, watching) = (here, Task.Run(Watch));

    public void OfReferral(Guid id) => cases.Add(("referrals", $"/referrals/{id}", ["ownerOrganizationId", "teamId", "institutionId"]));

    public void OfWayBack(Guid id) => cases.Add(("referrals", $"/down-referrals/{id}", ["ownerOrganizationId", "institutionId"]));

    public void OfExam(Guid id) => cases.Add(("referrals", $"/exams/{id}", ["teamId", "institutionId"]));

    public void OfBed(Guid id) => cases.Add(("beds", $"/beds/{id}", ["teamId", "institutionId", "terms.gpId"]));

    public void OfVisit(Guid id) => cases.Add(("beds", $"/visits/{id}", ["responsible"]));

    /// <summary>Every case was seen, and never without an owner.</summary>
    public async Task WereAlwaysThere()
    {
        await Stop();
        Assert.Empty(without);
        Assert.Equal(cases.Select(c => c.Path).Order(), seen.Keys.Order());
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        over.Dispose();
    }

    private async Task Stop()
    {
        await over.CancelAsync();
        await watching;
    }

    private async Task Watch()
    {
        while (!over.IsCancellationRequested)
        {
            foreach (var (service, path, members) in cases)
            {
                if (await here.Glance(service, path) is not { } found)
                    continue; // down, or killed while it answered
                seen.AddOrUpdate(path, 1, (_, n) => n + 1);
                foreach (var member in members.Where(m => !m.StartsWith("terms.", StringComparison.Ordinal) || Neighbourhood.Member(found, "terms") is not null))
                {
                    if (Nobody.Contains(Neighbourhood.Member(found, member) ?? ""))
                        without.TryAdd($"{path} {member}", found.ToString());
                }
            }
            await Task.Delay(50, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
