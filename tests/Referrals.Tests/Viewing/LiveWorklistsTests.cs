using System.Net.ServerSentEvents;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests.Viewing;

/// <summary>Whoever follows a list is told when to read it anew, at whichever instance he asks.</summary>
[Collection("referrals")]
public sealed class LiveWorklistsTests(ReferralsFixture city)
{
    [Fact]
    public async Task A_referral_that_comes_in_is_told_to_its_hospital_s_desk_at_both_instances_and_to_no_other()
    {
        var (hospital, other) = (await city.Hospital(), await city.Hospital());
        var second = await city.Second();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var here = await Line.Open(city.Desk, $"/worklists/hospital/live?hospitalId={hospital}", limit.Token);
        await using var there = await Line.Open(second.Client(Role.Hospital), $"/worklists/hospital/live?hospitalId={hospital}", limit.Token);
        await using var elsewhere = await Line.Open(city.Desk, $"/worklists/hospital/live?hospitalId={other}", limit.Token);
        await using var exams = await Line.Open(city.Desk, $"/worklists/exams/live?hospitalId={hospital}", limit.Token);

        var first = await city.Sent(hospital, await city.Day(hospital));
        var words = new[] { await here.Changed(), await there.Changed() };
        Assert.All(words, word => Assert.True(long.Parse(word) > 0, word)); // a version, and nothing of what is in the list
        await city.Sent(other, await city.Day(other));
        await elsewhere.Changed();
        Assert.Equal((1, 0), (elsewhere.Changes, exams.Changes)); // the first was not in its list
        await city.Desk.Do($"/referrals/{first}/acceptance");
        await here.Changed();
    }

    [Fact]
    public async Task A_line_wants_a_token_with_the_list_s_own_right()
    {
        var path = $"/worklists/hospital/live?hospitalId={Guid.CreateVersion7()}";
        await city.First.Client(Role.Clinic).Refuses(403, "FORBIDDEN_SCOPE", path, method: "GET");
        using var anybody = new HttpClient { BaseAddress = city.First.ClientOptions.BaseAddress };
        await anybody.Refuses(401, "UNAUTHENTICATED", path, method: "GET");
        await city.Desk.Refuses(400, "VALIDATION_FAILED", "/worklists/hospital/live", method: "GET");
    }

    private sealed class Line(Stream stream, IAsyncEnumerator<SseItem<string>> items) : IAsyncDisposable
    {
        public int Changes { get; private set; }

        public static async Task<Line> Open(HttpClient client, string path, CancellationToken ct)
        {
            var stream = await client.GetStreamAsync(path, ct);
            var line = new Line(stream, SseParser.Create(stream).EnumerateAsync(ct).GetAsyncEnumerator(ct));
            Assert.True(await line.items.MoveNextAsync());
            Assert.Equal(LiveLists.Ping, line.items.Current.EventType); // the line is open
            return line;
        }

        private readonly IAsyncEnumerator<SseItem<string>> items = items;

        public async Task<string> Changed()
        {
            do
                Assert.True(await items.MoveNextAsync());
            while (items.Current.EventType != LiveLists.Changed);
            Changes++;
            return items.Current.Data;
        }

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            await items.DisposeAsync();
        }
    }
}
