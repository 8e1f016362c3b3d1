using System.Net.Http.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests.Booking;

[Collection("contracts")]
public sealed class BookingOverHttpTests(ContractsFixture city)
{
    [Fact]
    public async Task A_freed_slot_goes_to_who_waits_and_a_cancelled_session_frees_everybody()
    {
        var team = await city.Team(10);
        var residents = await Signed(team, 3);
        var session = await Session(team, hours: 48, slots: 1);
        var first = await Book(session, residents[0]);
        await city.Clinic.Refuses(409, "SLOT_TAKEN", "/appointments", new { sessionId = session, residentId = residents[1] });
        await city.Clinic.Do($"/sessions/{session}/waitlist", new { residentId = residents[1] });
        await city.Clinic.Do($"/appointments/{first}/cancellation", new { reason = "ill" });
        await city.Clinic.Refuses(409, "SLOT_TAKEN", "/appointments", new { sessionId = session, residentId = residents[2] });
        var second = await Book(session, residents[1]);

        var other = await Session(team, hours: 72, slots: 2);
        await city.Clinic.Refuses(409, "SLOT_FREE", $"/sessions/{other}/waitlist", new { residentId = residents[2] });
        await city.Clinic.Do($"/appointments/{second}/rescheduling", new { sessionId = other, slot = 1 });
        var third = await Book(session, residents[2]);
        await city.Clinic.Do($"/sessions/{other}/cancellation", new { reason = "illness" });
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", "/appointments", new { sessionId = other, residentId = residents[0] });
        var sessions = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<List<SessionsOfTeam>>($"/sessions?teamId={team}&from=2024-01-01T00:00:00Z"),
            s => s.Count == 2 && s[1].Cancelled && s[1].Taken == 0);
        Assert.Equal((1, 0), (sessions[0].Taken, sessions[0].Waiting));
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/appointments/{second}/check-in");
        await city.Clinic.Do($"/appointments/{third}/check-in");
    }

    [Fact]
    public async Task Who_is_absent_three_times_cannot_book_for_a_month()
    {
        var team = await city.Team(10);
        var resident = (await Signed(team, 1))[0];
        for (var n = 0; n < 3; n++)
        {
            var appointment = await Book(await Session(team, hours: 1, slots: 1), resident);
            city.Clock.Now = city.Clock.Now.AddHours(2);
            await city.Clinic.Do($"/appointments/{appointment}/no-show");
        }
        var next = await Session(team, hours: 30, slots: 1);
        await city.Clinic.Refuses(422, "BOOKING_RESTRICTED", "/appointments", new { sessionId = next, residentId = resident });
        city.Clock.Now = city.Clock.Now.AddDays(31);
        await Book(await Session(team, hours: 30, slots: 1), resident);
    }

    private async Task<List<Guid>> Signed(Guid team, int count)
    {
        var residents = new List<Guid>();
        foreach (var contract in await city.Sign(team, count))
            residents.Add((await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract}"))!.ResidentId);
        return residents;
    }

    private async Task<Guid> Session(Guid team, int hours, int slots) =>
        (await city.Clinic.Do("/sessions", new { teamId = team, start = city.Clock.Now.AddHours(hours), slotMinutes = 15, slots })).Id;

    private async Task<Guid> Book(Guid session, Guid resident) => (await city.Clinic.Do("/appointments", new { sessionId = session, residentId = resident })).Id;
}
