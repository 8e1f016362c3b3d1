using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyDoctor.EventSourcing;

/// <summary>A new policy version reaches every service as a local copy, long before its first day.</summary>
public sealed class WhenPolicyVersionActivated(Copies<PolicyVersionActivated> copies) : IReaction<PolicyVersionActivated>
{
    public Task React(PolicyVersionActivated message, Envelope cause, CancellationToken ct) =>
        copies.Apply(Ids.Of($"Policy:{message.Version}"), message.StreamVersion, message, ct);
}

/// <summary>The city's working days changed.</summary>
public sealed class WhenCalendarChanged(Copies<CalendarChanged> copies) : IReaction<CalendarChanged>
{
    public Task React(CalendarChanged message, Envelope cause, CancellationToken ct) =>
        copies.Apply(message.StreamId, message.StreamVersion, message, ct);
}

/// <summary>Keeps this process's policy book in step with the copies, whichever instance received the message.</summary>
public sealed class PolicyRefresh(
    Copies<PolicyVersionActivated> versions, Copies<CalendarChanged> calendars, PolicyBook book, ILogger<PolicyRefresh> log) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Learn(cancellationToken); // before the first decision
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await Learn(stoppingToken);
            }
            catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException)
            {
                log.LogWarning(e, "Policies could not be refreshed; the known ones stay in force");
            }
        }
    }

    private async Task Learn(CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
            return;
        foreach (var version in await versions.All(ct))
            book.Learn(version.Version, version.From, version.Policy);
        foreach (var calendar in await calendars.All(ct))
            book.Learn(calendar.StreamVersion, new CalendarDays(calendar.Holidays, calendar.MakeUpDays));
    }
}
