using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests.Documenting;

[Collection("referrals")]
public sealed class DocumentsOverHttpTests(ReferralsFixture city)
{
    private const string Pdf = "application/pdf", Jpeg = "image/jpeg", Png = "image/png", Text = "text/plain";

    private async Task<(Guid Id, Guid Resident)> Referral()
    {
        var resident = await city.Resident();
        return ((await city.Clinic.Do("/referrals", ReferralsFixture.Draft(resident, await city.Hospital()))).Id, resident);
    }

    private async Task<string[]> Cases()
    {
        var (hospital, resident, date) = (await city.Hospital(), await city.Resident(), city.Today.AddDays(5));
        await city.Desk.Do("/exam-books", new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 30, slots = 1 });
        var exam = (await city.Clinic.Do("/exams", new { residentId = resident, hospitalId = hospital, modality = "MRI", date, bodySite = "knee" })).Id;
        var down = (await city.Desk.Do("/down-referrals", new { residentId = resident, hospitalId = hospital, dischargeSummary = "样例小结 sample" })).Id;
        return [$"/referrals/{(await Referral()).Id}", $"/down-referrals/{down}", $"/exams/{exam}"];
    }

    private async Task<IReadOnlyList<ListedDocument>> List(string ofCase) => (await city.Clinic.GetFromJsonAsync<ListedDocuments>($"{ofCase}/documents"))!.Items;

    [Fact]
    public async Task Both_sides_add_files_to_each_kind_of_case_and_read_them()
    {
        foreach (var path in await Cases())
        {
            var before = (await List(path)).Count; // its texts
            var letter = await city.Clinic.Add($"{path}/documents?kind=letter", SampleFiles.Pdf, Pdf);
            var photo = await city.Desk.Add($"{path}/documents?kind=photo", SampleFiles.JpegOfATelephone(), Jpeg);
            var picture = await city.Desk.Add($"{path}/documents?kind=report", SampleFiles.Png, Png);
            var text = await city.Clinic.Add($"{path}/documents?kind=other", Encoding.UTF8.GetBytes("样例 sample"), "text/plain; charset=utf-8");
            using (var answer = await city.Desk.GetAsync(letter))
            {
                Assert.Equal(SampleFiles.Pdf, await answer.Content.ReadAsByteArrayAsync());
                Assert.Equal(Pdf, answer.Content.Headers.ContentType?.MediaType);
                Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
                Assert.Matches(@"^""?[RE]-[0-9A-Z]{8}-Letter\.pdf""?$", answer.Content.Headers.ContentDisposition.FileName);
                Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Equal("default-src 'none'; sandbox", answer.Headers.GetValues("Content-Security-Policy").Single());
                Assert.True(answer.Headers.CacheControl!.NoStore);
            }
            Assert.DoesNotContain(SampleFiles.Place, Encoding.Latin1.GetString(await city.Clinic.GetByteArrayAsync(photo)), StringComparison.Ordinal);
            Assert.Equal(SampleFiles.Png, await city.Clinic.GetByteArrayAsync(picture));
            Assert.Equal("样例 sample", await city.Clinic.GetStringAsync(text));
            var listed = (await List(path));
            Assert.Equal([DocumentKind.Letter, DocumentKind.Photo, DocumentKind.Report, DocumentKind.Other], listed.Skip(before).Select(d => d.Kind));
            Assert.Equal((SampleFiles.Pdf.Length, Pdf, letter.ToString()), (listed[before].Size, listed[before].ContentType, $"{path}/documents/{listed[before].Reference}"));
            await city.First.Client(Role.Resident).Refuses(403, "FORBIDDEN_SCOPE", $"{path}/documents?kind=letter", Talking.File(SampleFiles.Pdf, Pdf));
        }
    }

    [Fact]
    public async Task The_same_file_twice_is_one_document_and_no_event_holds_any_of_it()
    {
        var (id, _) = await Referral();
        var path = $"/referrals/{id}/documents?kind=report";
        var places = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => city.Desk.Add(path, Encoding.UTF8.GetBytes("a secret finding 样例"), Text)));
        Assert.Single(places.Distinct());
        Assert.Single((await city.Stored(id)), e => e.Type == "referral_document_added");
        await city.Desk.Add(path, SampleFiles.JpegOfATelephone(), Jpeg);
        await city.Desk.Add(path, SampleFiles.JpegOfATelephone(isLittleEndian: false), Jpeg); // the notes differ, the picture does not
        Assert.Equal(2, (await city.Stored(id)).Count(e => e.Type == "referral_document_added"));
        await using var database = Npgsql.NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("""
            select (select count(*) from mt_events where data::text like '%secret finding%')
                 + (select count(*) from fd_documents where position('secret finding'::bytea in sealed) > 0)
            """);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_key_is_good_for_one_file()
    {
        var (id, _) = await Referral();
        var (path, key) = ($"/referrals/{id}/documents?kind=report", $"{Guid.CreateVersion7()}");
        async Task<HttpStatusCode> Send(byte[] content)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Talking.File(content, Text) };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await city.Clinic.SendAsync(request);
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.Created, await Send("one"u8.ToArray()));
        Assert.Equal(HttpStatusCode.Created, await Send("one"u8.ToArray()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await Send("two"u8.ToArray()));
        Assert.Single(await city.Stored(id), e => e.Type == "referral_document_added");
    }

    [Fact]
    public async Task Ten_mebibytes_go_in_and_come_out_and_one_byte_more_does_not()
    {
        var (id, _) = await Referral();
        var path = $"/referrals/{id}/documents?kind=report";
        foreach (var size in new[] { SentFile.MostBytes - 1, SentFile.MostBytes })
        {
            var file = SampleFiles.PdfOf(size);
            Assert.Equal(file, await city.Desk.GetByteArrayAsync(await city.Desk.Add(path, file, Pdf)));
        }
        var tooLarge = SampleFiles.PdfOf(SentFile.MostBytes + 1);
        await city.Desk.Refuses(413, "PAYLOAD_TOO_LARGE", path, Talking.File(tooLarge, Pdf));
        var untold = new StreamContent(new Untold(tooLarge)) { Headers = { ContentType = new MediaTypeHeaderValue(Pdf) } };
        await city.Desk.Refuses(413, "PAYLOAD_TOO_LARGE", path, untold);
        Assert.Equal(2, (await List($"/referrals/{id}")).Count(d => d.ContentType == Pdf));
    }

    [Fact]
    public async Task What_is_something_else_than_it_says_or_not_whole_is_refused()
    {
        var (id, _) = await Referral();
        var path = $"/referrals/{id}/documents?kind=photo";
        async Task Refuses(int status, string code, byte[] content, string? type, string? to = null) => await city.Clinic.Refuses(status, code, to ?? path, Talking.File(content, type));
        await Refuses(422, "DOCUMENT_TYPE_MISMATCH", SampleFiles.Png, Jpeg);
        await Refuses(422, "DOCUMENT_TYPE_MISMATCH", SampleFiles.Jpeg, Pdf);
        await Refuses(422, "DOCUMENT_TYPE_MISMATCH", "<html><script>alert(1)</script></html>"u8.ToArray(), Png);
        await Refuses(422, "DOCUMENT_TYPE_MISMATCH", [0x7F, (byte)'E', (byte)'L', (byte)'F', 0], Pdf);
        await Refuses(422, "DOCUMENT_DAMAGED", SampleFiles.Pdf[..^40], Pdf);
        await Refuses(422, "DOCUMENT_DAMAGED", SampleFiles.Jpeg[..^2], Jpeg);
        await Refuses(422, "DOCUMENT_DAMAGED", SampleFiles.Png[..^8], Png);
        foreach (var type in new[] { "application/json", "image/gif", "image/svg+xml", "text/html", "application/octet-stream", null })
            await Refuses(415, "UNSUPPORTED_MEDIA_TYPE", SampleFiles.Png, type);
        await Refuses(400, "VALIDATION_FAILED", [], Png);
        await Refuses(400, "VALIDATION_FAILED", SampleFiles.Png, Png, $"/referrals/{id}/documents");
        await Refuses(400, "VALIDATION_FAILED", SampleFiles.Png, Png, $"/referrals/{id}/documents?kind=selfie");
        await Refuses(400, "VALIDATION_FAILED", SampleFiles.Png, Png, $"/referrals/{id}/documents?kind=77");
        await Refuses(404, "NOT_FOUND", SampleFiles.Png, Png, $"/referrals/{Guid.CreateVersion7()}/documents?kind=photo");
        Assert.Equal([DocumentKind.Letter], (await List($"/referrals/{id}")).Select(d => d.Kind)); // the summary that came with it
    }

    [Fact]
    public async Task A_document_of_another_case_is_not_there()
    {
        var cases = await Cases();
        var ids = new List<string>();
        foreach (var path in cases.Append($"/referrals/{(await Referral()).Id}"))
            ids.Add((await city.Clinic.Add($"{path}/documents?kind=photo", SampleFiles.Png, Png)).ToString().Split('/')[^1]);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        foreach (var path in cases)
        {
            foreach (var other in ids.Where((_, i) => i >= cases.Length || cases[i] != path))
                await city.Clinic.Refuses(404, "NOT_FOUND", $"{path}/documents/{other}", method: "GET");
            await city.Clinic.Refuses(404, "NOT_FOUND", $"{path[..path.LastIndexOf('/')]}/{Guid.CreateVersion7()}/documents", method: "GET");
        }
    }

    [Fact]
    public async Task Who_is_erased_has_no_documents_any_more()
    {
        var ((id, resident), (otherId, _)) = (await Referral(), await Referral());
        var (mine, other) = (await city.Clinic.Add($"/referrals/{id}/documents?kind=photo", SampleFiles.Png, Png), await city.Clinic.Add($"/referrals/{otherId}/documents?kind=photo", SampleFiles.Png, Png));
        await city.Publish(city.Stamped(new ResidentErased(resident), resident, 9));
        await Talking.Until(async () => (await List($"/referrals/{id}")).Count == 0);
        await city.Clinic.Refuses(404, "NOT_FOUND", mine.ToString(), method: "GET");
        await city.Clinic.Refuses(422, "RESIDENT_ERASED", $"/referrals/{id}/documents?kind=photo", Talking.File(SampleFiles.Png, Png));
        Assert.Equal(id, (await city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{id}"))!.ReferralId);
        Assert.Equal(SampleFiles.Png, await city.Clinic.GetByteArrayAsync(other));
        await using var database = Npgsql.NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("select count(*) from fd_documents where resident_id = $1");
        command.Parameters.AddWithValue(resident);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    /// <summary>Its length is not told beforehand.</summary>
    private sealed class Untold(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
