using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>A hospital opens a day of a large device for family doctors' exams.</summary>
public sealed record OpenExamBook(
    [Required] Guid? HospitalId, [Required, AllowedValues("CT", "MRI", "PETCT", "endoscopy")] string? Modality, Guid? DeviceId,
    [Required] DateOnly? Date, [Required] TimeOnly? FirstSlot, [Range(1, 480)] int SlotMinutes, [Range(1, 500)] int Slots)
{
    /// <param name="hospital">What is known of the hospital; unknown does not refuse.</param>
    public IEnumerable<DomainEvent> Decide(ExamBook? book, HospitalFacts? hospital, Moment at)
    {
        if (hospital is not null && !hospital.Equipment.Contains(Modality!))
            throw new RuleBroken("SERVICE_NOT_OFFERED", "This hospital has no such device.", new { hospital.Equipment });
        var first = SlotDay.FirstStart(Date!.Value, FirstSlot!.Value, SlotMinutes, Slots, at);
        if (book is null)
            return [new ExamBookOpened(HospitalId!.Value, Modality!, DeviceId, Date.Value, first, SlotMinutes, Slots)];
        return (book.FirstSlot, book.SlotMinutes, book.Slots) == (first, SlotMinutes, Slots)
            ? []
            : throw new RuleBroken("INVALID_TRANSITION", "Other slots are open on this day.", new { state = "Open", allowed = Array.Empty<string>() });
    }
}

public static class OpenExamBookEndpoint
{
    public static void MapOpenExamBook(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exam-books", Handle).WithName(nameof(OpenExamBook)).WithSummary("Open a day of a large device").For(Role.Hospital);

    private static async Task<Decided> Handle(
        OpenExamBook command, HttpContext http, Runner runner, Copies<HospitalFacts> hospitals, CancellationToken ct)
    {
        var hospital = await hospitals.Find(command.HospitalId!.Value, ct);
        return new(await Take(command, hospital, http.Envelope(), runner, ct),
            $"/exam-books?hospitalId={command.HospitalId}&modality={command.Modality}&from={command.Date:O}&to={command.Date:O}");
    }

    internal static Task<Done> Take(OpenExamBook command, HospitalFacts? hospital, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<ExamBook>(ExamBook.StreamOf(command.HospitalId!.Value, command.Modality!, command.Date!.Value), envelope,
            (book, at) => command.Decide(book, hospital, at), ct);
}
