using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Printing;

/// <summary>The paper with which a resident goes to a CT, MRI, PET-CT or endoscopy: where, when, how to prepare, and the code for the desk. There is none once he has come, or will not.</summary>
public static class ExamSlip
{
    public static void MapExamSlip(this IEndpointRouteBuilder routes) => routes
        .MapGet("/exams/{examId:guid}/slip", Handle).WithName(nameof(ExamSlip)).WithSummary("An exam as a page to print")
        .For(Role.Clinic, Role.Hospital);

    private static async Task<Slip> Handle(
        Guid examId, HttpContext http, IEventStore store, PickUpCodes codes, Copies<HospitalFacts> hospitals,
        Copies<InstitutionFacts> institutions, PolicyBook policies, TimeProvider clock, CancellationToken ct, string? lang = null)
    {
        var l = Language.Of(http.Request, lang);
        var (exam, _) = await store.Load<Exam>(examId, ct);
        if (exam is not { Request: var q })
            throw new UnknownId();
        if (exam is not { Status: ExamStatus.Held or ExamStatus.Confirmed, Slot: { } slot })
            throw SlotOnPaper.NotReady(exam.Status.ToString());

        var (day, _) = await store.Load<ExamBook>(slot.BookId, ct);
        var (hospital, from) = (await hospitals.Find(q.HospitalId, ct), await institutions.Find(q.InstitutionId, ct));
        return new(l, l.Say("检查预约单", "Examination slip"), from is null ? q.InstitutionId.ToString() : l.Say(from.Name, from.NameEn),
            Ids.Human('E', examId), await codes.Of(examId, 'E', ct),
        [
            new(l.Say("姓名", "Name"), l.Say("由家庭医生团队手写", "to be written by the family doctor's team"), IsBlank: true),
            new(l.Say("检查时间", "Date and time"), SlotOnPaper.Say(l, policies.Zone, slot, day?.SlotMinutes, day?.Taken.TryGetValue(examId, out var place) is true ? place : null), IsWhen: true),
            new(l.Say("检查医院", "Hospital"), hospital is null ? q.HospitalId.ToString() : l.Say(hospital.Name, hospital.NameEn)),
            new(l.Say("检查项目", "Examination"), l.Name(q.Modality)),
            new(l.Say("检查部位", "Part of the body"), l.Name(q.BodySite)),
            new(l.Say("预约状态", "Appointment"), exam.Status is ExamStatus.Confirmed
                ? l.Say("医院已确认", "confirmed by the hospital") : l.Say("已预约，待医院确认", "booked, the hospital still has to confirm it")),
        ], l.Say("检查前准备与携带物品", "How to prepare, and what to bring"),
        [
            l.Say("本预约单、身份证、社会保障卡（医保卡）", "this slip, your identity card and social security (insurance) card"),
            l.Say("既往检查报告和影像资料", "earlier reports and images"),
            .. Preparing(l, q.Modality),
            l.Say("如已怀孕、体内有植入物、对造影剂过敏或肾功能不全，请务必提前告知", "Say beforehand if you are pregnant, have an implant, do not tolerate contrast media or have weak kidneys."),
            l.Say("请提前30分钟到达检查预约台，出示取号码", "Be at the examination desk 30 minutes before, and show the pick-up code."),
        ], l.Say("家庭医生签名", "Signature of the family doctor"), TimeZoneInfo.ConvertTime(clock.GetUtcNow(), policies.Zone));
    }

    private static IEnumerable<string> Preparing(Language l, string modality) => modality switch
    {
        "MRI" => [l.Say("请勿携带手机、钥匙、首饰等金属物品进入检查室", "Leave telephone, keys, jewellery and all that is of metal outside the room.")],
        "endoscopy" =>
        [
            l.Say("何时开始禁食、是否停药，请按家庭医生的嘱咐", "Ask your family doctor from when on not to eat, and which medicines to leave out."),
            l.Say("请由家属陪同", "Come with somebody who takes you home."),
        ],
        "PETCT" => [l.Say("检查前请禁食，糖尿病患者请先咨询家庭医生", "Come fasting; with diabetes ask your family doctor first.")],
        _ => [l.Say("请穿着无金属配件的衣物", "Wear clothes without metal.")],
    };
}
