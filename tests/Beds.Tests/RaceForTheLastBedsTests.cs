using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Beds.Tests;

[Collection("beds")]
public sealed class RaceForTheLastBedsTests(BedsFixture city)
{
    [Fact]
    public async Task Two_thousand_ask_two_instances_for_the_last_ten_beds_and_exactly_those_are_given()
    {
        const int Seats = 10, Clients = 2000;
        var (institution, second) = (await city.Institution(Seats), await city.StartInstance());
        var beds = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Assessed(institution)));
        using var first = city.First.Client(Role.Clinic);
        using var other = second.Client(Role.Clinic);

        var (given, refused) = (new ConcurrentBag<Guid>(), new ConcurrentBag<JsonElement>());
        await Task.WhenAll(beds.Select((bed, i) => Task.Run(async () =>
        {
            using var answer = await (i % 2 == 0 ? first : other).PostAsJsonAsync($"/beds/{bed}/approval", new { gpId = Sample.Gp });
            if (answer.IsSuccessStatusCode)
                given.Add(bed);
            else
                refused.Add(await answer.Content.ReadFromJsonAsync<JsonElement>());
        })));

        Assert.Equal(Seats, given.Count);
        Assert.Equal(Clients - Seats, refused.Count);
        Assert.All(refused, problem => Assert.Equal(("BED_CAPACITY_FULL", 409, 1, Seats), (problem.GetProperty("code").GetString(),
            problem.GetProperty("status").GetInt32(), problem.GetProperty("waitlistRank").GetInt32(), problem.GetProperty("approved").GetInt32())));
        var capacity = await Talking.Eventually(
            () => city.Clinic.GetFromJsonAsync<BedCapacityOfInstitution>($"/institutions/{institution}/bed-capacity"), c => c.Taken == Seats);
        Assert.Equal((Seats, 0), (capacity.Approved, capacity.Waiting));
        var history = (await city.Clinic.GetFromJsonAsync<HistoryPage>($"/institutions/{institution}/bed-capacity/history?limit=200"))!;
        Assert.Equal(given.Order(), history.Items.Where(e => e.Type == "bed_seat_reserved").Select(e => e.Facts.GetProperty("bedId").GetGuid()).Order());
    }

    /// <summary>A bed that may be approved, without the way through HTTP.</summary>
    private async Task<Guid> Assessed(Guid institution)
    {
        var (runner, by) = (city.First.Services.GetRequiredService<Runner>(), new Envelope(new("tester", Role.Clinic), "race"));
        var (id, resident) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var right = Sample.Right with { ResidentId = resident, InstitutionId = institution };
        await runner.Execute<FamilyBed, ResidentBeds>(id, ResidentBeds.StreamOf(resident), by, (bed, guard, at) =>
            new RequestBed(id, resident, BedOrigin.Team, BedType.Rehabilitative, ["I63.9"]).Decide(id, bed, guard, right, at), CancellationToken.None);
        await runner.Execute<FamilyBed>(id, by, (bed, _) => new RecordAssessment(40, 15, "medium", true, true, "familyBed").Decide(bed), CancellationToken.None);
        return id;
    }
}
