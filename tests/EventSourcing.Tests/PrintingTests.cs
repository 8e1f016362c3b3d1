using System.Globalization;
using System.Text.RegularExpressions;
using FamilyDoctor.Testing;
using Microsoft.AspNetCore.Http;
using Npgsql;
using ZXing.QrCode.Internal;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>Slips and the codes on them.</summary>
[Collection("database")]
public sealed partial class PrintingTests(Servers servers)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly string Code = PickUpCodes.Written([1, 33, 7, 31, 9, 250, 77, 12]);

    [Fact]
    public void Every_single_slip_of_the_finger_and_every_swap_shows()
    {
        Assert.Equal(9, Code.Length);
        for (var i = 0; i < Code.Length; i++)
        {
            foreach (var other in Alphabet.Where(c => c != Code[i]))
                Assert.Null(PickUpCodes.Read($"{Code[..i]}{other}{Code[(i + 1)..]}"));
            foreach (var j in Enumerable.Range(i + 1, Code.Length - i - 1).Where(j => Code[i] != Code[j]))
                Assert.Null(PickUpCodes.Read($"{Code[..i]}{Code[j]}{Code[(i + 1)..j]}{Code[i]}{Code[(j + 1)..]}"));
        }
    }

    [Fact]
    public void What_looks_alike_is_read_alike()
    {
        Assert.Equal(Code, PickUpCodes.Read(PickUpCodes.Spaced(Code).ToLowerInvariant().Replace('0', 'o').Replace('1', 'l')));
        Assert.Equal(Code, PickUpCodes.Read($"{Code[..4]}-{Code[4..]}".Replace('1', 'I')));
        Assert.All(["", "U", Code + "0", Code[..8], "取号码取号码取号码", new string('0', 5000)], typed => Assert.Null(PickUpCodes.Read(typed)));
    }

    [Fact]
    public async Task A_case_has_one_code_and_one_that_is_taken_is_given_to_nobody_else()
    {
        var workshop = await Workshop.Open(servers);
        var keys = NpgsqlDataSource.Create(await servers.CreateDatabase($"k{Guid.CreateVersion7():N}"));
        var vault = new Vault(keys, "tests", "a master key for tests, of no other use", "an index secret for tests, of no other use", TimeProvider.System);
        using var codes = new PickUpCodes(workshop.Database, vault);
        var id = Guid.CreateVersion7();
        var first = await codes.Of(id, 'R', default);
        Assert.Equal(first, await codes.Of(id, 'R', default));
        Assert.NotEqual(first, await codes.Of(id, 'E', default));

        var (later, taken) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var command = workshop.Database.CreateCommand("insert into fd_pick_ups (code, case_id, letter) values ($1, $2, 'R')");
        command.Parameters.AddWithValue(PickUpCodes.Written(vault.BlindIndex($"PickUp:R:{later}:0")));
        command.Parameters.AddWithValue(taken);
        await command.ExecuteNonQueryAsync();
        var next = await codes.Of(later, 'R', default);
        Assert.Equal(PickUpCodes.Written(vault.BlindIndex($"PickUp:R:{later}:1")), next);
        Assert.Equal(later.ToString(), await codes.Find(next, new DefaultHttpContext(), (_, found) => Task.FromResult<string?>(found.ToString()), default));
        // Another secret makes other codes: who knows the id alone knows nothing.
        var other = new Vault(keys, "tests", "a master key for tests, of no other use", "another index secret for tests, also of no use", TimeProvider.System);
        Assert.NotEqual(first, PickUpCodes.Written(other.BlindIndex($"PickUp:R:{id}:0")));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void The_drawn_code_can_be_read_by_a_machine(bool isChinese)
    {
        var page = Page(isChinese).Html();
        var size = int.Parse(ViewBox().Match(page).Groups[1].Value, CultureInfo.InvariantCulture);
        var fields = Enumerable.Range(0, size).Select(_ => new bool[size]).ToArray();
        foreach (Match dark in Field().Matches(page))
            fields[int.Parse(dark.Groups[2].Value, CultureInfo.InvariantCulture)][int.Parse(dark.Groups[1].Value, CultureInfo.InvariantCulture)] = true;
        Assert.All(Enumerable.Range(0, 4), edge => Assert.DoesNotContain(true, fields[edge]));
        var inner = fields[4..^4].Select(row => row[4..^4]).ToArray();
        Assert.Equal(Code, new Decoder().decode(inner, null).Text);
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public void A_page_runs_nothing_and_fetches_nothing_and_names_are_only_names(bool isChinese)
    {
        var page = Page(isChinese).Html();
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{(isChinese ? "zh-CN" : "en")}\">", page, StringComparison.Ordinal);
        Assert.Contains("样例医院", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, true), InlineData("en", "zh-CN", false), InlineData("ZH", "en", true), InlineData(null, "en-GB,en;q=0.9", false)]
    [InlineData(null, "fr,en;q=0.4,zh-CN;q=0.8", true), InlineData(null, "de", true), InlineData(null, "nonsense;;q", true)]
    public void The_language_is_the_one_asked_for_else_the_reader_s(string? asked, string? accepted, bool isChinese)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.AcceptLanguage = accepted;
        Assert.Equal(isChinese, Language.Of(http.Request, asked).IsChinese);
    }

    [Fact]
    public void Days_are_said_as_people_say_them()
    {
        Assert.Equal("2024年3月21日 星期四", new Language(true).Say(new(2024, 3, 21)));
        Assert.Equal("Thursday, 21 March 2024", new Language(false).Say(new(2024, 3, 21)));
        Assert.Equal(("心血管内科", "Cardiology", "somethingNew"), (new Language(true).Name("cardiology"), new Language(false).Name("cardiology"), new Language(true).Name("somethingNew")));
    }

    private static Slip Page(bool isChinese) => new(new(isChinese), "转诊单", "<script>alert(1)</script>", "R-00000000", Code,
        [new("医院", "样例医院 \"<img src=x>\""), new("无", null)], "请携带", ["身份证 & 医保卡"], "签名", DateTimeOffset.UnixEpoch);

    [GeneratedRegex("viewBox=\"0 0 (\\d+) ")]
    private static partial Regex ViewBox();

    [GeneratedRegex(@"M(\d+) (\d+)h1v1h-1z")]
    private static partial Regex Field();
}
