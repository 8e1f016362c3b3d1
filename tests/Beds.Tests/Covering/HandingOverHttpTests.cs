using System.Net.Http.Json;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.Beds.Tests.Covering;

/// <summary>Whoever is away makes no visits: they are the cover's at once, and his again when he is back.</summary>
[Collection("beds")]
public sealed class HandingOverHttpTests(BedsFixture city)
{
    [Fact]
    public async Task The_visits_of_somebody_away_are_the_cover_s_and_each_report_says_for_whom()
    {
        var (bed, nurse, cover, third) = (await city.OpenBed(await city.Institution(beds: 9)), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (soon, busy, later) = (await Plan(bed, nurse, At(2, 9)), await Plan(bed, nurse, At(2, 10)), await Plan(bed, nurse, At(20, 9)));
        var own = await Plan(bed, cover, At(2, 10.25));

        var leave = Away(nurse, cover, fromHours: 24, days: 7);
        await city.Publish(Named(leave, version: 1));
        await Becomes(soon, cover, nurse);
        await Becomes(busy, null, nurse); // the cover is somewhere else at that time
        Assert.Equal((nurse, nurse), await Makes(later));
        Assert.Equal((cover, cover), await Makes(own));
        var during = await Plan(bed, nurse, At(2, 15));
        Assert.Equal((cover, nurse), await Makes(during));
        await city.Clinic.Refuses(409, "VISIT_OVERLAP", "/visits", city.VisitOf(bed, cover, At(2, 15.1)));
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/visits/{busy}/completion");

        // Somebody of the institution takes what nobody had time for.
        await city.Clinic.Refuses(409, "VISIT_OVERLAP", $"/visits/{busy}/assignment", new { practitionerId = cover });
        await city.Clinic.Do($"/visits/{busy}/assignment", new { practitionerId = third });
        Assert.Equal((third, third), await Makes(busy));

        await city.Publish(Named(leave, version: 1));
        await city.Clinic.Do($"/visits/{soon}/completion", new { vitals = Array.Empty<object>() });
        Assert.Equal(nurse.ToString(), await ActorOf(soon, "visit_completed"));
        Assert.Equal(["VisitPlanned", "VisitHandedOver", "VisitCompleted"], (await city.Told(soon)).Select(t => t.Type));

        // Back earlier; an older message that comes late changes nothing.
        await city.Publish(Ended(leave, version: 3));
        await Becomes(during, nurse, nurse);
        await city.Publish(Started(leave, version: 2));
        Assert.Equal((cover, nurse), await Makes(soon)); // what was done stays done
        await city.Clinic.Do("/visits", city.VisitOf(bed, cover, At(2, 15.1))); // his time is his own again
        await city.Clinic.Refuses(409, "VISIT_OVERLAP", "/visits", city.VisitOf(bed, nurse, At(2, 15.1)));
        await city.Clinic.Do($"/visits/{during}/missed", new { cause = "notAtHome" });
        Assert.Null(await ActorOf(during, "visit_missed"));
    }

    [Fact]
    public async Task Covers_lead_from_one_to_the_next_whatever_order_the_news_comes_in()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 9));
        var people = Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7()).ToList();
        var visit = await Plan(bed, people[0], At(2, 15));
        var absences = Enumerable.Range(0, 3).Select(i => Away(people[i], people[i + 1], fromHours: 24, days: 7 - i)).ToList();
        foreach (var absence in absences.AsEnumerable().Reverse())
            await city.Publish(Named(absence, version: 1));
        await Becomes(visit, people[3], people[0]);
        await city.Publish(Ended(absences[1], version: 2));
        await Becomes(visit, people[1], people[0]);
        await city.Publish(Named(absences[0] with { CoveredBy = people[2] }, version: 2)); // another cover, who is away too
        await Becomes(visit, people[3], people[0]);
        await city.Publish(Ended(absences[0], version: 3));
        await Becomes(visit, people[0], people[0]);
    }

    [Fact]
    public async Task A_visit_that_is_late_goes_on_when_its_practitioner_leaves()
    {
        var (bed, nurse, cover) = (await city.OpenBed(await city.Institution(beds: 9)), Guid.CreateVersion7(), Guid.CreateVersion7());
        var visit = await Plan(bed, nurse, 0.1);
        var leave = Away(nurse, cover, fromHours: 3, days: 7);
        await city.Publish(Named(leave, version: 1));
        city.Clock.Now = leave.From.AddMinutes(1);
        await city.Publish(Started(leave, version: 2));
        await Becomes(visit, cover, nurse);
    }

    [Fact]
    public async Task Whoever_plans_while_the_news_comes_in_plans_for_somebody_who_is_there()
    {
        var second = await city.StartInstance();
        var (bed, nurse, cover) = (await city.OpenBed(await city.Institution(beds: 9)), Guid.CreateVersion7(), Guid.CreateVersion7());
        var clients = new[] { city.Clinic, second.Client(Role.Clinic) };
        var planning = Enumerable.Range(0, 40).Select(i => Task.Run(async () => (await clients[i % 2].Do("/visits", city.VisitOf(bed, nurse, At(3, 8 + i * 0.25), 0.2))).Id)).ToList();
        await Task.WhenAny(planning);
        await city.Publish(Named(Away(nurse, cover, fromHours: 24, days: 7), version: 1));
        foreach (var visit in await Task.WhenAll(planning))
            await Becomes(visit, cover, nurse);
    }

    /// <summary>So many hours from now it is this hour of the day so many days ahead.</summary>
    private double At(int days, double hour)
    {
        var today = city.Clock.Now.ToOffset(TimeSpan.FromHours(8));
        return (new DateTimeOffset(today.Date, today.Offset).AddDays(days).AddHours(hour) - city.Clock.Now).TotalHours;
    }

    private async Task<Guid> Plan(Guid bed, Guid practitioner, double startsInHours) => (await city.Clinic.Do("/visits", city.VisitOf(bed, practitioner, startsInHours))).Id;

    private async Task<(Guid? MadeBy, Guid Responsible)> Makes(Guid visit) =>
        await city.Clinic.GetFromJsonAsync<VisitDetails>($"/visits/{visit}") is { } v ? (v.PractitionerId, v.Responsible) : default;

    private async Task Becomes(Guid visit, Guid? madeBy, Guid responsible)
    {
        await Talking.Until(async () => await Makes(visit) == (madeBy, responsible));
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<List<VisitsOfPractitioner>>($"/visits?practitionerId={madeBy ?? Guid.Empty}"))!.Any(v => v.VisitId == visit) == (madeBy is not null));
    }

    private AbsenceFacts Away(Guid who, Guid cover, double fromHours, int days) =>
        new(Guid.CreateVersion7(), who, cover, city.Clock.Now.AddHours(fromHours), city.Clock.Now.AddHours(fromHours).AddDays(days), "leave", "Planned");

    private IntegrationEvent Named(AbsenceFacts a, long version) => city.Said(new CoverNamed(a, [a]), Ids.Of($"Absences:{a.PractitionerId}"), version);

    private IntegrationEvent Started(AbsenceFacts a, long version) =>
        city.Said(new AbsenceStarted(a with { Status = "Away" }, [a with { Status = "Away" }]), Ids.Of($"Absences:{a.PractitionerId}"), version);

    private IntegrationEvent Ended(AbsenceFacts a, long version) =>
        city.Said(new CoverEnded(a with { Status = "Over" }, "returned", []), Ids.Of($"Absences:{a.PractitionerId}"), version);

    /// <summary>For whom the envelope of the stored event says that it was done.</summary>
    private async Task<string?> ActorOf(Guid stream, string type)
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("select headers -> 'actor' ->> 'onBehalfOf' from mt_events where stream_id = $1 and type = $2");
        command.Parameters.AddWithValue(stream);
        command.Parameters.AddWithValue(type);
        return await command.ExecuteScalarAsync() as string;
    }
}
