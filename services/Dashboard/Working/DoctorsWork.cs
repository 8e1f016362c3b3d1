using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using FamilyDoctor.Dashboard.Explaining;
using FamilyDoctor.Dashboard.Ui;
using FamilyDoctor.EventSourcing;
using Polly;

namespace FamilyDoctor.Dashboard.Working;

/// <summary>Something a family doctor or a nurse has to do, and in which service.</summary>
/// <param name="CaseId">The referral, way back, exam, bed or visit.</param>
/// <param name="MinutesLeft">Below zero when it is late.</param>
public sealed record DoctorsTask(string Service, string Task, DateTimeOffset DueAt, long MinutesLeft, Guid CaseId, Guid ResidentId, bool Critical);

/// <summary>What somebody has to do in Referrals and in Beds together, the least time left first.</summary>
/// <param name="Silent">Services that did not answer: their tasks are missing.</param>
public sealed record DoctorsWork(Guid PractitionerId, IReadOnlyList<DoctorsTask> Items, IReadOnlyList<string> Silent);

public static class DoctorsWorkEndpoint
{
    private static readonly string[] Services = ["referrals", "beds"];

    public static void MapDoctorsWork(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/worklists/practitioner", Handle).WithName(nameof(DoctorsWork)).WithSummary("What a family doctor has to do in all services")
            .For(Role.Clinic);
        routes.MapLive("/api/worklists/practitioner/live", nameof(DoctorsWork), (Guid practitionerId, IHttpClientFactory clients, HttpContext http) =>
            {
                http.Response.Headers["X-Accel-Buffering"] = "no";
                return TypedResults.ServerSentEvents(Follow(practitionerId, clients, SigningIn.TokenOf(http), http.UntilItEnds()));
            })
            .For(Role.Clinic);
    }

    private sealed record Case(Guid Id, Guid ResidentId, string Task, DateTimeOffset DueAt, bool Critical);

    private sealed record Cases(IReadOnlyList<Case> Items);

    private sealed record Care(string Task, DateTimeOffset DueAt, Guid ResidentId, Guid? BedId, Guid? VisitId);

    private sealed record Cares(IReadOnlyList<Care> Items);

    private static async Task<DoctorsWork> Handle(
        Guid practitionerId, Neighbours neighbours, TimeProvider clock, HttpContext http, CancellationToken ct, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var (round, now) = (neighbours.Begin(http), clock.GetUtcNow());
        var (cases, care) = (round.Get<Cases>("referrals", $"/worklists/practitioner?practitionerId={practitionerId}&limit={limit}", ct),
            round.Get<Cares>("beds", $"/worklists/nurse?practitionerId={practitionerId}&limit={limit}", ct));
        var referrals = (await cases)?.Items.Select(c => new DoctorsTask("referrals", c.Task, c.DueAt, Left(c.DueAt), c.Id, c.ResidentId, c.Critical)) ?? [];
        var beds = (await care)?.Items.Select(c => new DoctorsTask("beds", c.Task, c.DueAt, Left(c.DueAt), c.VisitId ?? c.BedId ?? Guid.Empty, c.ResidentId, false)) ?? [];
        return new(practitionerId, [.. referrals.Concat(beds).OrderBy(t => t.DueAt).ThenBy(t => t.CaseId).Take(limit)], round.Silent);

        long Left(DateTimeOffset due) => (long)Math.Floor((due - now).TotalMinutes);
    }

    /// <summary>One line for both lists; whatever a service may have said while its own line was broken counts as a change.</summary>
    private static async IAsyncEnumerable<SseItem<string>> Follow(
        Guid practitionerId, IHttpClientFactory clients, string token, [EnumeratorCancellation] CancellationToken ct)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var said = Channel.CreateBounded<SseItem<string>>(new BoundedChannelOptions(8) { FullMode = BoundedChannelFullMode.DropOldest });
        var heard = Services.ToDictionary(service => service, _ => 0);
        var listening = Services.Select(service => Listen(service, left.Token)).ToList();
        await using var leaving = ct.Register(() => said.Writer.TryComplete());
        try
        {
            await foreach (var item in said.Reader.ReadAllAsync(CancellationToken.None))
                yield return item;
        }
        finally
        {
            await left.CancelAsync();
            await Task.WhenAll(listening);
        }

        async Task Listen(string service, CancellationToken stop)
        {
            var path = service == "beds" ? "nurse" : "practitioner";
            for (var times = 0; !stop.IsCancellationRequested; times++)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{service}/worklists/{path}/live?practitionerId={practitionerId}");
                    request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                    using var answer = await clients.CreateClient("services").SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
                    await using var stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(stop);
                    if (times > 0)
                        Say(new("", LiveLists.Changed));
                    await foreach (var item in SseParser.Create(stream).EnumerateAsync(stop))
                    {
                        // The line is alive as long as both are.
                        heard[service]++;
                        if (item.EventType == LiveLists.Changed || heard.Values.All(n => n > 0))
                            Say(new(item.Data, item.EventType));
                    }
                }
                catch (Exception e) when (e is HttpRequestException or IOException or ExecutionRejectedException or OperationCanceledException)
                {
                    heard[service] = 0;
                    await Task.Delay(TimeSpan.FromSeconds(1), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        void Say(SseItem<string> item) => said.Writer.TryWrite(item);
    }
}
