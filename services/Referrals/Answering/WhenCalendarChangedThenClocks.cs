using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The city's working days changed: the open clocks of hospitals follow.</summary>
public sealed class WhenCalendarChangedThenClocks(Runner runner, Copies<CalendarChanged> calendars) : IReaction<CalendarChanged>
{
    public async Task React(CalendarChanged message, Envelope cause, CancellationToken ct)
    {
        await calendars.Apply(message.StreamId, message.StreamVersion, message, ct);
        await runner.Execute<OpenClocks>(OpenClocks.Stream, cause, (clocks, at) => OpenClocks.Change(clocks, message.StreamVersion, at), ct);
    }
}
