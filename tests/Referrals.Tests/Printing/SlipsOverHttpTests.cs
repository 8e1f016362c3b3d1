using System.Net.Http.Json;
using System.Text.RegularExpressions;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Printing;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Referrals.Tests.Printing;

[Collection("referrals")]
public sealed partial class SlipsOverHttpTests(ReferralsFixture city)
{
    private async Task<Guid> Scheduled(Guid hospital, DateOnly date)
    {
        var id = await city.Sent(hospital, date);
        await city.Desk.Do($"/referrals/{id}/acceptance");
        return id;
    }

    private async Task<Guid> Exam(Guid hospital, DateOnly date)
    {
        await city.Desk.Do("/exam-books", new { hospitalId = hospital, modality = "MRI", date, firstSlot = "08:00", slotMinutes = 30, slots = 1 });
        return (await city.Clinic.Do("/exams", new { residentId = await city.Resident(), hospitalId = hospital, modality = "MRI", date, bodySite = "knee" })).Id;
    }

    private static string CodeOf(string page) => Code().Match(page).Groups[1].Value;

    [Fact]
    public async Task A_referral_s_slip_says_where_and_when_in_both_languages()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital);
        var id = await Scheduled(hospital, date);
        var (chinese, english) = (await city.Clinic.GetStringAsync($"/referrals/{id}/slip?lang=zh"), await city.Desk.GetStringAsync($"/referrals/{id}/slip?lang=en"));
        var said = new[] { (chinese, new Language(true), "转诊单", "样例医院", "心血管内科", "身份证", "第1号"), (english, new Language(false), "Referral slip", "Sample hospital", "Cardiology", "identity card", "no. 1") };
        foreach (var (page, language, title, where, department, bring, number) in said)
        {
            Assert.All([title, where, department, bring, number, Ids.Human('R', id), $"{language.Say(date)} 08:00–08:10", "I20"], text => Assert.Contains(text, page, StringComparison.Ordinal));
            Assert.DoesNotContain((await city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{id}"))!.ResidentId.ToString(), page, StringComparison.Ordinal);
        }
        Assert.Equal(CodeOf(chinese), CodeOf(english));
    }

    [Fact]
    public async Task The_page_follows_the_reader_s_language_and_may_run_nothing()
    {
        var hospital = await city.Hospital();
        var id = await Exam(hospital, city.Today.AddDays(6));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/exams/{id}/slip") { Headers = { { "Accept-Language", "en-GB,en;q=0.9,zh;q=0.5" } } };
        using var answer = await city.Clinic.SendAsync(request);
        Assert.Equal(("text/html", "en"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentLanguage.Single()));
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("检查预约单", await city.Clinic.GetStringAsync($"/exams/{id}/slip"), StringComparison.Ordinal);
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", $"/exams/{id}/slip?lang=fr", method: "GET");
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/exams/{Guid.CreateVersion7()}/slip", method: "GET");
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/referrals/{Guid.CreateVersion7()}/slip", method: "GET");
        await city.First.Client(Role.Resident).Refuses(403, "FORBIDDEN_SCOPE", $"/exams/{id}/slip", method: "GET");
    }

    [Fact]
    public async Task An_exam_s_slip_says_how_to_prepare_and_whether_it_is_confirmed()
    {
        var (hospital, date) = (await city.Hospital(), city.Today.AddDays(7));
        var id = await Exam(hospital, date);
        var held = await city.Clinic.GetStringAsync($"/exams/{id}/slip?lang=zh");
        Assert.All(["检查预约单", "样例医院", "磁共振成像（MRI）", "膝关节", "待医院确认", "金属", "第1号", Ids.Human('E', id), $"{new Language(true).Say(date)} 08:00–08:30"],
            text => Assert.Contains(text, held, StringComparison.Ordinal));
        await city.Desk.Do($"/exams/{id}/confirmation");
        Assert.Contains("confirmed by the hospital", await city.Clinic.GetStringAsync($"/exams/{id}/slip?lang=en"), StringComparison.Ordinal);
        await city.Desk.Do($"/exams/{id}/arrival");
        await city.Clinic.Refuses(409, "SLIP_NOT_READY", $"/exams/{id}/slip", method: "GET");
    }

    [Fact]
    public async Task There_is_no_slip_before_the_hospital_has_given_a_time_nor_after_it()
    {
        var hospital = await city.Hospital();
        var date = await city.Day(hospital);
        var id = (await city.Clinic.Do("/referrals", ReferralsFixture.Draft(await city.Resident(), hospital))).Id;
        async Task NotReady(string state) => Assert.Equal(state, (await city.Clinic.Refuses(409, "SLIP_NOT_READY", $"/referrals/{id}/slip", method: "GET")).GetProperty("state").GetString());
        await NotReady("Draft");
        await city.Clinic.Do($"/referrals/{id}/hold", new { date });
        await NotReady("Draft");
        await city.Clinic.Do($"/referrals/{id}/submission", new { consentRef = "consent-1" });
        await NotReady("Submitted");
        await city.Desk.Do($"/referrals/{id}/acceptance");
        Assert.NotEmpty(await city.Clinic.GetStringAsync($"/referrals/{id}/slip"));
        await city.Clinic.Do($"/referrals/{id}/cancellation", new { reason = "resident" });
        await NotReady("Cancelled");
    }

    [Fact]
    public async Task Names_from_elsewhere_are_only_names()
    {
        var hospital = Guid.CreateVersion7();
        await city.Publish(city.Stamped(new HospitalRegistered(new(hospital, "<script>样例</script>", "<img src=x onerror=alert(1)>", "330203", 2, ["cardiology"], ["MRI"])), hospital, 1));
        await city.Knows<HospitalFacts>(hospital);
        var id = await Exam(hospital, city.Today.AddDays(8));
        Assert.DoesNotContain("<script", await city.Clinic.GetStringAsync($"/exams/{id}/slip?lang=zh"), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", await city.Clinic.GetStringAsync($"/exams/{id}/slip?lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_desk_finds_the_case_by_its_code_and_nobody_else_s_desk_does()
    {
        var hospital = await city.Hospital();
        var referral = await Scheduled(hospital, await city.Day(hospital));
        var exam = await Exam(hospital, city.Today.AddDays(9));
        var (first, second) = (CodeOf(await city.Clinic.GetStringAsync($"/referrals/{referral}/slip")), CodeOf(await city.Clinic.GetStringAsync($"/exams/{exam}/slip")));
        Assert.NotEqual(first, second);
        var found = await city.Desk.GetFromJsonAsync<PickUp>($"/pick-ups/{Uri.EscapeDataString(first.ToLowerInvariant())}");
        Assert.Equal((CaseKind.Referral, referral, "Scheduled", hospital), (found!.Kind, found.Id, found.Status, found.HospitalId));
        Assert.Equal((CaseKind.Exam, exam, Ids.Human('E', exam)), (await city.First.ClientOf("desk-1", $"{hospital}", Role.Hospital).GetFromJsonAsync<PickUp>($"/pick-ups/{second.Replace(" ", "")}")) is { } x ? (x.Kind, x.Id, x.Number) : default);
        await city.First.ClientOf("desk-2", $"{Guid.CreateVersion7()}", Role.Hospital).Refuses(404, "NOT_FOUND", $"/pick-ups/{second.Replace(" ", "")}", method: "GET");
        await city.First.Client(Role.Resident).Refuses(403, "FORBIDDEN_SCOPE", $"/pick-ups/{second.Replace(" ", "")}", method: "GET");
    }

    [Fact]
    public async Task Who_guesses_codes_is_stopped_and_others_are_not()
    {
        var code = CodeOf(await city.Clinic.GetStringAsync($"/exams/{await Exam(await city.Hospital(), city.Today.AddDays(10))}/slip")).Replace(" ", "");
        var (guesser, other) = (city.First.ClientOf($"guesser-{Guid.CreateVersion7()}", $"{Guid.Empty}", Role.Hospital), city.First.ClientOf($"desk-{Guid.CreateVersion7()}", "no house", Role.Hospital));
        for (var guess = 0; guess < 10; guess++)
            await guesser.Refuses(404, "NOT_FOUND", $"/pick-ups/{(guess % 2 == 0 ? code : $"0000000{guess}0")}", method: "GET"); // of another house, or nobody's
        await guesser.Refuses(429, "RATE_LIMITED", $"/pick-ups/{code}", method: "GET");
        using (var stopped = await guesser.GetAsync($"/pick-ups/{code}"))
            Assert.Equal(TimeSpan.FromMinutes(1), stopped.Headers.RetryAfter!.Delta);
        Assert.NotNull(await other.GetFromJsonAsync<PickUp>($"/pick-ups/{code}"));
    }

    [GeneratedRegex("<b>([0-9A-Z ]+)</b>")]
    private static partial Regex Code();
}
