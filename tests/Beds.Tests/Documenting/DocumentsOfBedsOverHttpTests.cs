using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using FamilyDoctor.Beds.Printing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.Beds.Tests.Documenting;

[Collection("beds")]
public sealed partial class DocumentsOfBedsOverHttpTests(BedsFixture city)
{
    private const string Pdf = "application/pdf", Jpeg = "image/jpeg";

    private async Task<IReadOnlyList<ListedDocument>> List(string ofCase) => (await city.Clinic.GetFromJsonAsync<ListedDocuments>($"{ofCase}/documents"))!.Items;

    private async Task<long> Count(string sql, Guid id)
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    [Fact]
    public async Task Photos_and_findings_of_a_visit_and_files_of_a_bed_are_kept_and_read()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 2));
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, Guid.CreateVersion7()))).Id;
        await city.Clinic.Do($"/visits/{visit}/completion", new { findings = "样例所见 sample findings" });
        var photo = await city.Clinic.Add($"/visits/{visit}/documents?kind=photo", SampleFiles.JpegOfATelephone(), Jpeg);
        Assert.Equal(photo, await city.Clinic.Add($"/visits/{visit}/documents?kind=photo", SampleFiles.JpegOfATelephone(), Jpeg)); // once more is once
        var plan = await city.Clinic.Add($"/beds/{bed}/documents?kind=plan", SampleFiles.Pdf, Pdf);

        var listed = (await List($"/visits/{visit}"));
        Assert.Equal([DocumentKind.Findings, DocumentKind.Photo], listed.Select(d => d.Kind));
        Assert.Equal("样例所见 sample findings", await city.Clinic.GetStringAsync($"/visits/{visit}/documents/{listed[0].Reference}"));
        Assert.DoesNotContain(SampleFiles.Place, Encoding.Latin1.GetString(await city.Clinic.GetByteArrayAsync(photo)), StringComparison.Ordinal);
        using (var answer = await city.Clinic.GetAsync(plan))
        {
            Assert.Equal(SampleFiles.Pdf, await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal(("attachment", $"{Ids.Human('B', bed)}-Plan.pdf"), (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentDisposition.FileName?.Trim('"')));
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        }
        Assert.Equal(1L, await Count("select count(*) from mt_events where stream_id = $1 and type = 'visit_document_added'", visit));
        Assert.Equal(1L, await Count("select count(*) from mt_events where stream_id = $1 and type = 'bed_document_added'", bed));

        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "recovered", summary = "样例小结" });
        await city.Clinic.Add($"/beds/{bed}/documents?kind=other", SampleFiles.Png, "image/png"); // some papers come after the end
        Assert.Equal([DocumentKind.Summary, DocumentKind.Plan, DocumentKind.Other], (await List($"/beds/{bed}")).Select(d => d.Kind));
    }

    [Fact]
    public async Task A_document_of_another_bed_or_visit_is_not_there_and_no_hospital_reads_any()
    {
        var institution = await city.Institution(beds: 2);
        var (bed, other) = (await city.OpenBed(institution), await city.OpenBed(institution));
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, Guid.CreateVersion7()))).Id;
        var (ofBed, ofVisit) = (await city.Clinic.Add($"/beds/{bed}/documents?kind=photo", SampleFiles.Png, "image/png"), await city.Clinic.Add($"/visits/{visit}/documents?kind=photo", SampleFiles.Png, "image/png"));
        Assert.NotEqual(ofBed.ToString().Split('/')[^1], ofVisit.ToString().Split('/')[^1]);
        foreach (var path in new[] { $"/beds/{other}", $"/visits/{visit}", $"/beds/{Guid.CreateVersion7()}" })
            await city.Clinic.Refuses(404, "NOT_FOUND", $"{path}/documents/{ofBed.ToString().Split('/')[^1]}", method: "GET");
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/beds/{bed}/documents/{ofVisit.ToString().Split('/')[^1]}", method: "GET");
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/visits/{Guid.CreateVersion7()}/documents", method: "GET");
        await city.First.Client(Role.Hospital).Refuses(403, "FORBIDDEN_SCOPE", ofBed.ToString(), method: "GET");
        await city.First.Client(Role.Hospital).Refuses(403, "FORBIDDEN_SCOPE", $"/visits/{visit}/documents?kind=photo", Talking.File(SampleFiles.Png, "image/png"));
    }

    [Fact]
    public async Task Ten_mebibytes_are_taken_and_one_byte_more_is_not()
    {
        var bed = await city.Request(await city.Institution(beds: 1));
        await city.Clinic.Add($"/beds/{bed}/documents?kind=report", SampleFiles.PdfOf(SentFile.MostBytes), Pdf);
        await city.Clinic.Refuses(413, "PAYLOAD_TOO_LARGE", $"/beds/{bed}/documents?kind=report", Talking.File(SampleFiles.PdfOf(SentFile.MostBytes + 1), Pdf));
        await city.Clinic.Refuses(415, "UNSUPPORTED_MEDIA_TYPE", $"/beds/{bed}/documents?kind=report", Talking.File(SampleFiles.Pdf, "application/json"));
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", $"/beds/{bed}/documents?kind=report", Talking.File([], Pdf));
    }

    [Fact]
    public async Task Who_is_erased_has_no_findings_any_more()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 1));
        var resident = (await city.Bed(bed)).ResidentId;
        var photo = await city.Clinic.Add($"/beds/{bed}/documents?kind=photo", SampleFiles.Png, "image/png");
        await city.Publish(city.Said(new ResidentErased(resident), resident, 9));
        await Talking.Until(async () => (await List($"/beds/{bed}")).Count == 0);
        await city.Clinic.Refuses(404, "NOT_FOUND", photo.ToString(), method: "GET");
        await city.Clinic.Refuses(422, "RESIDENT_ERASED", $"/beds/{bed}/documents?kind=photo", Talking.File(SampleFiles.Png, "image/png"));
        Assert.Equal(0L, await Count("select count(*) from fd_documents where resident_id = $1", resident));
    }

    [Fact]
    public async Task A_notice_says_by_whom_and_until_when_and_the_desk_finds_the_bed_by_it()
    {
        var institution = await city.Institution(beds: 2);
        await city.Publish(city.Registered(institution));
        await Talking.Eventually(() => city.First.Services.GetRequiredService<Copies<IntegrationEvents.Teams.InstitutionFacts>>().Find(institution, CancellationToken.None));
        var bed = await city.AssessedBed(institution);
        Assert.Equal("Assessed", (await city.Clinic.Refuses(409, "NOTICE_NOT_READY", $"/beds/{bed}/notice", method: "GET")).GetProperty("state").GetString());
        await city.Clinic.Do($"/beds/{bed}/approval", new { gpId = Sample.Gp });
        Assert.Contains("建床之日起60天", await city.Clinic.GetStringAsync($"/beds/{bed}/notice"), StringComparison.Ordinal);
        await city.Clinic.Do($"/beds/{bed}/opening", BedsFixture.Opening);

        var period = (await city.Bed(bed)).Period!;
        var (chinese, english) = (await city.Clinic.GetStringAsync($"/beds/{bed}/notice?lang=zh"), await city.Clinic.GetStringAsync($"/beds/{bed}/notice?lang=en"));
        var (zh, en) = (new Language(true), new Language(false));
        Assert.All(["家庭病床通知单", "康复型", "医生每14天、护士每7天", Ids.Human('B', bed), $"{zh.Say(period.OpenedOn)} 至 {zh.Say(period.EndsOn)}"], text => Assert.Contains(text, chinese, StringComparison.Ordinal));
        Assert.All(["Family bed notice", "Rehabilitative", "the nurse every 7 days", $"{en.Say(period.OpenedOn)} to {en.Say(period.EndsOn)}"], text => Assert.Contains(text, english, StringComparison.Ordinal));
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", $"/beds/{bed}/notice?lang=fr", method: "GET");

        var code = Code().Match(chinese).Groups[1].Value.Replace(" ", "");
        var found = await city.Clinic.GetFromJsonAsync<BedPickUp>($"/pick-ups/{code}");
        Assert.Equal((bed, Ids.Human('B', bed), BedStatus.Open), (found!.BedId, found.Number, found.Status));
        var guesser = city.First.ClientOf($"guesser-{Guid.CreateVersion7()}", $"{Guid.Empty}", Role.Clinic);
        for (var guess = 0; guess < 10; guess++)
            await guesser.Refuses(404, "NOT_FOUND", $"/pick-ups/{code}", method: "GET");
        await guesser.Refuses(429, "RATE_LIMITED", $"/pick-ups/{code}", method: "GET");
        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "recovered" });
        await city.Clinic.Refuses(409, "NOTICE_NOT_READY", $"/beds/{bed}/notice", method: "GET");
    }

    [GeneratedRegex("<b>([0-9A-Z ]+)</b>")]
    private static partial Regex Code();
}
