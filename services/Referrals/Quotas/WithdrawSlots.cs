using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Quotas;

/// <summary>A hospital takes slots of a day back; whoever had one is told at once that he needs another.</summary>
/// <param name="Slots">Their places in the day, from 0.</param>
public sealed record WithdrawSlots([Required, MinLength(1), MaxLength(1440)] IReadOnlyList<int>? Slots, [Required, Code] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(QuotaBook? book, Moment at)
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

        var taken = book.Taken.Where(t => gone.Contains(t.Value.Slot)).OrderBy(t => t.Value.Slot).ToList();
        var takenOf = taken.Aggregate(new PoolSizes(0, 0, 0), (pools, t) => pools.With(t.Value.Pool));
        var lost = takenOf;
        // Free slots are the public's first, so that family doctors keep theirs.
        foreach (var pool in new[] { Pool.Public, Pool.Urgent, Pool.FamilyDoctor })
        {
            for (var free = book.Free(pool); free > 0 && lost.Total < gone.Count; free--)
                lost = lost.With(pool);
        }
        var withdrawn = new SlotsWithdrawn(gone, lost, takenOf, [.. taken.Select(t => t.Key)],
            [.. taken.Where(t => t.Value.ExpiresAt is null).Select(t => t.Key)], Reason!, at.Now);
        return book.Released ? [withdrawn] : [withdrawn, .. QuotaBook.Shortfall(book.Pools.Less(lost), book.Date, at, byLead: false)];
    }
}

public static class WithdrawSlotsEndpoint
{
    public static void MapWithdrawSlots(this IEndpointRouteBuilder routes) => routes
        .MapPost("/quotas/{quotaId:guid}/withdrawal", Handle).WithName(nameof(WithdrawSlots)).WithSummary("Withdraw slots of a day").For(Role.Hospital);

    private static async Task<Decided> Handle(Guid quotaId, WithdrawSlots command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<QuotaBook>(quotaId, http.Envelope(), command.Decide, ct));
}
