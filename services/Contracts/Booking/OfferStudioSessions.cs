using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>
/// A studio's half-days of the coming weeks are published, on the city's working days, week by week; those that it no longer
/// holds are cancelled. A durable deadline, so a restart forgets none; what was done already changes nothing when it is done again.
/// </summary>
public sealed class OfferStudioSessions(Runner runner, IEventStore store, PolicyBook policies, TimeProvider clock)
{
    public async Task Work(Guid studioId, Envelope by, CancellationToken ct)
    {
        var (studio, _) = await store.Load<Studio>(studioId, ct);
        if (studio is not { NextAt: not null })
            return;
        var (envelope, at) = (by with { OccurredAt = null }, policies.At(clock.GetUtcNow()));
        var through = at.Today.AddDays(7 * at.Policy.StudioWeeksAhead);
        if (through < studio.Through)
            through = studio.Through;
        await Task.WhenAll(studio.HalfDays(at.Today, through).Select(half => runner.OnLedger<TeamPanel>(studio.TeamId, envelope, ledger =>
            runner.Execute<ClinicSession, TeamPanel, Studio>(Studio.SessionOf(studioId, half.Day, half.Hours), ledger, studioId, envelope,
                (session, panel, now, moment) => (Decide(half.Day, half.Hours, session, panel, now, moment), [], []), ct), ct)));
        await runner.OnLedger<TeamPanel>(studio.TeamId, envelope, ledger => runner.Execute<Studio, TeamPanel>(studioId, ledger, envelope,
            (now, panel, moment) => (Offered(now, studio.Version, panel, through, moment), []), ct), ct);
    }

    /// <summary>One half-day of the studio: offered once, or cancelled when the studio does not hold it any more or the day is free.</summary>
    public static IEnumerable<DomainEvent> Decide(
        DateOnly day, StudioHours hours, ClinicSession? session, TeamPanel? panel, Studio? studio, Moment at)
    {
        var start = at.StartOf(day) + hours.Opens.ToTimeSpan();
        if (studio is null || start <= at.Now)
            return []; // it has begun
        if (!studio.Hours.Contains(hours) || !at.Calendar.Contains(day))
            return session is { Status: SessionStatus.Published } ? new CancelSession(studio.IsOpen ? "other" : "closure").Decide(session, at) : [];
        var slots = (int)((hours.Closes - hours.Opens).TotalMinutes / at.Policy.StudioSlotMinutes);
        if (session is not null || slots == 0 || panel is null || !TeamPanel.Open(panel).IsWorking)
            return [];
        return new PublishSession(null, studio.TeamId, start, at.Policy.StudioSlotMinutes, slots)
            .Decide(Studio.SessionOf(studio.Id, day, hours), session, panel, at)
            .Select(published => (SessionPublished)published with { StudioId = studio.Id });
    }

    /// <param name="version">Of the hours that were worked on; newer ones have a moment of their own.</param>
    public static IEnumerable<DomainEvent> Offered(Studio? studio, long version, TeamPanel? panel, DateOnly through, Moment at)
    {
        if (panel is { IsClosed: true })
            throw new LedgerTurned();
        if (studio is not { NextAt: not null } || studio.Version != version)
            return [];
        // A team that does not work now, or is not known yet, may tomorrow.
        var next = at.Now.AddDays(panel is { IsWorking: true } ? 7 : 1);
        return [new StudioSessionsOffered(studio.Id, through, studio.Hours.Count > 0 ? next : null)];
    }
}
