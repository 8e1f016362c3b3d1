using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.Beds.Tests;

/// <summary>Files as hospitals send them: long, in other words and encodings, broken in places, cut off on the way.</summary>
[Collection("beds")]
public sealed class FilesOfThePastTests(BedsFixture city)
{
    private readonly HttpClient import = city.First.Client(Role.Import);

    private static string Capacity(Guid institution, int approved = 3, string at = "2020-01-01T00:00:00Z") => JsonSerializer.Serialize(
        new { id = institution.ToString(), occurredAt = at, institutionId = institution, districtCode = "330203", approved }, JsonSerializerOptions.Web);

    private static string Capacities(int rows) => string.Concat(Enumerable.Range(0, rows).Select(_ => Capacity(Guid.CreateVersion7()) + "\n"));

    private static HttpContent Csv(string file, Encoding? encoding = null) =>
        new ByteArrayContent((encoding ?? Encoding.UTF8).GetBytes(file)) { Headers = { ContentType = new("text/csv") { CharSet = encoding?.WebName } } };

    private async Task<ImportResult> Send(string path, HttpContent content, HttpClient? to = null)
    {
        using var answer = await (to ?? import).PostAsync(path, content);
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<ImportResult>())!;
    }

    private async Task<JsonElement> Refused(int status, string code, string path, HttpContent content)
    {
        using var answer = await import.PostAsync(path, content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"expected {status} {code}, got {(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }

    private async Task<ImportState?> State(Guid id)
    {
        using var answer = await import.GetAsync($"/imports/{id}");
        return answer.StatusCode is HttpStatusCode.NotFound ? null : await answer.Content.ReadFromJsonAsync<ImportState>();
    }

    private async Task<long> Rows()
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var tables = database.CreateCommand(
            "select string_agg(format('select count(*) from %I.%I', schemaname, tablename), ' union all ') from pg_tables where schemaname in ('public', 'copies') and tablename not like 'fd_import%'");
        await using var count = database.CreateCommand($"select sum(count)::bigint from ({await tables.ExecuteScalarAsync()}) t");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    [Theory]
    [InlineData("utf-8", "")]
    [InlineData("utf-8", "\uFEFF")]
    [InlineData("gb18030", "")]
    public async Task A_hospital_s_own_table_is_read_by_a_mapping_of_its_columns(string encoding, string mark)
    {
        var (bed, institution, resident) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await city.Import("bed-capacities", new { id = institution.ToString(), occurredAt = "2020-01-01T00:00:00Z", institutionId = institution, districtCode = "330203", approved = 3 });
        string[] columns =
        [
            "id", "occurredAt", "床号", "contract.contractId", "居民:编号", "contract.teamId", "contract.institutionId", "contract.districtCode", "来源", "Type",
            "诊断", "评估时间", "barthel", "braden", "approvedAt", "gpId", "openedAt", "doctorEveryDays", "nurseEveryDays", "closedAt", "closeReason", "备注",
        ];
        string[] cells =
        [
            $"{bed}", "2022/3/1 9:00", $"{bed}", $"{Guid.CreateVersion7()}", $"{resident}", $"{Sample.Team}", $"{institution}", "330203", "Outpatient", "rehabilitative",
            "\"I63.9; E11.9\"", "2022-03-02 09:00", "40", "15", "2022-03-03T01:00:00Z", $"{Sample.Gp}", "2022-03-04T09:00:00+08:00", "14", "7", "", "", "\"张三说：\"\"好\"\",\n谢谢\"",
        ];
        var file = $"{mark}{string.Join(',', columns)}\r\n{string.Join(',', cells)}\r\n,,,,,,,,,,,,,,,,,,,,,\r\n";
        var map = string.Concat(new[] { "床号:bedId", "居民:编号:contract.residentId", "来源:origin", "诊断:conditionCodes", "评估时间:assessedAt", "备注:" }.Select(m => $"&map={Uri.EscapeDataString(m)}"));

        var gb = encoding == "gb18030" ? CodePagesEncodingProvider.Instance.GetEncoding(encoding) : null;
        Assert.Equal(1, (await Send($"/imports/beds?dryRun=true{map}", Csv(file, gb))).Accepted);
        var result = await Send($"/imports/beds?{map}", Csv(file, gb));
        Assert.Equal([], result.Rejects);
        Assert.Equal(1, result.Accepted);
        Assert.Equal(1, (await Send($"/imports/beds?{map}", Csv(file, gb))).Repeated);

        var told = await city.Told(bed);
        Assert.Equal(DateTimeOffset.Parse("2022-03-01T01:00:00Z"), told[0].Message.GetProperty("occurredAt").GetDateTimeOffset());
        Assert.Equal(resident, (await city.Bed(bed)).ResidentId);
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var codes = database.CreateCommand($"select data ->> 'ConditionCodes' from mt_events where stream_id = '{bed}' and type = 'bed_requested'");
        Assert.Equal("[\"I63.9\", \"E11.9\"]", await codes.ExecuteScalarAsync());
    }

    [Fact]
    public async Task The_same_file_twice_is_the_same_file_once()
    {
        var (id, file) = (Guid.CreateVersion7(), Capacities(600) + Capacity(Guid.CreateVersion7(), approved: -1));
        var first = await Send($"/imports/bed-capacities?id={id}", new StringContent(file));
        Assert.Equal((id, 600, 0, 1), (first.Id, first.Accepted, first.Repeated, first.Rejected));
        var again = await Send($"/imports/bed-capacities?id={id}", new StringContent(file));
        Assert.Equal((600, 0, 1), (again.Accepted, again.Repeated, again.Rejected)); // nothing was decided again
        var other = await Send("/imports/bed-capacities", new StringContent(file));
        Assert.Equal((0, 600, 1), (other.Accepted, other.Repeated, other.Rejected));
        var more = await Send($"/imports/bed-capacities?id={id}", new StringContent($"{file}\n{Capacity(Guid.CreateVersion7())}"));
        Assert.Equal((601, 0, 1), (more.Accepted, more.Repeated, more.Rejected)); // only what was added to it
        await Refused(422, "IMPORT_DIFFERS", $"/imports/bed-capacities?id={id}", new StringContent(Capacities(700)));
        await Refused(422, "IMPORT_DIFFERS", $"/imports/bed-capacities?id={id}", new StringContent(Capacities(1)));
        await Refused(422, "IMPORT_DIFFERS", $"/imports/bed-capacities?id={id}&dryRun=true", new StringContent(file));
        await Refused(422, "IMPORT_DIFFERS", $"/imports/visits?id={id}", new StringContent(file));
        Assert.Equal((ImportStatus.Finished, 602, 602), ((await State(id))!.Status, (await State(id))!.Rows, (await State(id))!.Lines));
    }

    [Fact]
    public async Task What_is_wrong_with_a_line_is_told_by_line_and_code_and_nothing_of_its_content()
    {
        var (id, institution) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        byte[] file =
        [
            .. Encoding.UTF8.GetBytes($"""
                id,occurredAt,institutionId,districtCode,approved
                {institution},2020-01-01,{institution},330203,3
                secret-2,2020-01-01,"{institution},330203,3
                secret-3,2020-01-01,{institution},330203
                secret-4,2020-01-01,{institution},330203,3,4
                ,2020-01-01,{institution},330203,3
                secret-6,yesterday,{institution},330203,3
                secret-7,2020-01-01,{institution},330203,many
                {institution},2020-01-01,{institution},330203,4
                secret-9,2020-01-01,
                """), 0xC3, 0x28, .. ",330203,3\n"u8, .. Enumerable.Repeat((byte)'x', 1 << 21), .. "\n"u8, .. Encoding.UTF8.GetBytes($"last,2020-01-02,{institution},330203,5\n"),
        ];
        var content = new ByteArrayContent(file) { Headers = { ContentType = new("text/csv") } };
        var result = await Send($"/imports/bed-capacities?id={id}", content);
        (int, string, string?)[] expected =
        [
            (3, "CSV_MALFORMED", null), (4, "CSV_MALFORMED", null), (5, "CSV_MALFORMED", null), (6, "VALIDATION_FAILED", "id"), (7, "VALIDATION_FAILED", "occurredAt"),
            (8, "VALIDATION_FAILED", "approved"), (9, "IDEMPOTENCY_MISMATCH", null), (10, "WRONG_ENCODING", null), (11, "LINE_TOO_LONG", null),
        ];
        Assert.Equal(2, result.Accepted);
        Assert.Equal(expected, result.Rejects.Select(r => (r.Line, r.Code, r.Field)));

        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/imports/{id}/rejects");
        asked.Headers.Accept.ParseAdd("text/csv");
        using var csv = await import.SendAsync(asked);
        Assert.Equal("text/csv", csv.Content.Headers.ContentType?.MediaType);
        Assert.Equal(expected.Select(e => $"{e.Item1},{e.Item2},{e.Item3}").Prepend("line,code,field"),
            (await csv.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var report = await import.GetStringAsync($"/imports/{id}/rejects");
        Assert.Equal(expected, report.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)
            .Select(e => (e.GetProperty("line").GetInt32(), e.GetProperty("code").GetString()!, e.GetProperty("field").GetString())));
        Assert.DoesNotContain("secret", report, StringComparison.Ordinal);
        Assert.Equal((11, 9), ((await State(id))!.Rows, (await State(id))!.Rejected));
        await import.Refuses(404, "NOT_FOUND", $"/imports/{Guid.CreateVersion7()}/rejects", method: "GET");
    }

    [Theory]
    [InlineData("", "CSV_HEADER_INVALID")]
    [InlineData("x", "CSV_HEADER_INVALID")]
    [InlineData("\n", "CSV_HEADER_INVALID")]
    [InlineData("\"", "CSV_HEADER_INVALID")]
    [InlineData("id,occurredAt,institutionId,districtCode", "CSV_HEADER_INVALID", "approved")]
    [InlineData("id,occurredAt,institutionId,districtCode,approved,telephone", "CSV_HEADER_INVALID", "telephone")]
    [InlineData("id,id,occurredAt,institutionId,districtCode,approved", "CSV_HEADER_INVALID", "id")]
    [InlineData("id,occurredAt,institutionId,districtCode,beds", "CSV_HEADER_INVALID", "approved", "beds:")]
    [InlineData("id,occurredAt,institutionId,districtCode,beds", "CSV_MAPPING_INVALID", "aproved", "beds:aproved")]
    [InlineData("id,occurredAt,institutionId,districtCode,approved", "CSV_MAPPING_INVALID", "beds", "beds:approved")]
    [InlineData("id,occurredAt,institutionId,districtCode,approved", "CSV_MAPPING_INVALID", null, "approved")]
    [InlineData("id,occurredAt,institutionId,districtCode,beds", "CSV_MAPPING_INVALID", "beds", "beds:approved", "beds:id")]
    public async Task A_file_whose_columns_are_not_understood_is_refused_whole(string header, string code, string? names = null, params string[] map)
    {
        var id = Guid.CreateVersion7();
        var problem = await Refused(422, code, $"/imports/bed-capacities?id={id}{string.Concat(map.Select(m => $"&map={m}"))}", Csv(header));
        if (names is not null)
            Assert.Equal(names, Assert.Single(problem.GetProperty("names").EnumerateArray()).GetString());
        Assert.Null(await State(id));
    }

    [Fact]
    public async Task What_is_no_file_of_rows_is_refused()
    {
        await Refused(415, "UNSUPPORTED_MEDIA_TYPE", "/imports/beds", new ByteArrayContent([1]) { Headers = { ContentType = new("application/pdf") } });
        await Refused(415, "UNSUPPORTED_MEDIA_TYPE", "/imports/beds", new ByteArrayContent([1]) { Headers = { ContentType = new("text/csv") { CharSet = "utf-16" } } });
        await Refused(422, "CSV_HEADER_INVALID", "/imports/beds", new ByteArrayContent(Encoding.Unicode.GetBytes("\uFEFFid,occurredAt")) { Headers = { ContentType = new("text/csv") } });
        Assert.Equal(0, (await Send("/imports/beds", new StringContent(""))).Accepted);
        Assert.Equal(["VALIDATION_FAILED"], (await Send("/imports/beds", new StringContent("x"))).Rejects.Select(r => r.Code));
        await city.Clinic.Refuses(403, "FORBIDDEN_SCOPE", $"/imports/{Guid.CreateVersion7()}", method: "GET");
    }

    [Fact]
    public async Task A_dry_run_foretells_every_row_and_writes_nothing()
    {
        var institution = Guid.CreateVersion7();
        // Two beds: the third finds none; one more is refused, and one comes when a seat is free again, in another year.
        object[] rows =
        [
            ImportingTests.BedRow(institution, "2022-03-01T01:00:00Z", closed: "2022-05-01T01:00:00Z"), ImportingTests.BedRow(institution, "2022-03-02T01:00:00Z"),
            ImportingTests.BedRow(institution, "2022-03-03T01:00:00Z"), ImportingTests.BedRow(institution, "2022-03-04T01:00:00Z"),
            ImportingTests.BedRow(institution, "2022-03-05T01:00:00Z", closed: "2022-02-01T01:00:00Z"), new { id = "b3" },
            ImportingTests.BedRow(institution, "2024-02-01T01:00:00Z"),
        ];
        var file = string.Join('\n', rows.Select(r => JsonSerializer.Serialize(r, JsonSerializerOptions.Web)));
        var (capacity, id) = (Capacity(institution, 2), Guid.CreateVersion7());
        var before = await Rows();
        Assert.Equal(1, (await Send("/imports/bed-capacities?dryRun=true", new StringContent(capacity))).Accepted);
        Assert.Equal(before, await Rows());
        Assert.Equal(1, (await Send("/imports/bed-capacities", new StringContent(capacity))).Accepted);

        before = await Rows();
        var foretold = await Send($"/imports/beds?dryRun=true&id={id}", new StringContent(file));
        var again = await Send($"/imports/beds?dryRun=true&id={id}", new StringContent(file));
        Assert.Equal(before, await Rows());
        Assert.Equal((true, ImportStatus.Finished, 7), ((await State(id))!.DryRun, (await State(id))!.Status, (await State(id))!.Rows));
        var done = await Send("/imports/beds", new StringContent(file));
        Assert.Contains("BED_CAPACITY_FULL", done.Rejects.Select(r => r.Code));
        Assert.True(await Rows() > before);
        foreach (var told in new[] { foretold, again })
        {
            Assert.Equal((done.Accepted, done.Repeated), (told.Accepted, told.Repeated));
            Assert.Equal(done.Rejects.Select(r => (r.Line, r.Id, r.Code)), told.Rejects.Select(r => (r.Line, r.Id, r.Code)));
        }
        Assert.Equal(done.Accepted, (await Send("/imports/beds?dryRun=true", new StringContent(file))).Repeated);
    }

    [Fact]
    public async Task Two_imports_of_one_file_at_once_take_every_row_in_once()
    {
        await using var second = await city.StartInstance();
        var file = Capacities(1500);
        var both = await Task.WhenAll(Send("/imports/bed-capacities", new StringContent(file)), Send("/imports/bed-capacities", new StringContent(file), second.Client(Role.Import)));
        Assert.All(both, result => Assert.Equal((1500, 0), (result.Accepted + result.Repeated, result.Rejected)));
        Assert.Equal(1500, both.Sum(r => r.Accepted));
    }

    [Fact]
    public async Task A_broken_connection_is_taken_up_with_the_rest_or_with_the_whole()
    {
        var (id, rows) = (Guid.CreateVersion7(), Capacities(1700).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        using (var broken = new CutOff(rows.Take(1200)))
        {
            var sending = import.PostAsync($"/imports/bed-capacities?id={id}", broken);
            var state = await Talking.Eventually(() => State(id), s => s.Lines == 1000);
            Assert.Equal((ImportStatus.Running, 1000, 1000, 0), (state.Status, state.Rows, state.Accepted, state.Rejected));
            Assert.True(state.RowsPerSecond > 0);
            await Refused(409, "IMPORT_RUNNING", $"/imports/bed-capacities?id={id}", new StringContent(rows[0]));
            broken.Break();
            await Assert.ThrowsAnyAsync<Exception>(() => sending);
        }
        var interrupted = await Talking.Eventually(() => State(id), s => s.Status == ImportStatus.Interrupted);
        Assert.Equal(1000, interrupted.Lines); // what had not made a page is sent again
        Assert.Equal(1000, (await Refused(409, "IMPORT_POSITION", $"/imports/bed-capacities?id={id}&after=999", new StringContent(rows[999]))).GetProperty("lines").GetInt32());
        Assert.Contains((await import.GetFromJsonAsync<List<ImportState>>("/imports"))!, s => s.Id == id && s.Status == ImportStatus.Interrupted);

        var some = await Send($"/imports/bed-capacities?id={id}&after=1000", new StringContent(string.Join('\n', rows[1000..1400])));
        Assert.Equal((1400, 0), (some.Accepted, some.Rejected));
        var whole = await Send($"/imports/bed-capacities?id={id}", new StringContent(string.Join('\n', rows)));
        Assert.Equal((1700, 0, 0), (whole.Accepted, whole.Repeated, whole.Rejected));
    }

    [Fact]
    public async Task A_killed_service_s_import_shows_as_interrupted_and_goes_on_elsewhere()
    {
        var (id, header) = (Guid.CreateVersion7(), "id,occurredAt,institutionId,districtCode,approved");
        // The last row of a page has a quote that is not closed: what was read to find that out is not done yet.
        var rows = Enumerable.Range(0, 1300).Select(n => (Id: Guid.CreateVersion7(), Beds: n is 3 or 1200 ? "none" : n is 999 ? "\"3" : "3"))
            .Select(r => $"{r.Id},2020-01-01,{r.Id},330203,{r.Beds}").Prepend(header).ToList();
        await using (var service = await city.StartProcess())
        {
            using var client = new HttpClient { BaseAddress = service.Address, DefaultRequestHeaders = { Authorization = import.DefaultRequestHeaders.Authorization } };
            using var content = new CutOff(rows.Take(1100)) { Headers = { ContentType = new("text/csv") } };
            var sending = client.PostAsync($"/imports/bed-capacities?id={id}", content);
            var state = await Talking.Eventually(() => State(id), s => s.Lines == 1001); // the other instance sees it too
            Assert.Equal((ImportStatus.Running, 1000, 2), (state.Status, state.Rows, state.Rejected));
            service.Kill();
            content.Break();
            await Assert.ThrowsAnyAsync<Exception>(() => sending);
        }
        await Talking.Eventually(() => State(id), s => s.Status == ImportStatus.Interrupted);
        var result = await Send($"/imports/bed-capacities?id={id}&after=1001", Csv(string.Join('\n', rows.Skip(1001).Prepend(header))));
        Assert.Equal((1297, 3), (result.Accepted + result.Repeated, result.Rejected));
        Assert.Equal([1202], result.Rejects.Select(r => r.Line));
        Assert.Equal(3, (await import.GetStringAsync($"/imports/{id}/rejects")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal((ImportStatus.Finished, 1301), ((await State(id))!.Status, (await State(id))!.Lines));
        Assert.Equal(1297, (await Send("/imports/bed-capacities", Csv(string.Join('\n', rows)))).Repeated);
    }

    /// <summary>A file whose sender stops in the middle until the connection breaks.</summary>
    private sealed class CutOff(IEnumerable<string> lines) : HttpContent
    {
        private readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Break() => broken.TrySetException(new IOException("The line went dead."));

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var line in lines)
                await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{line}\n")));
            await stream.FlushAsync();
            await broken.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
