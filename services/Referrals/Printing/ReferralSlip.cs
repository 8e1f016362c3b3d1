using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Printing;

/// <summary>The paper with which a referred resident goes to the hospital: where, when, what to bring, and the code for the desk. There is none before the hospital has given him a day and time.</summary>
public static class ReferralSlip
{
    private const int MostCodes = 12; // of which the page has room

    public static void MapReferralSlip(this IEndpointRouteBuilder routes) => routes
        .MapGet("/referrals/{referralId:guid}/slip", Handle).WithName(nameof(ReferralSlip)).WithSummary("A referral as a page to print")
        .For(Role.Clinic, Role.Hospital);

    private static async Task<Slip> Handle(
        Guid referralId, HttpContext http, IEventStore store, PickUpCodes codes, Copies<HospitalFacts> hospitals,
        Copies<InstitutionFacts> institutions, Copies<TeamFacts> teams, PolicyBook policies, TimeProvider clock, CancellationToken ct, string? lang = null)
    {
        var l = Language.Of(http.Request, lang);
        var (referral, _) = await store.Load<Referral>(referralId, ct);
        if (referral is not { Draft: var d } r)
            throw new UnknownId();
        if (r is not { Status: ReferralStatus.Scheduled, Slot: { } slot })
            throw SlotOnPaper.NotReady(r.Status.ToString());

        var (day, _) = await store.Load<QuotaBook>(slot.BookId, ct);
        var (hospital, from, team) = (await hospitals.Find(r.HospitalId, ct), await institutions.Find(d.FromOrg, ct), await teams.Find(d.TeamId, ct));
        var sender = from is null ? d.FromOrg.ToString() : l.Say(from.Name, from.NameEn);
        return new(l, l.Say("转诊单", "Referral slip"), sender, r.Number, await codes.Of(referralId, 'R', ct),
        [
            new(l.Say("姓名", "Name"), l.Say("由家庭医生团队手写", "to be written by the family doctor's team"), IsBlank: true),
            new(l.Say("就诊时间", "Date and time"), SlotOnPaper.Say(l, policies.Zone, slot, day?.SlotMinutes, day?.Taken.GetValueOrDefault(referralId)?.Slot), IsWhen: true),
            new(l.Say("转入医院", "Hospital"), hospital is null ? r.HospitalId.ToString() : l.Say(hospital.Name, hospital.NameEn)),
            new(l.Say("科室", "Department"), l.Name(d.Service)),
            new(l.Say("优先级", "Priority"), l.Name(d.Priority.ToString())),
            new(l.Say("转诊原因（代码）", "Reason (code)"), d.Reason),
            new(l.Say("诊断（代码）", "Conditions (codes)"), r.ConditionCodes.IsEmpty ? null
                : string.Join(l.Say("、", ", "), r.ConditionCodes.Take(MostCodes)) + (r.ConditionCodes.Count > MostCodes ? " …" : "")),
            new(l.Say("有效期至", "Valid until"), r.ValidTo is { } until ? l.Say(until) : null),
            new(l.Say("家庭医生团队", "Family doctor team"), team is null ? d.TeamId.ToString() : l.Say(team.Name, team.NameEn)),
        ], l.Say("就诊时请携带", "Please bring"),
        [
            l.Say("本转诊单", "this slip"),
            l.Say("身份证、社会保障卡（医保卡）", "your identity card and social security (insurance) card"),
            l.Say("既往病历、检查报告和影像资料", "earlier records, reports and images"),
            l.Say("正在服用的药品或用药清单", "the medicines you take, or a list of them"),
            l.Say("请提前15分钟到达服务台，出示取号码", "Be at the desk 15 minutes before, and show the pick-up code."),
        ], l.Say("家庭医生签名", "Signature of the family doctor"), TimeZoneInfo.ConvertTime(clock.GetUtcNow(), policies.Zone));
    }
}
