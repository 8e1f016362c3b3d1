using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Referrals;

namespace FamilyDoctor.Dashboard.Viewing;

/// <summary>A referral from a clinic up to a hospital, with the moment of each step; never whom it is about.</summary>
/// <param name="ReturnedAt">When the hospital first asked for what was missing.</param>
/// <param name="CancelVersion">Of the newest word about its being cancelled: it was, or it goes on after all.</param>
public sealed record KnownReferral(
    Guid Id, string Number, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId, string Service, string Priority, string Status,
    DateTimeOffset? ResponseDueAt, DateTimeOffset? RespondedAt, DateTimeOffset? SlotStart, DateTimeOffset? SubmittedAt,
    DateTimeOffset? ScheduledAt, DateTimeOffset? DeclinedAt, DateTimeOffset? CancelledAt, DateTimeOffset? NoShowAt,
    DateTimeOffset? ArrivedAt, bool Admitted, DateTimeOffset? OutcomeAt, DateTimeOffset? ClosedAt, bool ClosedLoop,
    int OverdueLevel, DateTimeOffset? OverdueAt, DateTimeOffset? MovedAt, DateTimeOffset? ReturnedAt, long CancelVersion, long Version) : IRow<KnownReferral>
{
    static int IRow<KnownReferral>.Version => 2;

    public static IEnumerable<string> Indexes => ["submitted_at", "moved_at", "status"];

    private static ReferralFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        ReferralSubmitted m => m.Referral,
        ReferralScheduled m => m.Referral,
        ReferralDeclined m => m.Referral,
        ReferralCancelled m => m.Referral,
        ReferralOverdue m => m.Referral,
        ReferralReturnedForInformation m => m.Referral,
        ReferralInformationSupplied m => m.Referral,
        ReferralWaitlisted m => m.Referral,
        ReferralRedirected m => m.Referral,
        ReferralAdvised m => m.Referral,
        ReferralRebookRequired m => m.Referral,
        ReferralRescheduled m => m.Referral,
        ReferralOwnerChanged m => m.Referral,
        ReferralClockMoved m => m.Referral,
        UrgentStepUpMade m => m.Referral,
        EmergencyRouteTaken m => m.Referral,
        ReferralReopened m => m.Referral,
        PatientArrived m => m.Referral,
        ReferralNoShow m => m.Referral,
        OutcomeReturned m => m.Referral,
        ReferralClosed m => m.Referral,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) => FactsOf(recorded.Message()) is { } facts ? [facts.ReferralId] : [];

    public static KnownReferral Evolve(KnownReferral? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, "", facts.TeamId, facts.InstitutionId, facts.DistrictCode, facts.HospitalId, "", "", "",
            null, null, null, null, null, null, null, null, null, false, null, null, false, 0, null, null, null, 0, 0);
        // Whatever comes first, it is known from then on when it was sent.
        if (facts.SubmittedAt is { } sent)
            row = row with { SubmittedAt = Knowing.Earliest(row.SubmittedAt, sent) };
        if (message.StreamVersion > row.Version)
        {
            row = row with
            {
                Number = facts.Number,
                TeamId = facts.TeamId,
                InstitutionId = facts.InstitutionId,
                DistrictCode = facts.DistrictCode,
                HospitalId = facts.HospitalId,
                Service = facts.Service,
                Priority = facts.Priority,
                Status = facts.Status,
                ResponseDueAt = facts.ResponseDueAt,
                RespondedAt = facts.RespondedAt,
                SlotStart = facts.SlotStart,
                MovedAt = message.OccurredAt,
                Version = message.StreamVersion,
            };
        }
        var at = message.OccurredAt;
        return message switch
        {
            ReferralSubmitted => row with { SubmittedAt = Knowing.Earliest(row.SubmittedAt, at) },
            ReferralReturnedForInformation => row with { ReturnedAt = Knowing.Earliest(row.ReturnedAt, at) },
            ReferralScheduled => row with { ScheduledAt = Knowing.Earliest(row.ScheduledAt, at) },
            ReferralDeclined => row with { DeclinedAt = Knowing.Earliest(row.DeclinedAt, at) },
            ReferralCancelled or ReferralReopened when message.StreamVersion <= row.CancelVersion => row,
            ReferralCancelled => row with { CancelledAt = at, CancelVersion = message.StreamVersion },
            ReferralReopened => row with { CancelledAt = null, CancelVersion = message.StreamVersion },
            ReferralOverdue m => row with { OverdueLevel = Math.Max(row.OverdueLevel, m.Level), OverdueAt = Knowing.Earliest(row.OverdueAt, at) },
            PatientArrived m => row with { ArrivedAt = Knowing.Earliest(row.ArrivedAt, at), Admitted = row.Admitted || m.Admitted },
            ReferralNoShow => row with { NoShowAt = Knowing.Earliest(row.NoShowAt, at) },
            OutcomeReturned m => row with { OutcomeAt = Knowing.Earliest(row.OutcomeAt, at), Admitted = row.Admitted || m.Disposition == "admitted" },
            ReferralAdvised => row with { ClosedAt = Knowing.Earliest(row.ClosedAt, at) }, // nobody waits for a visit any more
            ReferralClosed m => row with { ClosedAt = Knowing.Earliest(row.ClosedAt, at), ClosedLoop = row.ClosedLoop || m.ClosedLoop },
            _ => row,
        };
    }
}

/// <summary>A hospital hands a patient back to a clinic; never whom.</summary>
/// <param name="EndVersion">Of the newest word about its end: it was closed, or it goes on after all.</param>
public sealed record KnownDownReferral(
    Guid Id, string Number, Guid? TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId, string Status, DateTimeOffset ContactDueAt,
    DateTimeOffset ProposedAt, DateTimeOffset? AcceptedAt, DateTimeOffset? ContactedAt, DateTimeOffset? ClosedAt,
    DateTimeOffset? MovedAt, long EndVersion, long Version) : IRow<KnownDownReferral>
{
    static int IRow<KnownDownReferral>.Version => 2;

    public static IEnumerable<string> Indexes => ["proposed_at", "moved_at"];

    private static DownReferralFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        DownReferralProposed m => m.DownReferral,
        DownReferralAccepted m => m.DownReferral,
        DownReferralDeclined m => m.DownReferral,
        DownReferralReassigned m => m.DownReferral,
        DownReferralOverdue m => m.DownReferral,
        DownReferralOwnerChanged m => m.DownReferral,
        DownReferralReopened m => m.DownReferral,
        FirstContactMade m => m.DownReferral,
        DownReferralClosed m => m.DownReferral,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) => FactsOf(recorded.Message()) is { } facts ? [facts.DownReferralId] : [];

    public static KnownDownReferral Evolve(KnownDownReferral? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, "", null, facts.InstitutionId, facts.DistrictCode, facts.HospitalId, "", facts.ContactDueAt, facts.ProposedAt, null, null, null, null, 0, 0);
        if (message.StreamVersion > row.Version)
        {
            row = row with
            {
                Number = facts.Number,
                TeamId = facts.TeamId,
                InstitutionId = facts.InstitutionId,
                DistrictCode = facts.DistrictCode,
                HospitalId = facts.HospitalId,
                Status = facts.Status,
                ContactDueAt = facts.ContactDueAt,
                ProposedAt = facts.ProposedAt,
                MovedAt = message.OccurredAt,
                Version = message.StreamVersion,
            };
        }
        return message switch
        {
            DownReferralAccepted => row with { AcceptedAt = Knowing.Earliest(row.AcceptedAt, message.OccurredAt) },
            FirstContactMade m => row with { ContactedAt = Knowing.Earliest(row.ContactedAt, m.At) },
            DownReferralClosed or DownReferralReopened when message.StreamVersion <= row.EndVersion => row,
            DownReferralClosed => row with { ClosedAt = message.OccurredAt, EndVersion = message.StreamVersion },
            DownReferralReopened => row with { ClosedAt = null, EndVersion = message.StreamVersion },
            _ => row,
        };
    }
}
