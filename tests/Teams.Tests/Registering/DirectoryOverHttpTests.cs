using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Registering;

[Collection("teams")]
public sealed class DirectoryOverHttpTests(TeamsFixture city)
{
    [Fact]
    public async Task An_institution_is_registered_opened_suspended_resumed_and_listed()
    {
        var id = Guid.CreateVersion7();
        Assert.Equal(id, (await city.Commission.Do("/institutions", TeamsFixture.InstitutionBody(id))).Id);
        await city.Commission.Do("/institutions", TeamsFixture.InstitutionBody(id));
        await city.Commission.Do($"/institutions/{id}/activation");
        await city.Commission.Do($"/institutions/{id}/suspension", new { reason = "inspection" });
        await city.Commission.Refuses(409, "INVALID_TRANSITION", $"/institutions/{id}/activation");
        await city.Commission.Do($"/institutions/{id}/resumption");

        var details = await city.Clinic.GetFromJsonAsync<InstitutionDetails>($"/institutions/{id}");
        Assert.Equal((InstitutionStatus.Active, 4L, new OpeningHours(Weekday.Monday, new(8, 0), new(17, 30))),
            (details!.Status, details.Version, details.OpeningHours.Single()));
        await Talking.Eventually(async () => (await Pages<InstitutionPage, Institutions>("/institutions?limit=2", p => p.Items, p => p.Next))
            .Find(i => i.InstitutionId == id), i => i.Status is InstitutionStatus.Active);
        Assert.Equal(["InstitutionRegistered", "InstitutionActivated", "InstitutionSuspended", "InstitutionResumed"],
            (await city.Told(id)).Select(t => t.Type));
    }

    [Fact]
    public async Task A_hospital_tells_its_services_and_devices_as_full_facts()
    {
        var hospital = await city.Commission.Do("/hospitals", new { name = "样例医院", nameEn = "Sample hospital", districtCode = "330203", level = 3 });
        var own = city.First.Client(Role.Hospital);
        await own.Do($"/hospitals/{hospital.Id}/services", new { services = new[] { "cardiology", "neurology" } });
        await own.Do($"/hospitals/{hospital.Id}/equipment", new { modality = "MRI", name = "MRI 1" });

        var details = await city.Clinic.GetFromJsonAsync<HospitalDetails>($"/hospitals/{hospital.Id}");
        Assert.Equal((3, 2, new Device("MRI", "MRI 1")), (details!.Level, details.Services.Count, details.Equipment.Single()));
        var facts = (await city.Told(hospital.Id))[^1].Message.GetProperty("hospital");
        Assert.Equal("[\"cardiology\",\"neurology\"]", facts.GetProperty("services").GetRawText());
        Assert.Equal("[\"MRI\"]", facts.GetProperty("equipment").GetRawText());
        await Talking.Until(async () => (await Pages<HospitalPage, Hospitals>("/hospitals?limit=1", p => p.Items, p => p.Next))
            .Any(h => h.HospitalId == hospital.Id && h.Equipment.Count == 1));
    }

    [Fact]
    public async Task Who_registers_nothing_may_still_read() =>
        await city.First.Client(Role.Resident).Refuses(403, "FORBIDDEN_SCOPE", "/institutions", TeamsFixture.InstitutionBody());

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var path in new[] { "/institutions", "/hospitals", "/teams", "/practitioners" })
            await city.Clinic.Refuses(404, "NOT_FOUND", $"{path}/{Guid.CreateVersion7()}", method: "GET");
        await city.Clinic.Refuses(404, "NOT_FOUND", "/practitioners", new { kind = "doctor", institutionId = Guid.CreateVersion7() });
    }

    private async Task<List<TRow>> Pages<TPage, TRow>(string path, Func<TPage, IReadOnlyList<TRow>> items, Func<TPage, Guid?> next)
    {
        var all = new List<TRow>();
        for (Guid? after = Guid.Empty; after is not null;)
        {
            var page = JsonSerializer.Deserialize<TPage>(await city.Clinic.GetStringAsync($"{path}&after={after}"), JsonSerializerOptions.Web)!;
            all.AddRange(items(page));
            after = next(page);
        }
        return all;
    }
}
