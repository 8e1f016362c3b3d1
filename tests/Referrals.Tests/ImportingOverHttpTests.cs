using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests;

/// <summary>A past is taken in as it happened: late answers, released pools and unanswered letters included.</summary>
[Collection("referrals")]
public sealed class ImportingOverHttpTests(ReferralsFixture city) : IAsyncLifetime
{
    private readonly Guid hospital = Guid.CreateVersion7();
    private int rows;

    /// <summary>While a history is taken in, no deadline fires by itself.</summary>
    public Task InitializeAsync() => History("opening");

    public Task DisposeAsync() => History("closing");

    private async Task History(string what) =>
        (await city.First.Client(Role.Import).PostAsync($"/imports/history/{what}", null)).EnsureSuccessStatusCode();

    private static object Contract(Guid? resident = null) => new
    {
        contractId = Guid.CreateVersion7(),
        residentId = resident ?? Guid.CreateVersion7(),
        teamId = Sample.Team,
        institutionId = Sample.Institution,
        districtCode = "330203",
    };

    /// <summary>Monday 2022-03-21; the pool goes to the public on 2022-03-19 at 08:00.</summary>
    private object Quota(string date = "2022-03-21", int familyDoctor = 5, int urgent = 1) => new
    {
        id = $"{hospital}-q{rows++}",
        occurredAt = "2022-03-01T01:00:00Z",
        hospitalId = hospital,
        service = "cardiology",
        date,
        firstSlot = "08:00",
        slotMinutes = 10,
        familyDoctor,
        urgent,
        @public = 2,
    };

    private Dictionary<string, object?> Row(Guid id, params (string Name, object Value)[] members)
    {
        var row = new Dictionary<string, object?>
        {
            ["id"] = $"{hospital}-r{rows++}",
            ["occurredAt"] = "2022-03-07T01:00:00Z",
            ["referralId"] = id,
            ["contract"] = Contract(),
            ["hospitalId"] = hospital,
            ["service"] = "cardiology",
            ["priority"] = "routine",
            ["reasonCode"] = "chestPain",
            ["date"] = "2022-03-21",
            ["submittedAt"] = "2022-03-07T01:00:00Z",
        };
        foreach (var (name, value) in members)
            row[name] = value;
        return row;
    }

    private async Task<ReferralDetails> Details(Guid id) => (await city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{id}"))!;

    [Fact]
    public async Task Whatever_became_of_a_referral_its_history_is_whole()
    {
        var ids = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToList();
        Assert.Equal(1, (await city.Import("quotas", Quota())).Accepted);
        object[] past =
        [
            Row(ids[0], ("acceptedAt", "2022-03-08T01:00:00Z"), ("arrivedAt", "2022-03-21T00:10:00Z"), ("admitted", true),
                ("outcomeAt", "2022-03-25T02:00:00Z"), ("disposition", "discharged"), ("acknowledgedAt", "2022-03-26T02:00:00Z")),
            Row(ids[1], ("acceptedAt", "2022-03-20T01:00:00Z"), ("arrivedAt", "2022-03-21T00:10:00Z")), // overdue three times, after the cut-off
            Row(ids[2], ("declinedAt", "2022-03-09T01:00:00Z"), ("declineReason", "incompleteForm")),
            Row(ids[3], ("acceptedAt", "2022-03-10T01:00:00Z"), ("noShowAt", "2022-03-21T10:00:00Z"), ("acknowledgedAt", "2022-03-22T10:00:00Z")), // answered the moment it was overdue
            Row(ids[4], ("priority", "urgent"), ("arrivedAt", "2022-03-21T00:10:00Z")),
            Row(ids[5], ("priority", "emergency"), ("submittedAt", "2022-03-21T06:00:00Z"), ("arrivedAt", "2022-03-21T06:20:00Z"), ("admitted", true)), // no slot left: a bay
            Row(ids[6], ("arrivedAt", "2022-03-21T00:30:00Z")), // nobody noted when it was accepted
            Row(ids[7]), // never answered
        ];
        var result = await city.Import("referrals", past);
        Assert.Equal([], result.Rejects);
        Assert.Equal(8, result.Accepted);
        Assert.Equal((0, 8), ((await city.Import("referrals", past)).Accepted, (await city.Import("referrals", past)).Repeated));

        ReferralStatus[] expected = [ReferralStatus.Closed, ReferralStatus.InCare, ReferralStatus.Declined, ReferralStatus.Closed, ReferralStatus.InCare,
            ReferralStatus.InCare, ReferralStatus.InCare];
        foreach (var (id, status) in ids.Zip(expected))
            Assert.Equal(status, (await Details(id)).Status);
        Assert.Equal(["ReferralSubmitted", "ReferralOverdue", "ReferralOverdue", "ReferralOverdue", "ReferralScheduled", "PatientArrived"],
            (await city.Feed(ids[1])).Select(i => i.Type));
        Assert.Equal(["2022-03-10", "2022-03-15", "2022-03-18"], (await city.Stored(ids[1])).Where(e => e.Type == "referral_overdue").Select(e => $"{e.OccurredAt:yyyy-MM-dd}"));
        Assert.Equal(["referral_overdue"], (await city.Stored(ids[3])).Where(e => e.Type == "referral_overdue").Select(e => e.Type));
        Assert.Null((await Details(ids[5])).SlotStart);
        var book = await city.Stored(QuotaBook.StreamOf(hospital, "cardiology", new(2022, 3, 21)));
        Assert.Equal(DateTimeOffset.Parse("2022-03-19T00:00:00Z"), Assert.Single(book, e => e.Type == "pool_released_to_public").OccurredAt);
        await History("closing");
        // What was never answered is still escalated, at the times of then.
        await Talking.Eventually(async () => await city.Feed(ids[7]), f => f.Count(i => i.Type == "ReferralOverdue") == 3);
        Assert.Equal(ReferralStatus.Submitted, (await Details(ids[7])).Status);
    }

    [Fact]
    public async Task Hundreds_of_rows_in_any_order_share_the_days_and_none_is_lost()
    {
        const int Days = 10, PerDay = 80;
        var dates = Enumerable.Range(0, Days).Select(d => new DateOnly(2022, 3, 14).AddDays(d)).ToList();
        Assert.Equal(Days, (await city.Import("quotas", [.. dates.Select(d => Quota($"{d:O}", familyDoctor: PerDay, urgent: 2))])).Accepted);
        var random = new Random(20220314);
        var past = dates.SelectMany(date => Enumerable.Range(0, PerDay).Select(_ =>
        {
            var sent = new DateTimeOffset(date, new(1, 0), TimeSpan.Zero).AddDays(-random.Next(3, 12)).AddMinutes(random.Next(600));
            var accepted = sent + (new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero).AddDays(-2) - sent) * random.NextDouble();
            return (object)Row(Guid.CreateVersion7(), ("date", $"{date:O}"), ("submittedAt", sent), ("acceptedAt", accepted),
                ("arrivedAt", new DateTimeOffset(date, new(3, 0), TimeSpan.Zero)));
        })).ToArray();
        random.Shuffle(past);
        var result = await city.Import("referrals", past);
        Assert.Equal([], result.Rejects);
        Assert.Equal(Days * PerDay, result.Accepted);
        // All were booked before the cut-off, so they stand in the family doctors' pool, whatever came first.
        var days = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<QuotaPage>(
            $"/quotas?hospitalId={hospital}&service=cardiology&from={dates[0]:O}&to={dates[^1]:O}"), p => p.Items.Sum(d => d.FamilyDoctorTaken) == Days * PerDay);
        Assert.Equal((0, 0), (days.Items.Sum(d => d.PublicTaken), days.Items.Count(d => d.Released)));
    }

    [Fact]
    public async Task What_cannot_have_been_is_rejected_with_its_reason()
    {
        await city.Import("quotas", Quota(familyDoctor: 1, urgent: 0));
        var (resident, half) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var result = await city.Import("referrals",
            Row(Guid.CreateVersion7(), ("acceptedAt", "2022-03-01T01:00:00Z")), // before it was sent
            Row(Guid.CreateVersion7(), ("contract", Contract(resident))),
            Row(Guid.CreateVersion7(), ("contract", Contract(resident))), // the first is still under way
            Row(Guid.CreateVersion7()), // no slot left
            Row(Guid.CreateVersion7(), ("service", new string('x', 100_000))),
            Row(Guid.CreateVersion7(), ("reasonCode", "a sentence about the patient")),
            Row(Guid.CreateVersion7(), ("priority", "sometime")),
            Row(Guid.CreateVersion7(), ("date", "0001-01-01"), ("submittedAt", "0001-01-01T00:00:00Z")),
            Row(Guid.CreateVersion7(), ("submittedAt", "2022-03-22T01:00:00Z")), // after its day
            Row(half, ("priority", "emergency"), ("arrivedAt", "2022-03-07T03:00:00Z"), ("acknowledgedAt", "2022-03-07T04:00:00Z")), // what outcome?
            Row(half, ("priority", "emergency"), ("acceptedAt", "2022-03-07T03:00:00Z"), ("arrivedAt", "2022-03-07T02:00:00Z")));
        Assert.Equal([(1, "RULE_VIOLATION"), (3, "DUPLICATE_REFERRAL"), (4, "QUOTA_EXHAUSTED"), (5, "RULE_VIOLATION"), (6, "RULE_VIOLATION"),
            (7, "VALIDATION_FAILED"), (8, "RULE_VIOLATION"), (9, "POOL_CLOSED"), (10, "INVALID_TRANSITION"), (11, "RULE_VIOLATION")], result.Rejects.Select(r => (r.Line, r.Code)));
        Assert.Equal(1, result.Accepted);
        Assert.Empty(await city.Stored(half)); // a row is taken in whole or not at all
        var quotas = await city.Import("quotas", Quota("9999-12-31"), Quota("0001-01-01"), Quota("2022-03-22", familyDoctor: -3));
        Assert.Equal(["RULE_VIOLATION", "RULE_VIOLATION", "RULE_VIOLATION"], quotas.Rejects.Select(r => r.Code));
    }

    [Fact]
    public async Task Exams_and_ways_back_of_the_past()
    {
        Dictionary<string, object?> Exam(Guid id, object contract, params (string Name, object Value)[] members)
        {
            var row = new Dictionary<string, object?>
            {
                ["id"] = $"{hospital}-x{rows++}",
                ["occurredAt"] = "2022-03-07T01:00:00Z",
                ["examId"] = id,
                ["contract"] = contract,
                ["hospitalId"] = hospital,
                ["modality"] = "MRI",
                ["date"] = "2022-03-09",
                ["bodySite"] = "knee",
            };
            foreach (var (name, value) in members)
                row[name] = value;
            return row;
        }

        await city.Import("exam-books", new
        {
            id = $"{hospital}-b",
            occurredAt = "2022-03-01T01:00:00Z",
            hospitalId = hospital,
            modality = "MRI",
            date = "2022-03-09",
            firstSlot = "08:00",
            slotMinutes = 30,
            slots = 3,
        });
        var (contract, first, second, reported) = (Contract(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var exams = await city.Import("exams",
            Exam(first, contract, ("confirmedAt", "2022-03-07T02:00:00Z"), ("arrivedAt", "2022-03-09T00:00:00Z"), ("performedAt", "2022-03-09T00:30:00Z"),
                ("reportedAt", "2022-03-09T06:00:00Z"), ("critical", true), ("acknowledgedAt", "2022-03-09T07:00:00Z")),
            Exam(second, contract), // done twice, for whatever reason
            Exam(reported, Contract(), ("reportedAt", "2022-03-09T06:00:00Z")));
        Assert.Equal([], exams.Rejects);
        var details = await city.Clinic.GetFromJsonAsync<ExamDetails>($"/exams/{second}");
        Assert.Equal((ExamStatus.Held, first), (details!.Status, details.DuplicateOf));
        Assert.Equal(ExamStatus.ReportReturned, (await city.Clinic.GetFromJsonAsync<ExamDetails>($"/exams/{reported}"))!.Status);

        Dictionary<string, object?> Down(Guid id, params (string Name, object Value)[] members)
        {
            var row = new Dictionary<string, object?>
            {
                ["id"] = $"{hospital}-d{rows++}",
                ["occurredAt"] = "2022-03-07T01:00:00Z",
                ["downReferralId"] = id,
                ["contract"] = Contract(),
                ["hospitalId"] = hospital,
                ["familyBedSuggested"] = true,
                ["upReferralId"] = Guid.CreateVersion7(),
            };
            foreach (var (name, value) in members)
                row[name] = value;
            return row;
        }

        var (closed, late) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var down = await city.Import("down-referrals",
            Down(closed, ("acceptedAt", "2022-03-07T05:00:00Z"), ("firstContactAt", "2022-03-08T05:00:00Z"), ("mode", "visit"), ("closedAt", "2022-03-20T05:00:00Z")),
            Down(late, ("acceptedAt", "2022-03-30T05:00:00Z")));
        Assert.Equal([], down.Rejects);
        Assert.Equal(["DownReferralProposed", "DownReferralAccepted", "FirstContactMade", "DownReferralClosed"], (await city.Feed(closed)).Select(i => i.Type));
        Assert.Equal(["2022-03-09", "2022-03-11"], (await city.Stored(late)).Where(e => e.Type == "down_referral_overdue").Select(e => $"{e.OccurredAt:yyyy-MM-dd}"));
    }
}
