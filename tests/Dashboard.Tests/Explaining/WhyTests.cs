using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.RegularExpressions;
using FamilyDoctor.Dashboard.Explaining;
using FamilyDoctor.Dashboard.Ui;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Dashboard.Tests.Explaining;

/// <summary>Why something happened: because of what, across services, to whoever began it.</summary>
[Collection(nameof(WhyFixture))]
public sealed class WhyTests(WhyFixture dashboard) : IAsyncLifetime
{
    private readonly SampleStory story = new();

    public async Task InitializeAsync() => await story.Happens(dashboard);

    public Task DisposeAsync() => dashboard.SpeakAgain();

    private async Task<WhyAnswer> Why(Guid id) => (await dashboard.First.Client(Role.Clinic).GetFromJsonAsync<WhyAnswer>($"/api/why/{id}"))!;

    [Fact]
    public async Task A_bed_closed_because_its_time_was_up_because_the_contract_ended_because_the_team_was_disbanded_by_the_commission()
    {
        var answer = await Why(story.Closed.EventId);
        Assert.Equal(["bed_closed", "bed_closure_due", "contract_terminated", "reassignment_started", "team_disbandment_started"], answer.Steps.Select(s => s.Type));
        Assert.Equal(["beds", "beds", "contracts", "contracts", "teams"], answer.Steps.Select(s => s.Service));
        Assert.Equal(["service", "service", "service", "service", Role.Commission], answer.Steps.Select(s => s.ActorRole));
        Assert.Equal(("request", "That is where it began: the health commission did it."), (answer.End, answer.Ending.En));
        Assert.Equal("teamDisbanded", answer.Steps[2].ReasonCode);
        Assert.All(answer.Steps, s => Assert.Equal(s.OccurredAt!.Value.AddMinutes(1), s.RecordedAt));
        Assert.Empty(answer.Silent);
        Assert.All(dashboard.Neighbours.Tokens.ToArray(), token => Assert.StartsWith("Bearer ey", token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_asks_about_a_bed_is_told_of_its_newest_event()
    {
        var answer = await Why(story.Bed);
        Assert.Equal((story.Closed.EventId, 5), (answer.Steps[0].EventId, answer.Steps.Count));
    }

    [Fact]
    public async Task A_silent_service_leaves_a_gap_and_what_it_had_published_leads_on()
    {
        dashboard.Neighbours.Silent.Add("contracts");
        var answer = await Why(story.ClosureDue.EventId);
        // The internal event that led to the termination is known to the silent service alone.
        Assert.Equal([("bed_closure_due", false), ("contract_terminated", true)], answer.Steps.Select(s => (s.Type, s.Silent)));
        Assert.Equal("unanswered", answer.End);
        Assert.Equal(["contracts"], answer.Silent);
        Assert.Equal("Whatever led to this could not be asked for: Contracts did not answer.", answer.Ending.En);

        await dashboard.SpeakAgain();
        dashboard.Neighbours.Silent.Add("beds");
        answer = await Why(story.ClosureDue.EventId);
        Assert.Equal(["bed_closure_due", "contract_terminated", "reassignment_started", "team_disbandment_started"], answer.Steps.Select(s => s.Type));
        Assert.Equal([true, false, false, false], answer.Steps.Select(s => s.Silent));
        Assert.Equal("request", answer.End);
    }

    [Fact]
    public async Task Causes_that_lead_back_to_themselves_end_and_so_do_those_without_end()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        dashboard.Neighbours.Tell("teams", SampleStory.Entry(a, "lead_taken", cause: b));
        dashboard.Neighbours.Tell("beds", SampleStory.Entry(b, "bed_visited", cause: a));
        var circle = await Why(a);
        Assert.Equal(("cycle", 2), (circle.End, circle.Steps.Count));

        var ids = Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7()).ToList();
        foreach (var (id, cause) in ids.Zip(ids.Skip(1)))
            dashboard.Neighbours.Tell("contracts", SampleStory.Entry(id, "panel_changed", cause));
        var deep = await Why(ids[0]);
        Assert.Equal(("deep", 40), (deep.End, deep.Steps.Count));
    }

    [Fact]
    public async Task A_cause_that_nobody_knows_is_said_to_be_unknown()
    {
        var id = Guid.CreateVersion7();
        dashboard.Neighbours.Tell("beds", SampleStory.Entry(id, "bed_visited", cause: Guid.CreateVersion7()));
        Assert.Equal(("unknown", 1), ((await Why(id)).End, (await Why(id)).Steps.Count));
    }

    [Fact]
    public async Task What_nobody_knows_is_not_found_unless_somebody_is_silent()
    {
        var id = Guid.CreateVersion7();
        await dashboard.First.Client(Role.Clinic).Refuses(404, "NOT_FOUND", $"/api/why/{id}", method: "GET");
        dashboard.Neighbours.Silent.Add("teams");
        var answer = await Why(id);
        Assert.Equal(("unanswered", 0), (answer.End, answer.Steps.Count));
    }

    [Fact]
    public async Task A_story_is_whatever_names_the_case_and_what_led_to_it_in_order()
    {
        var bed = await Story(story.Bed);
        // The contract's end names the bed nowhere, but led to its closing.
        Assert.Equal(["bed_opened", "visit_planned", "contract_terminated", "bed_closure_due", "bed_closed"], bed.Items.Select(s => s.Type));
        Assert.Equal(bed.Items.OrderBy(s => s.OccurredAt).Select(s => s.EventId), bed.Items.Select(s => s.EventId));
        Assert.DoesNotContain(bed.Items, s => s.EventId == story.Elsewhere.EventId);

        var resident = await Story(story.Resident);
        Assert.Contains(resident.Items, s => s.Type == "contract_signed");
        Assert.DoesNotContain(resident.Items, s => s.EventId == story.Elsewhere.EventId);
        Assert.Contains((await Story(story.Contract)).Items, s => s.Type == "bed_opened"); // the bed's facts name the contract
        Assert.Equal(["contract_terminated", "bed_closure_due"], (await Story(Guid.Parse(story.Correlation))).Items.Select(s => s.Type));

        var page = await dashboard.First.Client(Role.Clinic).GetFromJsonAsync<Story>($"/api/stories/{story.Resident}?limit=2");
        var rest = await dashboard.First.Client(Role.Clinic).GetFromJsonAsync<Story>($"/api/stories/{story.Resident}?after={page!.Next}");
        Assert.Equal(resident.Items.Select(s => s.EventId), page.Items.Concat(rest!.Items).Select(s => s.EventId));
        await dashboard.First.Client(Role.Clinic).Refuses(404, "NOT_FOUND", $"/api/stories/{Guid.CreateVersion7()}", method: "GET");
    }

    [Fact]
    public async Task Whoever_does_not_reach_a_case_at_its_service_does_not_see_it_here()
    {
        var elsewhere = dashboard.First.Scoped(Role.Clinic, Guid.CreateVersion7());
        var path = $"/api/stories/{story.Bed}";
        // The visit's service keeps it from him; the bed, the contract and the team it tells him.
        Assert.Equal(["bed_opened", "contract_terminated", "bed_closure_due", "bed_closed"], (await elsewhere.GetFromJsonAsync<Story>(path))!.Items.Select(s => s.Type));
        await elsewhere.Refuses(404, "NOT_FOUND", $"/api/why/{story.Planned.EventId}", method: "GET");

        // While nobody can be asked, only who works where it happened sees that it did.
        foreach (var service in Neighbours.Names)
            dashboard.Neighbours.Silent.Add(service);
        await elsewhere.Refuses(404, "NOT_FOUND", path, method: "GET");
        var own = dashboard.First.Scoped(Role.Clinic, story.Institution);
        Assert.Contains("visit_planned", (await own.GetFromJsonAsync<Story>(path))!.Items.Select(s => s.Type));
        Assert.Empty((await elsewhere.GetFromJsonAsync<WhyAnswer>($"/api/why/{story.Closed.EventId}"))!.Steps);
    }

    private async Task<Story> Story(Guid id) => (await dashboard.First.Client(Role.Hospital).GetFromJsonAsync<Story>($"/api/stories/{id}"))!;

    [Fact]
    public void Every_message_has_a_sentence_in_both_languages()
    {
        foreach (var type in Subscriptions.AllMessages.Select(m => EventTypes.AliasOf(m)))
        {
            var sentence = Reader.Sentence(type);
            Assert.True(sentence.En != type && Regex.IsMatch(sentence.En, "^[A-Z][^⟦]+[a-z]$") && Regex.IsMatch(sentence.Zh, @"\p{IsCJKUnifiedIdeographs}{3}"), type);
        }
    }

    [Fact]
    public async Task A_doctor_s_work_in_all_services_is_one_list_with_the_least_time_left_first()
    {
        var (doctor, now) = (Guid.CreateVersion7(), dashboard.Clock.Now);
        dashboard.Neighbours.Tell("referrals", $"/worklists/practitioner?practitionerId={doctor}&limit=100", new
        {
            items = new[] { Case("Report", 30, true), Case("Outcome", 90, false) },
        });
        dashboard.Neighbours.Tell("beds", $"/worklists/nurse?practitionerId={doctor}&limit=100", new
        {
            items = new object[] { Care("close", -5), Care("visit", 60) },
        });
        var clinic = dashboard.First.Client(Role.Clinic);
        var work = await clinic.GetFromJsonAsync<JsonElement>($"/api/worklists/practitioner?practitionerId={doctor}");
        Assert.Equal([("close", -5), ("Report", 30), ("visit", 60), ("Outcome", 90)],
            work.GetProperty("items").EnumerateArray().Select(i => (i.GetProperty("task").GetString()!, i.GetProperty("minutesLeft").GetInt32())));
        dashboard.Neighbours.Silent.Add("beds");
        work = await clinic.GetFromJsonAsync<JsonElement>($"/api/worklists/practitioner?practitionerId={doctor}");
        Assert.Equal((2, "beds"), (work.GetProperty("items").GetArrayLength(), work.GetProperty("silent")[0].GetString()));

        await dashboard.SpeakAgain();
        await using var stream = await clinic.GetStreamAsync($"/api/worklists/practitioner/live?practitionerId={doctor}");
        await using var words = SseParser.Create(stream).EnumerateAsync().GetAsyncEnumerator();
        foreach (var service in new[] { null, "beds", "referrals" })
        {
            if (service is not null)
                dashboard.Neighbours.Change(service);
            Assert.True(await words.MoveNextAsync());
            Assert.Equal(service is null ? LiveLists.Ping : LiveLists.Changed, words.Current.EventType); // open once both lines are
        }

        object Case(string task, int left, bool critical) =>
            new { id = Guid.CreateVersion7(), residentId = Guid.CreateVersion7(), task, dueAt = now.AddMinutes(left), critical };
        object Care(string task, int left) =>
            new { task, dueAt = now.AddMinutes(left), residentId = Guid.CreateVersion7(), bedId = Guid.CreateVersion7() };
    }
}

/// <summary>A team is disbanded, a resident's contract ends with it, and so in the end does his family bed.</summary>
internal sealed class SampleStory
{
    private static readonly DateTimeOffset Start = DateTimeOffset.Parse("2024-01-02T02:00:00Z");

    public SampleStory()
    {
        var (internalCause, team, institution) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Institution);
        var bed = new BedFacts(Bed, "B-00000001", Resident, Contract, team, institution, "330203", "team", "therapeutic", "Open", new(2024, 1, 2), null);
        var contract = new ContractFacts(Contract, Resident, team, institution, "330203", null, new(2023, 1, 1), new(2023, 1, 1), new(2024, 12, 31), "Active", []);
        Signed = Said(new ContractSigned(contract), Resident, 1, -5);
        Disbanding = Said(new TeamDisbandmentStarted(team, new(2024, 1, 9), "merger", []), team, 7, 0);
        Opened = Said(new BedOpened(bed), Bed, 4, 1);
        Planned = Said(new VisitPlanned(new(Guid.CreateVersion7(), Bed, Resident, Guid.Empty, team, institution, "330203", "Planned", Start, Start)), null, 1, 2);
        Terminated = Said(new ContractTerminated(contract, "teamDisbanded", new(2024, 1, 9)), Resident, 2, 24, internalCause, Correlation);
        ClosureDue = Said(new BedClosureDue(bed, "contractEnded", new(2024, 1, 16)), Bed, 5, 25, Terminated.EventId, Correlation);
        Closed = Said(new BedClosed(bed, "contractEnded", new(2024, 1, 16), 14, 1), Bed, 6, 200) with { CausationId = $"deadline:family_bed:{Bed}:CloseOverdueBed" };
        Elsewhere = Said(new BedOpened(bed with { BedId = Guid.CreateVersion7(), ResidentId = Guid.CreateVersion7(), ContractId = null }), Guid.CreateVersion7(), 4, 3);
        Entries =
        [
            ("beds", Of(Closed, "bed_closed") with { Actor = Actor.Clock, SetBy = ClosureDue.EventId }),
            ("beds", Of(ClosureDue, "bed_closure_due")),
            ("contracts", Of(Terminated, "contract_terminated")),
            ("contracts", Entry(internalCause, "reassignment_started", Disbanding.EventId)),
            ("teams", Of(Disbanding, "team_disbandment_started") with { Actor = new("tester", Role.Commission) }),
        ];
    }

    public Guid Institution { get; } = Guid.CreateVersion7();
    public Guid Bed { get; } = Guid.CreateVersion7();
    public Guid Resident { get; } = Guid.CreateVersion7();
    public Guid Contract { get; } = Guid.CreateVersion7();
    public string Correlation { get; } = Guid.CreateVersion7().ToString("N");
    public IntegrationEvent Signed { get; }
    public IntegrationEvent Disbanding { get; }
    public IntegrationEvent Opened { get; }
    public IntegrationEvent Planned { get; }
    public IntegrationEvent Terminated { get; }
    public IntegrationEvent ClosureDue { get; }
    public IntegrationEvent Closed { get; }
    public IntegrationEvent Elsewhere { get; }
    private IReadOnlyList<(string Service, HistoryEntry Entry)> Entries { get; }

    public async Task Happens(WhyFixture dashboard)
    {
        foreach (var (service, entry) in Entries.Reverse())
            dashboard.Neighbours.Tell(service, entry);
        dashboard.Neighbours.Tell("beds", $"/history/{Bed}?newest=true&limit=1", new HistoryPage(Bed, [Entries[0].Entry], null));
        await dashboard.Learn(Closed, Elsewhere, ClosureDue, Terminated, Opened, Planned, Disbanding, Signed); // in any order
    }

    /// <summary>An event that no message tells.</summary>
    public static HistoryEntry Entry(Guid id, string type, Guid? cause = null) => new(
        Guid.CreateVersion7(), 3, id, type, Start, Start.AddMinutes(1), new("contracts", "service"), null, 1, "test", cause?.ToString(), null,
        JsonSerializer.SerializeToElement(new { }));

    private static HistoryEntry Of(IntegrationEvent m, string type) => new(
        m.StreamId, m.StreamVersion, m.EventId, type, m.OccurredAt, m.RecordedAt, new("beds", "service"), null, 1, m.CorrelationId, m.CausationId, null,
        JsonSerializer.SerializeToElement(new { reason = (m as ContractTerminated)?.Reason }));

    private static IntegrationEvent Said(IntegrationEvent message, Guid? stream, long version, int hours, Guid? cause = null, string correlation = "test") => message with
    {
        EventId = Guid.CreateVersion7(),
        CityId = "330200",
        StreamId = stream ?? Guid.CreateVersion7(),
        StreamVersion = version,
        OccurredAt = Start.AddHours(hours),
        RecordedAt = Start.AddHours(hours).AddMinutes(1),
        CorrelationId = correlation,
        CausationId = cause?.ToString(),
    };
}
