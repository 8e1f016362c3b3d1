using FamilyDoctor.Testing;

namespace FamilyDoctor.Beds.Tests;

/// <summary>Every code of the service with its status, as a caller sees it.</summary>
[Collection("beds")]
public sealed class EveryRefusalTests(BedsFixture city)
{
    private static readonly object Gp = new { gpId = Sample.Gp };

    [Fact]
    public async Task Every_code_is_answered_with_its_status()
    {
        var seen = new List<string>();
        var institution = await city.Institution(beds: 6);
        var resident = await city.Resident(institution);
        var request = new { residentId = resident, origin = "team", type = "therapeutic", conditionCodes = new[] { "I63.9" } };

        await Refuses("CONTRACT_NOT_ACTIVE", "/beds", new { residentId = Guid.CreateVersion7(), origin = "team", type = "therapeutic", conditionCodes = Array.Empty<string>() });
        var bed = (await city.Clinic.Do("/beds", request)).Id;
        await Refuses("BED_ALREADY_OPEN", "/beds", request);
        await Refuses("ASSESSMENT_REQUIRED", $"/beds/{bed}/approval", Gp);
        await Refuses("ASSESSMENT_REQUIRED", $"/beds/{bed}/opening", BedsFixture.Opening);
        await Refuses("INVALID_TRANSITION", $"/beds/{bed}/closure", new { reason = "recovered" });
        await Refuses("DOCUMENT_TYPE_MISMATCH", $"/beds/{bed}/documents?kind=photo", Talking.File(SampleFiles.Png, "image/jpeg"));
        await Refuses("DOCUMENT_DAMAGED", $"/beds/{bed}/documents?kind=photo", Talking.File(SampleFiles.Png[..40], "image/png"));
        await city.Clinic.Refuses(409, "NOTICE_NOT_READY", $"/beds/{bed}/notice", method: "GET");
        seen.Add("NOTICE_NOT_READY");
        await city.Clinic.Do($"/beds/{bed}/assessment", BedsFixture.Assessment(homeSuitable: false));
        await Refuses("HOME_UNSUITABLE", $"/beds/{bed}/approval", Gp);
        await city.Clinic.Do($"/beds/{bed}/assessment", BedsFixture.Assessment(barthel: 100));
        var problem = await Refuses("BED_NOT_ELIGIBLE", $"/beds/{bed}/approval", Gp);
        Assert.Equal("selfCarePossible", problem.GetProperty("criteria")[0].GetString());
        await city.Clinic.Do($"/beds/{bed}/assessment", BedsFixture.Assessment());
        await Refuses("PERIOD_LIMIT", $"/beds/{bed}/approval", new { gpId = Sample.Gp, periodDays = 90 });
        await city.Clinic.Do($"/beds/{bed}/approval", Gp);
        await Refuses("CONSENT_MISSING", $"/beds/{bed}/opening", new { doctorEveryDays = 14, nurseEveryDays = 7 });
        await city.Clinic.Do($"/beds/{bed}/opening", BedsFixture.Opening);

        var none = await city.AssessedBed(await city.Institution(beds: 0));
        await Refuses("BED_CAPACITY_FULL", $"/beds/{none}/approval", Gp);

        var nurse = Guid.CreateVersion7();
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, nurse))).Id;
        await Refuses("VISIT_OVERLAP", "/visits", city.VisitOf(bed, nurse, startsInHours: 1.2));
        await Refuses("VISIT_OUTSIDE_PERIOD", "/visits", city.VisitOf(bed, nurse, startsInHours: 24 * 70));
        await city.Clinic.Do($"/visits/{visit}/completion");
        await Refuses("VISIT_ALREADY_COMPLETED", $"/visits/{visit}/completion", new { actionCodes = new[] { "other" } });
        await Refuses("VISIT_ALREADY_COMPLETED", $"/visits/{visit}/missed", new { cause = "notAtHome" });

        await city.Clinic.Do($"/beds/{bed}/pause");
        city.Clock.Now = city.Clock.Now.AddDays(14);
        await city.Clinic.Do($"/beds/{bed}/resumption");
        await Refuses("PAUSE_LIMIT", $"/beds/{bed}/pause");
        city.Clock.Now = city.Clock.Now.AddDays(50);
        await Refuses("EXTENSION_TOO_LATE", $"/beds/{bed}/extension-request");
        await Refuses("BED_CLOSED", $"/beds/{bed}/pause");

        Assert.Equal(BedsCodes.Statuses.Keys.Order(), seen.Where(BedsCodes.Statuses.ContainsKey).Distinct().Order());

        Task<System.Text.Json.JsonElement> Refuses(string code, string path, object? body = null)
        {
            seen.Add(code);
            return city.Clinic.Refuses(BedsCodes.Statuses.GetValueOrDefault(code, 409), code, path, body);
        }
    }
}
