using System.Net.Http.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests.Booking;

/// <summary>Teams says when a studio holds sessions; here residents book them.</summary>
[Collection("contracts")]
public sealed class StudioOverHttpTests(ContractsFixture city)
{
    private static readonly TimeSpan Ningbo = TimeSpan.FromHours(8);
    private static readonly StudioSession
        Mondays = new(DayOfWeek.Monday, new(8, 0), new(9, 0)), Tuesdays = new(DayOfWeek.Tuesday, new(9, 0), new(10, 0)),
        Thursdays = new(DayOfWeek.Thursday, new(14, 0), new(15, 0)), Fridays = new(DayOfWeek.Friday, new(9, 0), new(11, 0));

    [Fact]
    public async Task A_studio_s_sessions_are_offered_week_by_week_and_follow_its_hours_however_they_are_told()
    {
        var (studio, doctor, team) = (Guid.CreateVersion7(), Guid.CreateVersion7(), await city.Team(10));
        var residents = new List<Guid>();
        foreach (var contract in await city.Sign(team, 2))
            residents.Add((await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract}"))!.ResidentId);

        await Tell(Hours(6, Tuesdays, Thursdays), Hours(5, Mondays, Tuesdays), Hours(6, Tuesdays, Thursdays));
        var offered = await Published(Tuesdays, Thursdays);
        Assert.All(offered, s => Assert.Equal((studio, 15, 4), (s.StudioId, s.SlotMinutes, s.Slots)));
        var tuesday = offered.Last(s => On(s) is DayOfWeek.Tuesday);
        var thursday = offered.Last(s => On(s) is DayOfWeek.Thursday);
        await Book(tuesday, residents[0]);
        await Book(thursday, residents[1]);

        // Tuesdays go, booked or not; Thursdays stay as they are.
        await Tell(Hours(9, Thursdays, Fridays), Hours(8, Mondays), Hours(9, Thursdays, Fridays));
        var now = await Published(Thursdays, Fridays);
        Assert.Contains(now, s => s.SessionId == thursday.SessionId && s.Taken == 1);
        await Talking.Eventually(() => Bookings(residents[0]), b => b.Count == 0);
        var told = (await city.Told<IntegrationEvents.Contracts.AppointmentCancelled>()).Single(m => m.Appointment.SessionId == tuesday.SessionId);
        Assert.Equal(("service", "sessionCancelled"), (told.By, told.Reason));
        Assert.Equal("other", await WhyCancelled(tuesday));
        Assert.Single((await Bookings(residents[1]))!);

        city.Clock.Now = city.Clock.Now.AddDays(14).AddMinutes(5); // a single week may be a holiday
        var later = await Published(Thursdays, Fridays);
        Assert.True(later.Max(s => s.Start) > now.Max(s => s.Start));

        await Tell(Closed(12), Hours(11, Mondays, Thursdays), Closed(12));
        Assert.Empty(await Published());
        await Talking.Eventually(() => Bookings(residents[1]), b => b.Count == 0);
        Assert.Equal("closure", await WhyCancelled(thursday));

        async Task Tell(params IntegrationEvents.IntegrationEvent[] messages)
        {
            foreach (var message in messages)
                await city.Publish(message);
        }

        StudioHoursSet Hours(long version, params StudioSession[] sessions) => city.Stamped(new StudioHoursSet(studio, doctor, team, sessions), doctor, version);

        StudioClosed Closed(long version) => city.Stamped(new StudioClosed(studio, doctor, "wish"), doctor, version);

        // What residents can book, once it is exactly the hours of the coming four weeks on working days.
        Task<List<SessionsOfTeam>> Published(params StudioSession[] hours) => Talking.Eventually(
            () => city.First.Client(Role.Resident).GetFromJsonAsync<List<SessionsOfTeam>>(
                $"/sessions?teamId={team}&status=Published&from={Uri.EscapeDataString(city.Clock.Now.ToString("O"))}"),
            found => found.Select(s => s.Start).Order().SequenceEqual(Coming(hours)));
    }

    private IEnumerable<DateTimeOffset> Coming(StudioSession[] hours)
    {
        var today = DateOnly.FromDateTime(city.Clock.Now.ToOffset(Ningbo).DateTime);
        return Enumerable.Range(0, 29).Select(today.AddDays).Where(WorkingDays.Default.Contains)
            .SelectMany(day => hours.Where(h => h.Day == day.DayOfWeek).Select(h => new DateTimeOffset(day.ToDateTime(h.Opens), Ningbo)))
            .Where(start => start > city.Clock.Now).Order();
    }

    private static DayOfWeek On(SessionsOfTeam session) => session.Start.ToOffset(Ningbo).DayOfWeek;

    private async Task<string> WhyCancelled(SessionsOfTeam session) =>
        (await city.Told<IntegrationEvents.Contracts.SessionCancelled>()).Single(m => m.SessionId == session.SessionId).Reason;

    private Task<Done> Book(SessionsOfTeam session, Guid resident) => city.Clinic.Do("/appointments", new { sessionId = session.SessionId, residentId = resident });

    private Task<List<BookingsOfResident>?> Bookings(Guid resident) => city.Clinic.GetFromJsonAsync<List<BookingsOfResident>>($"/residents/{resident}/appointments");
}
