using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Booking;

/// <summary>What Teams says of a studio's hours, and what half-days come of it.</summary>
public sealed class StudioSessionsTests
{
    private static readonly Guid StudioId = new("00000000-0000-7000-8000-000000000041"), Appointment = new("00000000-0000-7000-8000-000000000042");
    private static readonly DateOnly Monday = new(2024, 6, 3), Holiday = new(2024, 6, 10), Saturday = new(2024, 6, 8);
    private static readonly StudioHours Mondays = new(DayOfWeek.Monday, new(9, 0), new(12, 0), 5), Fridays = new(DayOfWeek.Friday, new(14, 0), new(16, 0), 5);
    private static readonly DateTimeOffset Set = At("2024-06-01 08:00").Now;
    private static readonly StudioScheduled Scheduled = new(StudioId, Team, [Mondays, Fridays], 5, Set);
    private static readonly Guid Session = Studio.SessionOf(StudioId, Monday, Mondays);
    private static readonly SessionPublished Published = new(Session, Team, Institution, "330203", "clinic", At("2024-06-03 09:00").Now, 15, 12, 70,
        At("2024-06-02 09:00").Now, At("2024-06-03 12:00").Now, StudioId);

    [Fact]
    public void The_hours_of_a_studio_are_worked_on_at_once() => Given<Studio>()
        .When("2024-06-01 08:00", (s, at) => WhenStudioChanged.Decide(s, Hours(5, Of(Mondays), Of(Fridays), Of(Mondays)), at)).Then(Scheduled);

    [Theory, InlineData(5), InlineData(4)]
    public void Told_twice_or_late_they_change_nothing(long version)
    {
        Given<Studio>(Scheduled).When("2024-06-01 09:00", (s, at) => WhenStudioChanged.Decide(s, Hours(version), at)).ThenNothing();
        Given<Studio>(Scheduled).When("2024-06-01 09:00", (s, at) => WhenStudioChanged.Decide(s, Closed(version), at)).ThenNothing();
        Given<Studio>(new StudioEnded(StudioId, 5, null)).When("2024-06-01 09:00", (s, at) => WhenStudioChanged.Decide(s, Hours(version, Of(Mondays)), at)).ThenNothing();
    }

    [Fact]
    public void A_closure_told_first_is_remembered_and_needs_no_work() => Given<Studio>()
        .When("2024-06-01 09:00", (s, at) => WhenStudioChanged.Decide(s, Closed(6), at)).Then(new StudioEnded(StudioId, 6, null));

    [Fact]
    public void A_half_day_that_stays_is_the_same_session_and_one_that_comes_back_is_another()
    {
        Given<Studio>(Scheduled).When("2024-06-02 08:00", (s, at) => WhenStudioChanged.Decide(s, Hours(6, Of(Mondays)), at))
            .Then(new StudioScheduled(StudioId, Team, [Mondays], 6, At("2024-06-02 08:00").Now));
        Given<Studio>(Scheduled, Scheduled with { Hours = [Mondays], Version = 6 }).When("2024-06-02 08:00", (s, at) => WhenStudioChanged.Decide(s, Hours(7, Of(Fridays)), at))
            .Then(new StudioScheduled(StudioId, Team, [Fridays with { Since = 7 }], 7, At("2024-06-02 08:00").Now));
        Assert.NotEqual(Studio.SessionOf(StudioId, Monday, Fridays), Studio.SessionOf(StudioId, Monday, Fridays with { Since = 7 }));
    }

    [Fact]
    public void A_half_day_is_offered_once_as_the_studio_s()
    {
        OnMonday(Mondays, Scheduled).ThenNothing(Published);
        Given<ClinicSession>().And<TeamPanel>(Panel).And<Studio>(Scheduled).When("2024-06-01 08:00", Work(Monday, Mondays)).Then(Published);
    }

    [Fact]
    public void Nothing_is_offered_on_a_free_day_in_the_past_or_by_a_team_that_does_not_work()
    {
        Given<ClinicSession>().And<TeamPanel>(Panel).And<Studio>(Scheduled).When("2024-06-01 08:00", Work(Holiday, Mondays)).ThenNothing();
        var saturdays = Mondays with { Day = DayOfWeek.Saturday };
        Given<ClinicSession>().And<TeamPanel>(Panel).And<Studio>(Scheduled with { Hours = [saturdays] }).When("2024-06-01 08:00", Work(Saturday, saturdays)).ThenNothing();
        Given<ClinicSession>().And<TeamPanel>(Panel).And<Studio>(Scheduled).When("2024-06-03 09:00", Work(Monday, Mondays)).ThenNothing();
        Given<ClinicSession>().And<TeamPanel>(Panel with { Accepting = false }).And<Studio>(Scheduled).When("2024-06-01 08:00", Work(Monday, Mondays)).ThenNothing();
        Given<ClinicSession>().And<TeamPanel>().And<Studio>(Scheduled).When("2024-06-01 08:00", Work(Monday, Mondays)).ThenNothing();
    }

    [Fact]
    public void A_half_day_that_the_studio_no_longer_holds_is_cancelled_before_it_begins()
    {
        DomainEvent[] less = [Scheduled, Scheduled with { Hours = [Fridays], Version = 6 }];
        OnMonday(Mondays, less).Then(new SessionCancelled(Session, "other", At("2024-06-01 08:00").Now), Published, new SessionSlotTaken(Session, 0, Appointment));
        OnMonday(Mondays, Scheduled, new StudioEnded(StudioId, 6, Set)).Then(new SessionCancelled(Session, "closure", At("2024-06-01 08:00").Now), Published);
        OnMonday(Mondays, less).ThenNothing(Published, new SessionCancelled(Session, "illness", Set));
        OnMonday(Mondays, less).ThenNothing();
        Given<ClinicSession>(Published).And<TeamPanel>(Panel).And<Studio>(less).When("2024-06-03 09:00", Work(Monday, Mondays)).ThenNothing();
    }

    [Fact]
    public void Looked_at_are_the_days_of_the_hours_that_are_and_were()
    {
        var studio = new DomainEvent[] { Scheduled, Scheduled with { Hours = [Mondays], Version = 6 } }.Aggregate(default(Studio), Studio.Evolve)!;
        Assert.Equal([(Monday, Mondays), (Monday.AddDays(4), Fridays), (Holiday, Mondays)], studio.HalfDays(Monday, Holiday));
        Assert.Equal([(Monday, Mondays)], Studio.Evolve(studio, new StudioSessionsOffered(StudioId, Holiday, Set)).HalfDays(Monday, Holiday.AddDays(-1)));
    }

    [Fact]
    public void A_week_later_the_next_ones_are_offered_unless_nothing_is_left_to_do()
    {
        var through = new DateOnly(2024, 6, 29);
        Given<Studio>(Scheduled).And<TeamPanel>(Panel).When("2024-06-01 08:00", (s, p, at) => (OfferStudioSessions.Offered(s, 5, p, through, at), []))
            .Then(new StudioSessionsOffered(StudioId, through, At("2024-06-08 08:00").Now));
        Given<Studio>(Scheduled).And<TeamPanel>().When("2024-06-01 08:00", (s, p, at) => (OfferStudioSessions.Offered(s, 5, p, through, at), []))
            .Then(new StudioSessionsOffered(StudioId, through, At("2024-06-02 08:00").Now));
        Given<Studio>(Scheduled, new StudioEnded(StudioId, 6, Set)).And<TeamPanel>(Panel)
            .When("2024-06-01 08:00", (s, p, at) => (OfferStudioSessions.Offered(s, 6, p, through, at), [])).Then(new StudioSessionsOffered(StudioId, through, null));
        Given<Studio>(Scheduled, new StudioEnded(StudioId, 6, Set)).And<TeamPanel>(Panel)
            .When("2024-06-01 08:00", (s, p, at) => (OfferStudioSessions.Offered(s, 5, p, through, at), [])).ThenNothing();
    }

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Open"] = [Scheduled],
        ["Closing"] = [Scheduled, new StudioEnded(StudioId, 6, Set)],
        ["Closed"] = [new StudioEnded(StudioId, 6, null)],
    };

    private static readonly Dictionary<string, Func<Studio?, Policies.Moment, IEnumerable<DomainEvent>>> Commands = new()
    {
        [nameof(StudioHoursSet)] = (s, at) => WhenStudioChanged.Decide(s, Hours(7, Of(Fridays)), at),
        [nameof(StudioClosed)] = (s, at) => WhenStudioChanged.Decide(s, Closed(7), at),
        ["OlderNews"] = (s, at) => s is null ? [] : WhenStudioChanged.Decide(s, Hours(s.Version - 1), at).Concat(WhenStudioChanged.Decide(s, Closed(s.Version), at)),
        [nameof(OfferStudioSessions)] = (s, at) => OfferStudioSessions.Offered(s, s?.Version ?? 0, null, Holiday, at),
    };

    [Fact]
    public void Every_command_on_a_studio_does_what_the_table_says() =>
        new TransitionTable("Contracts/Booking/Studio.states.md", States.Keys, Commands.Keys).HoldsFor((state, command) =>
        {
            var studio = States[state].Aggregate(default(Studio), Studio.Evolve);
            var decided = Commands[command](studio, At("2024-06-01 08:00")).ToList();
            return (decided, decided.Aggregate(studio, Studio.Evolve) switch
            {
                null => "-",
                { IsOpen: true } => "Open",
                { NextAt: null } => "Closed",
                _ => "Closing",
            });
        });

    /// <summary>The same Monday of the studio, with what happened to its session before.</summary>
    private static Asked OnMonday(StudioHours hours, params DomainEvent[] studio) => new(hours, studio);

    private sealed record Asked(StudioHours HalfDay, DomainEvent[] Before)
    {
        public void Then(DomainEvent expected, params DomainEvent[] session) => Ask(session).Then(expected);

        public void ThenNothing(params DomainEvent[] session) => Ask(session).ThenNothing();

        private Testing.Outcome Ask(DomainEvent[] session) =>
            Given<ClinicSession>(session).And<TeamPanel>(Panel).And<Studio>(Before).When("2024-06-01 08:00", Work(Monday, HalfDay));
    }

    private static Func<ClinicSession?, TeamPanel?, Studio?, Policies.Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> Work(
        DateOnly day, StudioHours hours) => (session, panel, studio, at) => (OfferStudioSessions.Decide(day, hours, session, panel, studio, at), [], []);

    private static StudioSession Of(StudioHours hours) => new(hours.Day, hours.Opens, hours.Closes);

    private static StudioHoursSet Hours(long version, params StudioSession[] sessions) => new(StudioId, Gp, Team, sessions) { StreamVersion = version };

    private static StudioClosed Closed(long version) => new(StudioId, Gp, "wish") { StreamVersion = version };
}
