using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Covering;
using FamilyDoctor.Teams.Tests.States;
using FamilyDoctor.Testing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Covering;

/// <summary>An absence has an end, and whoever stands in can do so all that time.</summary>
public sealed class CoveringDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly Guid Id = new("00000000-0000-7000-8000-000000000041"), OtherId = new("00000000-0000-7000-8000-000000000042");
    private static readonly CoverNamed Leave = Named(Id, "2024-03-02 00:00", "2024-03-09 00:00");
    private static readonly AbsenceStarted Started = new(Id, Gp, SecondGp);
    private static readonly DepartureAnnounced Leaving = new(SecondGp, new(2024, 3, 8), DateTimeOffset.Parse("2024-03-08T16:00:00Z"), "retired");

    [Theory]
    [InlineData("2024-02-28 09:00", "2024-03-01 09:01", true)]
    [InlineData("2024-02-28 09:00", "2024-03-01 09:00", false)] // over by now
    [InlineData("2024-03-05 00:00", "2024-03-05 00:00", false)] // no time at all
    [InlineData("2024-03-05 00:00", "2025-04-09 00:00", true)] // 400 days
    [InlineData("2024-03-05 00:00", "2025-04-09 00:01", false)]
    [InlineData("2025-04-05 09:00", "2025-04-06 09:00", true)] // 400 days from now
    [InlineData("2025-04-05 09:01", "2025-04-06 09:00", false)]
    public void An_absence_ends_after_it_starts_and_after_now_and_within_400_days(string from, string to, bool possible)
    {
        var outcome = Recording(from, to);
        if (possible)
            Assert.Contains(outcome.Events, e => e is CoverNamed);
        else
            outcome.ThenRefused("VALIDATION_FAILED");
    }

    [Theory]
    [InlineData("2024-03-02 00:00", false)] // as it starts
    [InlineData("2025-04-06 00:00", true)] // 400 days
    [InlineData("2025-04-06 00:01", false)]
    public void A_change_keeps_to_that(string to, bool possible)
    {
        var outcome = Changing(Morning, SecondDoctor, to, [Leave]);
        if (possible)
            outcome.ThenEvents(typeof(CoverNamed));
        else
            outcome.ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void An_absence_that_has_begun_does_not_end_before_now() =>
        Changing("2024-03-05 09:00", SecondDoctor, "2024-03-05 09:00", [Leave, Started]).ThenRefused("VALIDATION_FAILED");

    [Fact]
    public void Whoever_stands_in_is_licensed()
    {
        Recording(cover: [SecondDoctor with { LicenceValidTo = new(2024, 2, 29) }]).ThenRefused("COVER_NOT_ELIGIBLE");
        Recording(cover: [SecondDoctor, new PractitionerSuspended(SecondGp, "inquiry", null, null)]).ThenRefused("COVER_NOT_ELIGIBLE");
        Recording(cover: [SecondDoctor with { LicenceValidTo = new(2024, 3, 1) }]).Then(Leave);
    }

    [Fact]
    public void Whoever_stands_in_does_not_leave_meanwhile()
    {
        Recording(cover: [SecondDoctor, Leaving]).Then(Leave);
        Recording(cover: [SecondDoctor, Leaving with { LeavesAt = Leave.To.AddMinutes(-1) }]).ThenRefused("COVER_NOT_ELIGIBLE");
        Changing(Morning, [SecondDoctor, Leaving], "2024-03-10 00:00", [Leave]).ThenRefused("COVER_NOT_ELIGIBLE");
    }

    [Fact]
    public void Whoever_stands_in_is_another_of_the_same_profession()
    {
        Recording(cover: [SecondDoctor with { Kind = "nurse" }]).ThenRefused("COVER_NOT_ELIGIBLE");
        Recording(cover: [Doctor]).ThenRefused("COVER_NOT_ELIGIBLE");
    }

    [Fact]
    public void Whoever_stands_in_need_not_have_been_there_before()
    {
        var yesterday = Named(OtherId, "2024-02-26 00:00", "2024-03-01 08:00");
        Changing(Morning, SecondDoctor, "2024-03-10 00:00", [Leave with { From = yesterday.From }, Started], yesterday).ThenEvents(typeof(CoverNamed));
        Changing(Morning, SecondDoctor, "2024-03-10 00:00", [Leave], yesterday with { To = Leave.From }).ThenEvents(typeof(CoverNamed));
        Changing(Morning, SecondDoctor, "2024-03-10 00:00", [Leave], yesterday with { To = Leave.From.AddMinutes(1) }).ThenRefused("COVER_ABSENT");
    }

    [Fact]
    public void The_same_cover_to_the_same_end_is_no_change()
    {
        Changing(Morning, SecondDoctor, null, [Leave]).ThenNothing();
        Changing(Morning, SecondDoctor, "2024-03-09 00:00", [Leave]).ThenNothing();
        Changing(Morning, SecondDoctor, "2024-03-08 00:00", [Leave]).Then(Named(Id, "2024-03-02 00:00", "2024-03-08 00:00"));
    }

    [Fact]
    public void Only_what_is_still_to_come_overlaps_and_not_what_follows_at_once()
    {
        var next = Named(OtherId, "2024-03-09 00:00", "2024-03-11 00:00");
        Recording(own: [next]).Then(Leave);
        Recording(own: [next with { From = next.From.AddMinutes(-1) }]).ThenRefused("ABSENCE_OVERLAPS");
        Recording(own: [Leave with { AbsenceId = OtherId }, new CoverEnded(OtherId, Gp, SecondGp, "cancelled")]).Then(Leave);
    }

    [Fact]
    public void Whoever_has_left_needs_no_other_cover() => Given<Absences>(Leave).And<Absences>().And<Practitioner>(SecondDoctor).When(Morning, (own, covers, c, at) =>
        (new ChangeCover(SecondGp, Leave.To.AddDays(1)).Decide(Id, Left(), own, covers, c, at), [], [])).ThenRefused("INVALID_TRANSITION");

    private static Practitioner Left() => Practitioner.Evolve(Practitioner.Evolve(null, Doctor), new PractitionerDeparted(Gp, new(2024, 2, 29), "retired"));

    [Fact]
    public async Task Nobody_stands_in_for_himself()
    {
        await using var city = new MemoryCity(At(Morning).Now);
        city.Given<Practitioner>(Gp, Doctor).Given<Absences>(Absences.StreamOf(Gp), Leave);
        var record = RecordAbsenceEndpoint.Take(new(OtherId, Leave.To, Leave.To.AddDays(1), Gp, "leave"), OtherId, Gp, city.By, city.Runner, city.Store, default);
        Assert.Equal("COVER_NOT_ELIGIBLE", (await Assert.ThrowsAsync<RuleBroken>(() => record)).Code);
        var change = ChangeCoverEndpoint.Take(new(Gp), Id, Gp, city.By, city.Runner, city.Store, default);
        Assert.Equal("COVER_NOT_ELIGIBLE", (await Assert.ThrowsAsync<RuleBroken>(() => change)).Code);
    }

    [Fact]
    public void The_clock_starts_and_ends_what_is_due_and_nothing_else()
    {
        var later = Named(OtherId, "2024-03-12 00:00", "2024-03-15 00:00");
        Given<Absences>(Leave, later).When("2024-03-01 23:59", StartAbsence.Decide).ThenNothing();
        Given<Absences>(Leave, later).When("2024-03-02 00:00", StartAbsence.Decide).Then(Started);
        Given<Absences>(Leave, Started, later).When("2024-03-02 00:00", StartAbsence.Decide).ThenNothing();
        Given<Absences>(Leave, Started, later).When("2024-03-08 23:59", FinishAbsence.Decide).ThenNothing();
        Given<Absences>(Leave, Started, later).When("2024-03-09 00:00", FinishAbsence.Decide).Then(new CoverEnded(Id, Gp, SecondGp, "over"));
        Given<Absences>(Leave).When("2024-03-09 00:00", FinishAbsence.Decide).ThenNothing(); // it starts first
    }

    [Fact]
    public void Somebody_is_away_from_the_start_to_the_end()
    {
        var away = Fold(Leave, Started);
        Assert.Null(away.At(Leave.From.AddMinutes(-1)));
        Assert.NotNull(away.At(Leave.From));
        Assert.NotNull(away.At(Leave.To.AddMinutes(-1)));
        Assert.Null(away.At(Leave.To));
        Assert.Null(Fold(Leave, Started, new CoverEnded(Id, Gp, SecondGp, "returned")).At(Leave.From));
    }

    private static Absences Fold(params DomainEvent[] history) => history.Aggregate(default(Absences), Absences.Evolve)!;

    private static CoverNamed Named(Guid id, string from, string to) => new(id, Gp, SecondGp, At(from).Now.ToUniversalTime(), At(to).Now.ToUniversalTime(), "leave");

    private static Outcome Recording(string from = "2024-03-02 00:00", string to = "2024-03-09 00:00", DomainEvent[]? cover = null, DomainEvent[]? own = null) =>
        Given<Absences>(own ?? []).And<Absences>().And<Practitioner>(cover ?? [SecondDoctor]).When(Morning, (absences, covers, c, at) =>
            (new RecordAbsence(Id, At(from).Now, At(to).Now, c!.Id, "leave").Decide(Id, Practitioner.Evolve(null, Doctor), absences, covers, c, at), [], []));

    private static Outcome Changing(string now, DomainEvent cover, string? to, DomainEvent[] own, params DomainEvent[] ofCover) => Changing(now, [cover], to, own, ofCover);

    private static Outcome Changing(string now, DomainEvent[] cover, string? to, DomainEvent[] own, params DomainEvent[] ofCover) =>
        Given<Absences>(own).And<Absences>(ofCover).And<Practitioner>(cover).When(now, (absences, covers, c, at) =>
            (new ChangeCover(c!.Id, to is null ? null : At(to).Now).Decide(Id, Practitioner.Evolve(null, Doctor), absences, covers, c, at), [], []));
}
