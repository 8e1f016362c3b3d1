using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Printing;

/// <summary>The paper that tells a resident that care at home was approved: by whom, until when, how often somebody comes, and the code for the desk. There is none before the approval, nor after the end.</summary>
public static class BedNotice
{
    public static void MapBedNotice(this IEndpointRouteBuilder routes) => routes
        .MapGet("/beds/{bedId:guid}/notice", Handle).WithName(nameof(BedNotice)).WithSummary("A family bed as a page to print").For(Role.Clinic);

    private static async Task<Slip> Handle(
        Guid bedId, HttpContext http, IEventStore store, PickUpCodes codes, Copies<InstitutionFacts> institutions, Copies<TeamFacts> teams,
        PolicyBook policies, TimeProvider clock, CancellationToken ct, string? lang = null)
    {
        var l = Language.Of(http.Request, lang);
        var (bed, _) = await store.Load<FamilyBed>(bedId, ct);
        if (bed is not { Request: var q })
            throw new UnknownId();
        if (bed is not { Stage: BedStatus.Approved or BedStatus.Open or BedStatus.Paused, Terms: { } terms })
            throw new RuleBroken("NOTICE_NOT_READY", "A notice is printed once the bed is approved, and until it is closed.", new { state = bed.Status.ToString() });

        var (institution, team) = (await institutions.Find(q.InstitutionId, ct), await teams.Find(q.TeamId, ct));
        return new(l, l.Say("家庭病床通知单", "Family bed notice"), institution is null ? q.InstitutionId.ToString() : l.Say(institution.Name, institution.NameEn),
            Ids.Human('B', bedId), await codes.Of(bedId, 'B', ct),
        [
            new(l.Say("姓名", "Name"), l.Say("由家庭医生团队手写", "to be written by the family doctor's team"), IsBlank: true),
            new(l.Say("起止日期", "From and to"), Dates(l, bed, terms), IsWhen: true),
            new(l.Say("病床类型", "Kind of care"), l.Name(q.Type.ToString())),
            new(l.Say("管床医疗机构", "Institution"), institution is null ? q.InstitutionId.ToString() : l.Say(institution.Name, institution.NameEn)),
            new(l.Say("家庭医生团队", "Family doctor team"), team is null ? q.TeamId.ToString() : l.Say(team.Name, team.NameEn)),
            new(l.Say("责任医生", "Doctor in charge"), l.Say("由家庭医生团队手写", "to be written by the family doctor's team"), IsBlank: true),
            new(l.Say("24小时联系电话", "Telephone, day and night"), l.Say("由家庭医生团队手写", "to be written by the family doctor's team"), IsBlank: true),
            new(l.Say("上门计划", "Visits"), bed.Plan is { } plan
                ? l.Say($"医生每{plan.DoctorEveryDays}天、护士每{plan.NurseEveryDays}天上门一次", $"the doctor every {plan.DoctorEveryDays} days, the nurse every {plan.NurseEveryDays} days") : null),
            new(l.Say("医保授权号", "Insurer's number"), terms.InsurerAuthRef),
        ], l.Say("上门前请准备", "Before somebody comes, please have ready"),
        [
            l.Say("本通知单、身份证、社会保障卡（医保卡）", "this notice, your identity card and social security (insurance) card"),
            l.Say("出院小结、既往病历和检查报告", "the discharge summary, earlier records and reports"),
            l.Say("正在服用的全部药品", "all the medicines you take"),
            l.Say("请照护者在家，并准备干净、明亮、安静的空间", "whoever cares for you at home, and a clean, bright and quiet place"),
            l.Say("病情突然加重时，请立即拨打120，再联系团队", "If you suddenly feel worse, call 120 at once, then the team."),
        ], l.Say("责任医生签名", "Signature of the doctor"), TimeZoneInfo.ConvertTime(clock.GetUtcNow(), policies.Zone));
    }

    private static string Dates(Language l, FamilyBed bed, BedTerms terms) => bed switch
    {
        { Period: null } => l.Say($"建床之日起{terms.PeriodDays}天", $"{terms.PeriodDays} days from the day on which it is opened"),
        { LastDay: { } last } when last < DateOnly.MaxValue => l.Say($"{l.Say(bed.Period.OpenedOn)} 至 {l.Say(last)}", $"{l.Say(bed.Period.OpenedOn)} to {l.Say(last)}"),
        _ => l.Say($"{l.Say(bed.Period.OpenedOn)} 起", $"from {l.Say(bed.Period.OpenedOn)} on"),
    };
}
