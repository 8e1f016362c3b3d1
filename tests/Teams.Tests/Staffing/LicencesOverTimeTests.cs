using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Staffing;

[Collection("teams")]
public sealed class LicencesOverTimeTests(TeamsFixture city)
{
    [Fact]
    public async Task A_licence_lapses_by_itself_once_at_its_own_time_however_many_instances_run()
    {
        await city.StartInstance();
        var institution = await city.Institution();
        var nurse = await city.Practitioner(institution, "nurse", city.Today.AddDays(30));
        var due = new DateTimeOffset(city.Today.AddDays(31).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));
        city.Clock.Now = due.AddDays(3);

        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{nurse}"), p => p.Status is PractitionerStatus.Suspended);
        var lapsed = Assert.Single(await city.Told(nurse), t => t.Type == "LicenceLapsed");
        Assert.Equal(due, lapsed.Message.GetProperty("occurredAt").GetDateTimeOffset());

        await city.Clinic.Refuses(422, "LICENCE_INVALID", $"/teams/{await city.Team(institution)}/members", new { practitionerId = nurse, role = "nurse", fte = 1 });
        await city.Clinic.Do($"/practitioners/{nurse}/licence", new { validTo = city.Today.AddYears(5) });
        await city.Join(await city.Team(institution), nurse, "nurse");
    }

    [Fact]
    public async Task A_licence_that_ran_out_unseen_lapses_before_the_next_command()
    {
        using var hold = await city.First.Client(Role.Import).PostAsync("/imports/history/opening", null);
        var nurse = await city.Practitioner(await city.Institution(), "nurse", city.Today);
        city.Clock.Now = city.Clock.Now.AddDays(2); // no clock fires while a history is open
        await city.Clinic.Do($"/practitioners/{nurse}/licence", new { validTo = city.Today.AddYears(5) });
        using var release = await city.First.Client(Role.Import).PostAsync("/imports/history/closing", null);
        Assert.Equal(["PractitionerRegistered", "LicenceLapsed", "LicenceRenewed"], (await city.Told(nurse)).Select(t => t.Type));
    }
}
