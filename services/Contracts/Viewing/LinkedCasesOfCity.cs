using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>What the insurer and the pharmacy have to answer, or did: the list that is worked off, and what was rejected.</summary>
/// <param name="SubjectId">The contract, or the prescription.</param>
/// <param name="Answer">A reference, a code, or why there is none yet.</param>
/// <param name="NextAt">When it is asked next; null once it is answered.</param>
public sealed record LinkedCasesOfCity(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, Guid ContractId, Guid ResidentId, DateOnly? StartsOn, DateOnly? EndsOn, int? Weeks,
    string? ConditionCode, LinkedCaseStatus Status, int Attempts, string? Answer, DateTimeOffset? NextAt, DateTimeOffset Since) : IRow<LinkedCasesOfCity>
{
    public static IEnumerable<string> Indexes => ["status, kind, next_at", "contract_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        // What was imported happened before the linkage of this city was ours to report.
        ContractSigned e when !IsImported(recorded) => [LinkedCase.IdOf(LinkedCaseKind.Enrolment, e.ContractId)],
        ContractRenewed e when !IsImported(recorded) => [LinkedCase.IdOf(LinkedCaseKind.Enrolment, e.NewId)],
        LongPrescriptionIssued when !IsImported(recorded) => [LinkedCase.IdOf(LinkedCaseKind.Prescription, recorded.EventId)],
        LinkedCaseDelayed e => [e.CaseId],
        LinkedCaseAccepted e => [e.CaseId],
        LinkedCaseRejected e => [e.CaseId],
        LinkedCaseWithdrawn e => [e.CaseId],
        _ => [],
    };

    public static LinkedCasesOfCity? Evolve(LinkedCasesOfCity? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (null, ContractSigned e) => Enrolled(id, e.ContractId, e.StartsOn, e.EndsOn, recorded),
        (null, ContractRenewed e) => Enrolled(id, e.NewId, e.StartsOn, e.EndsOn, recorded),
        (null, LongPrescriptionIssued e) => new(id, LinkedCaseKind.Prescription, recorded.EventId, e.ContractId, recorded.StreamId, null, null, e.Weeks,
            e.ConditionCode, LinkedCaseStatus.Waiting, 0, null, recorded.OccurredAt, recorded.OccurredAt),
        ({ } r, LinkedCaseDelayed e) => r with { Attempts = e.Attempts, Answer = e.Cause, NextAt = e.NextAt },
        ({ } r, LinkedCaseAccepted e) => r with { Status = LinkedCaseStatus.Accepted, Answer = e.Reference, NextAt = null },
        ({ } r, LinkedCaseRejected e) => r with { Status = LinkedCaseStatus.Rejected, Answer = e.Code, NextAt = null },
        ({ } r, LinkedCaseWithdrawn e) => r with { Status = LinkedCaseStatus.Withdrawn, Answer = e.Reason, NextAt = null },
        _ => row,
    };

    private static LinkedCasesOfCity Enrolled(Guid id, Guid contractId, DateOnly startsOn, DateOnly endsOn, Recorded recorded) =>
        new(id, LinkedCaseKind.Enrolment, contractId, contractId, recorded.StreamId, startsOn, endsOn, null, null, LinkedCaseStatus.Waiting, 0, null,
            recorded.OccurredAt, recorded.OccurredAt);

    private static bool IsImported(Recorded recorded) => recorded.Headers.Channel == "import";
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record LinkedCasePage(IReadOnlyList<LinkedCasesOfCity> Items, Guid? Next);

public static class LinkedCasesOfCityEndpoint
{
    public static void MapLinkedCasesOfCity(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/linked-cases", Handle).WithName(nameof(LinkedCasesOfCity))
            .WithSummary("What insurer and pharmacy have to answer, or did").For(Role.Commission);
        routes.MapGet("/contracts/{contractId:guid}/linked-cases", async (Guid contractId, Rows<LinkedCasesOfCity> rows, CancellationToken ct) =>
            await rows.Where("contract_id = $1 order by since, case_id", ct, contractId))
            .WithName("LinkedCasesOfContract").WithSummary("What insurer and pharmacy say to a contract").For(Role.Clinic, Role.Commission);
    }

    private static async Task<LinkedCasePage> Handle(
        Rows<LinkedCasesOfCity> rows, CancellationToken ct, LinkedCaseStatus status = LinkedCaseStatus.Waiting, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"status = $1 and case_id > $2 order by case_id limit {limit}", ct, status.ToString(), after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].CaseId : null);
    }
}
