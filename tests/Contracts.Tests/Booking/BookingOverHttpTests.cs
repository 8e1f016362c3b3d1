using System.Net.Http.Json;
using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
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

    [Fact]
    public async Task A_half_day_is_planned_published_and_over_by_itself()
    {
        var team = await city.Team(10);
        var resident = (await Signed(team, 1))[0];
        var draft = (await city.Clinic.Do("/sessions/drafts", new { teamId = team, start = city.Clock.Now.AddHours(4), slotMinutes = 30, slots = 2 })).Id;
        await Talking.Eventually(() => Sessions(city.Clinic), s => s is [{ Status: SessionStatus.Draft }]);
        Assert.Empty((await Sessions(city.First.Client(Role.Resident)))!);
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", "/appointments", new { sessionId = draft, residentId = resident });
        await city.Clinic.Do($"/sessions/{draft}/publication");
        await Book(draft, resident);
        await Talking.Eventually(() => Sessions(city.First.Client(Role.Resident)), s => s is [{ Status: SessionStatus.Published, Taken: 1 }]);
        city.Clock.Now = city.Clock.Now.AddHours(5);
        await Talking.Eventually(() => Sessions(city.Clinic), s => s is [{ Status: SessionStatus.Closed, Taken: 1 }]);
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/sessions/{draft}/cancellation", new { reason = "illness" });
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/sessions/{Guid.CreateVersion7()}/publication");

        Task<List<SessionsOfTeam>?> Sessions(HttpClient who) => who.GetFromJsonAsync<List<SessionsOfTeam>>($"/sessions?teamId={team}&from=2024-01-01T00:00:00Z");
    }

    [Fact]
    public async Task What_was_booked_ends_with_its_contract_and_the_slot_goes_to_who_waits()
    {
        var team = await city.Team(10);
        var contracts = await city.Sign(team, 5);
        var residents = new List<Guid>();
        foreach (var contract in contracts)
            residents.Add((await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract}"))!.ResidentId);
        var (session, later) = (await Session(team, hours: 48, slots: 1), await Session(team, hours: 72, slots: 5));
        var first = await Book(session, residents[0]);
        await city.Clinic.Do($"/sessions/{session}/waitlist", new { residentId = residents[1] });
        await city.Clinic.Do($"/sessions/{session}/waitlist", new { residentId = residents[2] });
        foreach (var resident in residents)
            await Book(later, resident);

        await city.Clinic.Do($"/contracts/{contracts[0]}/termination", new { reason = "MovedOut" });
        await Talking.Eventually(() => Places(residents[1]), p => p is [{ IsOffered: true }]);
        await Talking.Eventually(() => Bookings(residents[0]), b => b.Count == 0);
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/appointments/{first}/check-in");
        var told = (await city.Told<IntegrationEvents.Contracts.AppointmentCancelled>()).Single(m => m.Appointment.AppointmentId == first);
        Assert.Equal(("service", "contractEnded"), (told.By, told.Reason));
        var cause = (await city.Told<IntegrationEvents.Contracts.ContractTerminated>()).Single(m => m.Contract.ContractId == contracts[0]);
        Assert.Equal(cause.EventId.ToString(), told.CausationId);

        // The offer of who dies goes on to the next; his death, taken back, brings nothing back.
        await city.Clinic.Do($"/residents/{residents[1]}/death", new { on = "2024-03-01", source = "hospital" });
        await Talking.Eventually(() => Places(residents[2]), p => p is [{ IsOffered: true }]);
        await Talking.Eventually(() => Bookings(residents[1]), b => b.Count == 0);
        await city.First.Client(Role.Commission).Do($"/residents/{residents[1]}/death-reversal", new { reason = "wrongPerson" });

        // Who signs and books anew keeps it, though the message comes again; who goes to another team loses his time with the old one.
        await city.Clinic.Do($"/residents/{residents[0]}/eligibility", new { basis = "HouseholdRegistration", evidenceType = "register", since = "2011-01-01" });
        var anew = await city.Clinic.Do("/contracts", new { residentId = residents[0], teamId = team });
        await city.Clinic.Do($"/contracts/{anew.Id}/signature", new { proofMethod = "inPerson" });
        await Book(later, residents[0]);
        await city.Publish(cause);
        await city.Publish(cause);
        await city.Clinic.Do($"/contracts/{contracts[3]}/transfer", new { toTeamId = await city.Team(5), reason = "residentWish", consentMethod = "inPerson" });
        await Talking.Eventually(() => Bookings(residents[3]), b => b.Count == 0);
        await Talking.Eventually(() => Bookings(residents[0]), b => b.Count == 1);
        Assert.Single((await Bookings(residents[4]))!);
        Assert.Empty((await Bookings(residents[1]))!);
        var sessions = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<List<SessionsOfTeam>>($"/sessions?teamId={team}&from=2024-01-01T00:00:00Z"),
            s => s.Count == 2 && s[1].Taken == 3);
        Assert.Equal(0, sessions[0].Taken);
    }

    private Task<List<BookingsOfResident>?> Bookings(Guid resident) => city.Clinic.GetFromJsonAsync<List<BookingsOfResident>>($"/residents/{resident}/appointments");

    private Task<List<WaitlistOfResident>?> Places(Guid resident) => city.Clinic.GetFromJsonAsync<List<WaitlistOfResident>>($"/residents/{resident}/waitlist");

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
