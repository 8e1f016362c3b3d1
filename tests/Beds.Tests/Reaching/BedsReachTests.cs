using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Beds.Tests.Reaching;

/// <summary>A bed, a visit and an offer are their institution's, and the resident's own.</summary>
[Collection("beds")]
public sealed class BedsReachTests(BedsFixture city)
{
    private HttpClient OtherClinic => city.First.Scoped(Role.Clinic, Guid.CreateVersion7());

    [Fact]
    public async Task A_bed_and_its_visits_are_within_reach_of_its_institution_alone()
    {
        var institution = await city.Institution(3);
        var (own, bed, nurse) = (city.First.Scoped(Role.Clinic, institution), await city.OpenBed(institution), Guid.CreateVersion7());
        await OtherClinic.Refuses(404, "NOT_FOUND", "/visits", city.VisitOf(bed, nurse));
        var visit = (await own.Do("/visits", city.VisitOf(bed, nurse))).Id;
        foreach (var path in (string[])[$"/beds/{bed}", $"/history/{bed}", $"/visits/{visit}", $"/history/{visit}"])
        {
            Assert.Equal(HttpStatusCode.OK, (await own.GetAsync(path)).StatusCode);
            await OtherClinic.Refuses(404, "NOT_FOUND", path, method: "GET");
            await city.First.Scoped(Role.Clinic).Refuses(404, "NOT_FOUND", path, method: "GET");
        }
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/beds/{bed}/closure", new { reason = "Improved" });
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/visits/{visit}/start");
        await own.Do($"/visits/{visit}/start");
    }

    [Fact]
    public async Task Lists_are_an_institution_s_own_and_a_nurse_of_two_sees_in_each_what_is_its()
    {
        var (institution, nurse) = (await city.Institution(3), Guid.CreateVersion7());
        var (own, bed) = (city.First.Scoped(Role.Clinic, institution), await city.OpenBed(institution));
        await own.Do("/visits", city.VisitOf(bed, nurse));
        foreach (var path in (string[])[$"/beds?institutionId={institution}", $"/bed-offers?institutionId={institution}", $"/worklists/institution?institutionId={institution}"])
        {
            Assert.Equal(HttpStatusCode.OK, (await own.GetAsync(path)).StatusCode);
            await OtherClinic.Refuses(404, "NOT_FOUND", path, method: "GET");
            await city.First.Scoped(Role.Commission).Refuses(403, "PURPOSE_REQUIRED", path, method: "GET");
        }
        await Talking.Eventually(() => own.GetFromJsonAsync<List<VisitsOfPractitioner>>($"/visits?practitionerId={nurse}"), visits => visits.Count == 1);
        await Talking.Eventually(() => own.GetFromJsonAsync<WorklistOfNurse>($"/worklists/nurse?practitionerId={nurse}"), work => work.Items.Count == 1);
        Assert.Empty((await OtherClinic.GetFromJsonAsync<List<VisitsOfPractitioner>>($"/visits?practitionerId={nurse}"))!);
        Assert.Empty((await OtherClinic.GetFromJsonAsync<WorklistOfNurse>($"/worklists/nurse?practitionerId={nurse}"))!.Items);
        Assert.Equal(HttpStatusCode.OK, (await OtherClinic.GetAsync($"/institutions/{institution}/bed-capacity")).StatusCode);
        await OtherClinic.Refuses(404, "NOT_FOUND", "/bed-capacities", new { institutionId = institution, districtCode = "330203", approved = 9 });
        await city.First.Scoped(Role.Commission).Do("/bed-capacities", new { institutionId = institution, districtCode = "330203", approved = 9 });
    }

    [Fact]
    public async Task A_resident_asks_for_his_own_bed_and_a_clinic_for_its_own_residents()
    {
        var institution = await city.Institution(3);
        var resident = await city.Resident(institution);
        var request = new { residentId = resident, origin = "Resident", type = "Rehabilitative", conditionCodes = new[] { "I63.9" } };
        await city.First.Scoped(Role.Resident, subject: Guid.CreateVersion7().ToString()).Refuses(404, "NOT_FOUND", "/beds", request);
        await OtherClinic.Refuses(404, "NOT_FOUND", "/beds", request);
        var self = city.First.Scoped(Role.Resident, subject: resident.ToString());
        var bed = (await self.Do("/beds", request)).Id;
        await city.First.Scoped(Role.Resident, subject: Guid.CreateVersion7().ToString()).Refuses(404, "NOT_FOUND", $"/beds/{bed}/cancellation", new { reason = "recovered" });
        await self.Do($"/beds/{bed}/cancellation", new { reason = "recovered" });
    }

    [Fact]
    public async Task A_device_tells_of_its_own_institution_s_visits_and_the_others_stay_unknown()
    {
        var (institution, elsewhere) = (await city.Institution(3), await city.Institution(3));
        var (mine, theirs, nurse) = (await city.OpenBed(institution), await city.OpenBed(elsewhere), Guid.CreateVersion7());
        var from = city.Clock.Now.AddMinutes(-40);
        object Visit(Guid bed, int minutes) => new
        {
            visitId = Guid.CreateVersion7(),
            bedId = bed,
            practitionerId = nurse,
            role = "nurse",
            from = from.AddMinutes(minutes),
            to = from.AddMinutes(minutes + 10),
            deviceTime = from.AddMinutes(minutes + 10),
        };
        using var answer = await city.First.Scoped(Role.Clinic, institution).PostAsJsonAsync("/offline-visits", new { visits = new[] { Visit(mine, 0), Visit(theirs, 15) } });
        var visits = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("visits");
        Assert.NotEqual("Kept", visits[0].GetProperty("result").GetString());
        Assert.Equal(("Kept", "NOT_FOUND"), (visits[1].GetProperty("result").GetString(), visits[1].GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_bed_follows_its_resident_to_the_next_clinic_and_broken_glass_opens_it_meanwhile()
    {
        var (institution, elsewhere) = (await city.Institution(3), Guid.CreateVersion7());
        var bed = await city.OpenBed(institution);
        var resident = (await city.Bed(bed)).ResidentId;
        var next = city.First.Scoped(Role.Clinic, elsewhere, "a doctor who stands in");
        await next.Refuses(404, "NOT_FOUND", $"/beds/{bed}", method: "GET");
        await next.Do($"/residents/{resident}/break-glass", new { reason = "standIn" });
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync($"/beds/{bed}")).StatusCode);
        await city.Publish(city.Said(new IntegrationEvents.Contracts.ContractTransferred(
            city.Facts(resident, elsewhere), Sample.Team, "residentWish", false, false, DateOnly.FromDateTime(city.Clock.Now.Date)), resident, 9));
        await Talking.Eventually(() => city.First.Services.GetRequiredService<CareContracts>().Find(resident, CancellationToken.None), c => c.Version == 9);
        Assert.Equal(HttpStatusCode.OK, (await city.First.Scoped(Role.Clinic, elsewhere, "a colleague").GetAsync($"/beds/{bed}")).StatusCode);
    }
}
