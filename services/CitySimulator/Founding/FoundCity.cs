using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Founding;

/// <summary>
/// Brings the planned past into the services, in the order in which they need it. Everything has the id of its plan,
/// so a second founding finds all of it there already.
/// </summary>
public sealed class FoundCity(Plan plan, Services services, Sending sending, FoundingProgress progress, ILogger<FoundCity> log)
{
    private static readonly string[] All = ["teams", "contracts", "referrals", "beds"];

    public async Task Run(CancellationToken ct)
    {
        Expect();
        foreach (var service in All)
            await services.Post(service, "/imports/history/opening", ct);
        await Directory(ct);
        await Task.WhenAll(Enrolments(ct), Referrals(ct), Beds(ct), sending.Send("teams", "figures", ReportedFigures.Of(plan), ct));
        foreach (var service in All)
            await services.Post(service, "/imports/history/closing", ct);
        await Settled(ct);
    }

    private void Expect()
    {
        progress.Expect("practitioners", plan.Staffing.Practitioners.Count);
        progress.Expect("teams", plan.Staffing.Teams.Count);
        progress.Expect("residents", plan.Population.Residents.Count);
        progress.Expect("contracts", plan.Population.Residents.Count);
        progress.Expect("sessions", plan.Booking.Sessions.Count);
        progress.Expect("appointments", plan.Booking.Appointments.Count);
        progress.Expect("referrals", plan.Referring.Cases.Count);
        progress.Expect("exams", plan.Examining.Cases.Count);
        progress.Expect("beds", plan.BedCare.Beds.Count);
        progress.Expect("visits", plan.HomeVisiting.Visits.Count);
    }

    private async Task Directory(CancellationToken ct)
    {
        await sending.Send("teams", "institutions", DirectoryRows.Institutions(plan), ct);
        await sending.Send("teams", "hospitals", DirectoryRows.Hospitals(plan), ct);
        await sending.Send("teams", "practitioners", DirectoryRows.Practitioners(plan), ct);
        await sending.Send("teams", "teams", DirectoryRows.Teams(plan), ct);
        await sending.Send("teams", "stars", DirectoryRows.Stars(plan), ct);
        await sending.Send("teams", "studios", DirectoryRows.Studios(plan), ct);
        foreach (var team in plan.Staffing.Teams)
            await Until($"Contracts to hear of team {team.Index + 1}", () => services.Find<PanelView>("contracts", $"/teams/{team.Id}/panel", ct), ct);
    }

    private async Task Enrolments(CancellationToken ct)
    {
        var residents = plan.Population.Residents;
        await sending.Send("contracts", "residents", residents.Select(r => EnrolmentRows.Resident(plan, r)), ct);
        await sending.SendByTeam("contracts", "contracts", residents, r => r.Team, r => EnrolmentRows.Contract(plan, r), ct);
        await sending.Send("contracts", "sessions", plan.Booking.Sessions, ct);
        await sending.SendByTeam("contracts", "appointments", plan.Booking.Appointments, a => a.Team, a => a.Row, ct);
    }

    private async Task Referrals(CancellationToken ct)
    {
        await sending.Send("referrals", "quotas", plan.Referring.Clinics.All.Select(plan.Referring.Quota), ct);
        await sending.Send("referrals", "exam-books", plan.Examining.Devices.All.Select(plan.Examining.Book), ct);
        await sending.SendByTeam("referrals", "referrals", plan.Referring.Cases, c => c.Resident.Team, plan.Referring.Row, ct);
        await sending.SendByTeam("referrals", "exams", plan.Examining.Cases, c => c.Resident.Team, plan.Examining.Row, ct);
        await sending.SendByTeam("referrals", "down-referrals", plan.Referring.Returns, c => c.Up.Resident.Team, plan.Referring.Row, ct);
    }

    private async Task Beds(CancellationToken ct)
    {
        await sending.Send("beds", "bed-capacities", plan.BedCare.Capacities, ct);
        await sending.SendByTeam("beds", "beds", [.. plan.BedCare.Beds.OrderBy(b => b.RequestedAt)], b => b.Resident.Team,
            b => plan.BedCare.Row(b, plan.HomeVisiting.CountOf(b)), ct);
        await sending.SendByTeam("beds", "visits", plan.HomeVisiting.Visits, v => v.Team, v => v.Row, ct);
    }

    /// <summary>Contracts that were not renewed expire by themselves once the history is closed; then the stock is as planned.</summary>
    private async Task Settled(CancellationToken ct)
    {
        log.LogInformation("{Accepted} rows taken in, {Repeated} were there already, {Rejected} refused", sending.Accepted, sending.Repeated, sending.Rejected);
        if (sending.Accepted == 0)
            return; // founded before: the city has lived on since
        var (planned, confirmed) = (plan.Population.Residents.Count(r => r.LeftOn is null), int.MaxValue);
        for (var waited = 0; waited < 120 && confirmed > planned; waited++)
        {
            progress.Say($"waiting for the {planned} contracts in force");
            await Task.Delay(TimeSpan.FromMilliseconds(500), ct);
            confirmed = 0;
            foreach (var team in plan.Staffing.Teams)
                confirmed += (await services.Find<PanelView>("contracts", $"/teams/{team.Id}/panel", ct))?.Confirmed ?? 0;
        }
        if (confirmed != planned)
            log.LogWarning("{Confirmed} contracts are in force, {Planned} were planned", confirmed, planned);
    }

    private async Task Until<T>(string what, Func<Task<T?>> look, CancellationToken ct) where T : class
    {
        for (var waited = 0; await look() is null; waited++)
        {
            progress.Say($"waiting for {what}");
            if (waited == 300)
                log.LogWarning("Still waiting for {What}", what);
            await Task.Delay(TimeSpan.FromMilliseconds(200), ct);
        }
    }

    private sealed record PanelView(int Confirmed);
}
