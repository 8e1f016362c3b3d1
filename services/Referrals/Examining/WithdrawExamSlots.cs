using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>A hospital takes slots of a large device's day back; whoever had one is told at once that he needs another.</summary>
/// <param name="Slots">Their places in the day, from 0.</param>
public sealed record WithdrawExamSlots([Required, MinLength(1), MaxLength(1440)] IReadOnlyList<int>? Slots, [Required, Code] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(ExamBook? book, Moment at)
    {
        if (book is null)
            throw new UnknownId();
        if (Slots!.Any(s => s < 0 || s >= book.Slots))
            throw new RuleBroken("RULE_VIOLATION", "This day has no such slot.", new { slots = book.Slots });
        List<int> gone = [.. Slots!.Distinct().Except(book.Withdrawn).Order()];
        if (gone.Count == 0)
            return []; // withdrawing twice is withdrawing once
        if (book.StartOf(gone[0]) < at.Now)
            throw new RuleBroken("POOL_CLOSED", "A slot that has begun is not withdrawn.", new { slot = gone[0] });
        var exams = book.Taken.Where(t => gone.Contains(t.Value)).OrderBy(t => t.Value).Select(t => t.Key).ToList();
        return [new ExamSlotsWithdrawn(gone, exams.Count, exams, Reason!, at.Now)];
    }
}

public static class WithdrawExamSlotsEndpoint
{
    public static void MapWithdrawExamSlots(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exam-books/{bookId:guid}/withdrawal", Handle).WithName(nameof(WithdrawExamSlots)).WithSummary("Withdraw slots of a large device's day")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(Guid bookId, WithdrawExamSlots command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<ExamBook>(bookId, http.Envelope(), command.Decide, ct));
}
