using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>What the insurer and the pharmacy have to answer, or did: the list that is worked off, and what was rejected.</summary>
/// <param name="SubjectId">The resident's newest contract, the referral, the bed or the prescription.</param>
/// <param name="Version">Of the resident's enrolment, the referral or the bed: of two facts about the same the higher one holds.</param>
/// <param name="OrganizationId">The team that cares for the resident, the hospital, or the bed's institution.</param>
/// <param name="Code">Why the contract ended, the service, the type of bed, or the condition.</param>
/// <param name="StartsOn">First day of unbroken cover, or of the bed's period.</param>
/// <param name="EndsOn">Last day of the term, of the referral's number, or of the bed's period.</param>
/// <param name="EndedOn">Last day of a contract that ended; it never was where a code stands without one.</param>
/// <param name="Answer">A reference, a code, or why there is none yet.</param>
/// <param name="NextAt">When it is asked next; null once it is answered.</param>
public sealed record LinkedCasesOfCity(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, long Version, Guid ResidentId, Guid? ContractId, string? Number, Guid? OrganizationId, string? Code,
    DateOnly? StartsOn, DateOnly? EndsOn, DateOnly? EndedOn, int? Weeks, LinkedCaseStatus Status, int Attempts, string? Answer, DateTimeOffset? NextAt,
    DateTimeOffset Since) : IRow<LinkedCasesOfCity>
{
    public static IEnumerable<string> Indexes => ["status, kind, next_at", "contract_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        // What was imported happened before the linkage of this city was ours to report.
        ContractSigned or ContractRenewed when !IsImported(recorded) => [OfResident(recorded)],
        ContractReinstated or ContractTransferred or ContractProvisionallyReassigned or ContractExpired or ContractTerminated or ContractEnteredInError =>
            [OfResident(recorded)],
        LongPrescriptionIssued when !IsImported(recorded) => [LinkedCase.IdOf(LinkedCaseKind.Prescription, recorded.EventId)],
        LinkedCaseOpened e => [e.CaseId],
        LinkedCaseDelayed e => [e.CaseId],
        LinkedCaseAccepted e => [e.CaseId],
        LinkedCaseRejected e => [e.CaseId],
        LinkedCaseWithdrawn e => [e.CaseId],
        _ => [],
    };

    /// <summary>A contract of the past has no row, so what becomes of it makes none either.</summary>
    public static LinkedCasesOfCity? Evolve(LinkedCasesOfCity? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ContractSigned e) => New(row, id, recorded, e.ContractId) with { OrganizationId = e.TeamId, StartsOn = e.StartsOn, EndsOn = e.EndsOn },
        (_, ContractRenewed e) => New(row, id, recorded, e.NewId) with
        {
            OrganizationId = e.TeamId,
            StartsOn = e.GapDays == 0 && row is not null ? row.StartsOn : e.StartsOn,
            EndsOn = e.EndsOn,
        },
        ({ } r, ContractReinstated e) => New(r, id, recorded, e.ContractId) with { OrganizationId = e.TeamId },
        ({ } r, ContractTransferred e) => New(r, id, recorded, e.ContractId) with { OrganizationId = e.ToTeam },
        ({ } r, ContractProvisionallyReassigned e) => New(r, id, recorded, e.ContractId) with { OrganizationId = e.ToTeam },
        ({ } r, ContractExpired e) => Ended(r, recorded, "expired", e.EndsOn),
        ({ } r, ContractTerminated e) => Ended(r, recorded, e.Reason.ToString(), e.EffectiveOn),
        ({ } r, ContractEnteredInError e) when e.ContractId == r.SubjectId => Ended(r, recorded, "enteredInError", null),
        (null, LongPrescriptionIssued e) => New(null, id, recorded, e.ContractId) with
        {
            Kind = LinkedCaseKind.Prescription,
            SubjectId = recorded.EventId,
            Code = e.ConditionCode,
            Weeks = e.Weeks,
        },
        (null, LinkedCaseOpened e) => new(id, e.Kind, e.SubjectId, e.Version, e.ResidentId, e.ContractId, e.Number, e.OrganizationId, e.Code, e.StartsOn,
            e.EndsOn, null, null, LinkedCaseStatus.Waiting, 0, null, recorded.OccurredAt, recorded.OccurredAt),
        // An answer to what was so before leaves open what is so now.
        ({ } r, LinkedCaseDelayed e) when e.Version == r.Version => r with { Attempts = e.Attempts, Answer = e.Cause, NextAt = e.NextAt },
        ({ } r, LinkedCaseAccepted e) when e.Version == r.Version => r with { Status = LinkedCaseStatus.Accepted, Answer = e.Reference, NextAt = null },
        ({ } r, LinkedCaseRejected e) when e.Version == r.Version => r with { Status = LinkedCaseStatus.Rejected, Answer = e.Code, NextAt = null },
        ({ } r, LinkedCaseWithdrawn e) when e.Version == r.Version => r with { Status = LinkedCaseStatus.Withdrawn, Answer = e.Reason, NextAt = null },
        _ => row,
    };

    private static bool IsImported(Recorded recorded) => recorded.Headers.Channel == "import";

    private static Guid OfResident(Recorded recorded) => LinkedCase.IdOf(LinkedCaseKind.Enrolment, recorded.StreamId);

    private static LinkedCasesOfCity New(LinkedCasesOfCity? row, Guid id, Recorded recorded, Guid contractId) => new(id, LinkedCaseKind.Enrolment, contractId,
        recorded.Version, recorded.StreamId, contractId, null, row?.OrganizationId, null, row?.StartsOn, row?.EndsOn, null, null, LinkedCaseStatus.Waiting, 0,
        null, recorded.OccurredAt, recorded.OccurredAt);

    private static LinkedCasesOfCity Ended(LinkedCasesOfCity row, Recorded recorded, string code, DateOnly? on) =>
        New(row, row.CaseId, recorded, row.SubjectId) with { Kind = LinkedCaseKind.Ending, Code = code, EndedOn = on };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record LinkedCasePage(IReadOnlyList<LinkedCasesOfCity> Items, Guid? Next);

public static class LinkedCasesOfCityEndpoint
{
    public static void MapLinkedCasesOfCity(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/linked-cases", Handle).WithName(nameof(LinkedCasesOfCity))
            .WithSummary("What insurer and pharmacy have to answer, or did").For(Role.Commission).OfAll();
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
