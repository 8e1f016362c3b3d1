using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A family bed about which somebody has something to do, from the request to its end.</summary>
/// <param name="Next">What is to be done next, and by when: an assessment, a decision, the opening, the return from hospital.</param>
/// <param name="EndsAt">Without an extension care ends then; known once the end was announced.</param>
/// <param name="CloseAt">The care bridge after the contract's end lasts until then.</param>
/// <param name="MissedAt">When visits in a row that did not take place were told on.</param>
public sealed record OpenBeds(
    Guid BedId, string Number, Guid ResidentId, Guid InstitutionId, Guid? GpId, Guid? NurseId, string? Next, DateTimeOffset? NextBy, bool Palliative,
    DateTimeOffset? EndsAt, bool ExtensionRequested, bool Warned, DateTimeOffset? CloseAt, DateTimeOffset? MissedAt, bool IsOver = false) : IRow<OpenBeds>
{
    /// <summary>Days in which each step should be taken.</summary>
    private const int AssessmentDays = 3, DecisionDays = 2, OpeningDays = 3;

    static int IRow<OpenBeds>.Version => 2;

    public static IEnumerable<string> Indexes => ["institution_id", "gp_id", "nurse_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is BedRequested or BedAssessmentScheduled or BedAssessed or BedWaitlisted or BedApproved or BedDeclined or BedRequestCancelled or BedOpened
        or BedPeriodEndingSoon or BedExtensionRequested or BedExtended or BedGpChanged or BedPaused or BedResumed or BedClosureDue or BedClosureCancelled
        or BedVisited or MissedVisitsEscalated or BedRehomed or BedClosed or BedReopened ? [recorded.StreamId] : [];

    public static OpenBeds? Evolve(OpenBeds? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, BedRequested e) => new(id, Ids.Human('B', id), e.ResidentId, e.InstitutionId, null, null, "scheduleAssessment", e.RequestedAt.AddDays(AssessmentDays),
            e.Type is BedType.Palliative, null, false, false, null, null),
        ({ } b, BedAssessmentScheduled e) => b with { Next = "assess", NextBy = e.At },
        ({ } b, BedAssessed) => b with { Next = "decide", NextBy = recorded.OccurredAt.AddDays(DecisionDays) },
        ({ } b, BedWaitlisted e) => b with { GpId = e.GpId, NurseId = e.NurseId, Next = null, NextBy = null },
        ({ } b, BedApproved e) => b with { GpId = e.GpId, NurseId = e.NurseId, Next = "open", NextBy = recorded.OccurredAt.AddDays(OpeningDays) },
        ({ } b, BedOpened e) => b with { Next = null, NextBy = null, EndsAt = e.EndsAt },
        ({ } b, BedPeriodEndingSoon) => b with { Warned = true },
        ({ } b, BedExtensionRequested e) => b with { ExtensionRequested = true, EndsAt = e.KeptOpenUntil },
        ({ } b, BedExtended e) => b with { EndsAt = e.EndsAt, ExtensionRequested = false, Warned = false },
        ({ } b, BedGpChanged e) => b with { GpId = e.GpId ?? b.GpId, NurseId = e.GpId is null ? b.NurseId : e.NurseId },
        ({ } b, BedPaused e) => b with { Next = "resume", NextBy = e.Until },
        ({ } b, BedResumed) => b with { Next = null, NextBy = null },
        ({ } b, BedClosureDue e) => b with { CloseAt = e.CloseAt },
        ({ } b, BedClosureCancelled) => b with { CloseAt = null },
        ({ } b, BedVisited) => b with { MissedAt = null },
        ({ } b, MissedVisitsEscalated) => b with { MissedAt = recorded.OccurredAt },
        ({ } b, BedRehomed e) => b with { InstitutionId = e.InstitutionId },
        // Kept without work, in case the death was told in error.
        ({ } b, BedClosed { Reason: CloseReason.Died }) => b with { Next = null, NextBy = null, CloseAt = null, MissedAt = null, Warned = false, IsOver = true },
        ({ } b, BedReopened) => b with { IsOver = false },
        (_, BedDeclined or BedRequestCancelled or BedClosed) => null,
        _ => row,
    };

    /// <summary>What there is to do, and by when.</summary>
    public IEnumerable<WorkItem> Work()
    {
        if (MissedAt is { } missedAt)
            yield return Item("missedVisits", missedAt);
        if (Next is { } next && NextBy is { } by)
            yield return Item(next, by);
        if (CloseAt is { } closeAt)
            yield return Item("close", closeAt);
        else if (Warned && EndsAt is { } endsAt)
            yield return Item(ExtensionRequested ? "approveExtension" : Palliative ? "extend" : "extendOrClose", endsAt);
    }

    private WorkItem Item(string task, DateTimeOffset dueAt) => new(task, dueAt, ResidentId, BedId, null, NurseId ?? GpId);
}
