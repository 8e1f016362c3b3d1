using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Examining;

/// <param name="Egfr">Kidney function, ml/min.</param>
public sealed record ExamSafety(bool? Implant = null, bool? ContrastAllergy = null, [Range(0, 300)] double? Egfr = null, bool? Pregnant = null);

/// <summary>A family doctor asks for a CT, MRI, PET-CT or endoscopy: safe for the resident, not done lately, with a slot.</summary>
public sealed record RequestExam(
    Guid? Id, [Required] Guid? ResidentId, [Required] Guid? HospitalId,
    [Required, AllowedValues("CT", "MRI", "PETCT", "endoscopy")] string? Modality, [Required] DateOnly? Date, [Required, Code] string? BodySite,
    ExamSafety? Safety = null, [Code] string? OverrideReason = null)
{
    private const double LowestEgfrForContrast = 30;

    public (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Guid id, Exam? exam, ExamBook? book, ResidentExams? others, KnownContract? contract, TeamFacts? team, HospitalFacts? hospital,
        Actor by, Moment at)
    {
        if (exam is not null)
            return ([], [], []); // asking twice is asking once
        var right = ReferralRight.Of(contract, ReferralPriority.Routine, at);
        ReferralRight.OfDoctor(by, right.Facts, team);
        if (hospital is null || !hospital.Equipment.Contains(Modality!))
            throw new RuleBroken("SERVICE_NOT_OFFERED", "This hospital has no such device.", new { hospital?.Equipment });
        var dangers = Dangers().ToList();
        if (dangers.Count > 0)
            throw new RuleBroken("EXAM_CONTRAINDICATED", "This exam is not safe for the resident.", new { dangers });
        var duplicate = ResidentExams.Duplicate(others, Modality!, BodySite!, Date!.Value, at.Policy.DuplicateExamDays);
        if (duplicate is not null && OverrideReason is null)
            throw new RuleBroken("DUPLICATE_EXAM", "The same was examined lately; doing it again needs a reason.",
                new { duplicate.ExamId, duplicate.Date, @override = "overrideReason" });

        var taken = ExamBook.Take(book, id, at.Now);
        var c = right.Facts;
        return (
            [new ExamRequested(id, c.ResidentId, c.ContractId, right.Version, c.TeamId, c.InstitutionId, c.DistrictCode, book!.HospitalId, book.Modality,
                BodySite!, at.Now, duplicate?.ExamId, duplicate is null ? null : OverrideReason),
             new ExamSlotHeld(id, ExamBook.StreamOf(book.HospitalId, book.Modality, book.Date), book.Date, book.StartOf(taken.Slot))],
            [taken], [new ExamPlanned(id, book.Modality, BodySite!, book.Date)]);
    }

    private IEnumerable<string> Dangers()
    {
        if (Modality is "MRI" && Safety?.Implant is true)
            yield return "implant";
        if (Modality is "CT" or "PETCT" && Safety?.Pregnant is true)
            yield return "pregnant";
        if (Modality is not "endoscopy" && Safety?.ContrastAllergy is true)
            yield return "contrastAllergy";
        if (Modality is not "endoscopy" && Safety?.Egfr < LowestEgfrForContrast)
            yield return "egfr";
    }
}

public static class RequestExamEndpoint
{
    public static void MapRequestExam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams", Handle).WithName(nameof(RequestExam)).WithSummary("Request an exam on a large device").For(Role.Clinic);

    private static async Task<Decided> Handle(
        RequestExam command, HttpContext http, Runner runner, IdSource ids, Copies<KnownContract> contracts, Copies<TeamFacts> teams,
        Copies<HospitalFacts> hospitals, Rows<ExamDays> days, WhoSeesToIt who, CancellationToken ct)
    {
        var (id, envelope) = (command.Id ?? ids.Next(), http.Envelope());
        var (residentId, hospitalId, date) = (command.ResidentId!.Value, command.HospitalId!.Value, command.Date!.Value);
        var contract = await contracts.Find(residentId, ct);
        var team = contract is null ? null : await teams.Find(contract.Facts.TeamId, ct);
        envelope = team is null ? envelope : await who.Acting(envelope, team.TeamId, ct);
        var hospital = await hospitals.Find(hospitalId, ct);
        try
        {
            return new(await runner.Execute<Exam, ExamBook, ResidentExams>(
                id, ExamBook.StreamOf(hospitalId, command.Modality!, date), ResidentExams.StreamOf(residentId), envelope,
                (exam, book, others, at) => command.Decide(id, exam, book, others, contract, team, hospital, envelope.Actor, at), ct), $"/exams/{id}");
        }
        catch (RuleBroken e) when (e.Code is "QUOTA_EXHAUSTED" or "POOL_CLOSED")
        {
            throw new RuleBroken(e.Code, e.Message, new { date, nextDates = await days.NextDates(hospitalId, command.Modality!, date, ct) });
        }
    }
}
