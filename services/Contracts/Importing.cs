using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <summary>A registered resident of the past.</summary>
public sealed record ResidentRow(string Id, DateTimeOffset OccurredAt, Guid ResidentId, RegisterResident Resident) : IImportRow;

/// <summary>A contract of the past with the renewals that followed it.</summary>
public sealed record ContractRow(
    string Id, DateTimeOffset OccurredAt, Guid ContractId, Guid ResidentId, Guid TeamId, int TermMonths, string ProofMethod, string? GuardianRef,
    IReadOnlyList<RenewalOfThePast> Renewals) : IImportRow;

public sealed record RenewalOfThePast(DateTimeOffset At, Guid NewId, int TermMonths);

/// <summary>A half-day of the past.</summary>
public sealed record SessionRow(
    string Id, DateTimeOffset OccurredAt, Guid SessionId, Guid TeamId, DateTimeOffset Start, int SlotMinutes, int Slots, string Type) : IImportRow;

/// <summary>An appointment of the past and what became of it.</summary>
public sealed record AppointmentRow(
    string Id, DateTimeOffset OccurredAt, Guid AppointmentId, Guid SessionId, Guid ResidentId, int? Slot, DateTimeOffset? CheckedInAt,
    DateTimeOffset? FulfilledAt, AppointmentOutcome? Outcome, DateTimeOffset? NoShowAt) : IImportRow;

/// <summary>How rows of the past become the same decisions that live requests ask for.</summary>
public static class Importing
{
    public static IReadOnlyDictionary<string, ImportKind> Kinds(IServiceProvider services)
    {
        var runner = services.GetRequiredService<Runner>();
        var clock = services.GetRequiredService<TimeProvider>();
        var vault = services.GetRequiredService<ResidentVault>();
        return new Dictionary<string, ImportKind>
        {
            ["residents"] = ImportKind.Of<ResidentRow>("residents",
                (row, by, ct) => runner.Execute<Enrolment>(row.ResidentId, by, (enrolment, at) => row.Resident.Decide(row.ResidentId, enrolment, at, isPast: true), ct),
                keep: (rows, ct) => vault.Keep([.. rows.Select(r => (r.ResidentId, r.Resident.Identity))], ct)),
            ["contracts"] = ImportKind.Of<ContractRow>("contracts", (row, by, ct) => Contract(row, by, runner, clock, ct)),
            ["sessions"] = ImportKind.Of<SessionRow>("sessions", (row, by, ct) => PublishSessionEndpoint.Take(
                new(row.SessionId, row.TeamId, row.Start, row.SlotMinutes, row.Slots, row.Type), row.SessionId, by, runner, ct, clock.GetUtcNow())),
            ["appointments"] = ImportKind.Of<AppointmentRow>("appointments", (row, by, ct) => Appointment(row, by, runner, ct)),
        };
    }

    private static Task<Done> Contract(ContractRow row, Envelope by, Runner runner, TimeProvider clock, CancellationToken ct)
    {
        var apply = new ApplyForContract(row.ContractId, row.ResidentId, row.TeamId, row.TermMonths);
        var confirm = new ConfirmContract(row.ProofMethod, row.Id, row.GuardianRef);
        var steps = new List<(DateTimeOffset, Func<Enrolment?, TeamPanel?, Policies.Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)>)>
        {
            (row.OccurredAt, (enrolment, panel, at) => apply.Decide(row.ContractId, enrolment, panel, PackageCatalogue.Sample, at)),
            (row.OccurredAt, (enrolment, panel, at) => confirm.Decide(row.ContractId, enrolment, panel, null, at, row.Renewals.Count == 0 ? clock.GetUtcNow() : DateTimeOffset.MaxValue)),
        };
        var contractId = row.ContractId;
        foreach (var renewal in row.Renewals)
        {
            var (old, renew) = (contractId, new RenewContract(renewal.NewId, renewal.TermMonths));
            var isLast = renewal == row.Renewals[^1];
            steps.Add((renewal.At, (enrolment, panel, at) => renew.Decide(old, renewal.NewId, enrolment, panel, null, at, isLast ? clock.GetUtcNow() : DateTimeOffset.MaxValue)));
            contractId = renewal.NewId;
        }
        return runner.OnLedger<TeamPanel>(row.TeamId, by, panel => runner.History<Enrolment, TeamPanel>(row.ResidentId, panel, by, steps, ct), ct);
    }

    private static Task<Done> Appointment(AppointmentRow row, Envelope by, Runner runner, CancellationToken ct)
    {
        var book = new BookAppointment(row.AppointmentId, row.SessionId, row.ResidentId, row.Slot);
        var steps = new List<(DateTimeOffset, Func<Appointment?, ClinicSession?, Enrolment?, Policies.Moment,
            (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)>)>
        {
            (row.OccurredAt, (appointment, session, enrolment, at) => book.Decide(row.AppointmentId, appointment, session, enrolment, at)),
        };
        if (row.CheckedInAt is { } checkedIn)
            steps.Add((checkedIn, (appointment, _, _, _) => (CheckIn.Decide(appointment), [], [])));
        if (row.FulfilledAt is { } fulfilled)
            steps.Add((fulfilled, (appointment, _, _, _) => (new CompleteAppointment(row.Outcome ?? AppointmentOutcome.Advice).Decide(appointment, null).Appointment, [], [])));
        if (row.NoShowAt is { } noShow)
            steps.Add((noShow, (appointment, _, _, at) => (MarkNoShow.Decide(appointment, null, at).Appointment, [], [])));
        return runner.History<Appointment, ClinicSession, Enrolment>(row.AppointmentId, row.SessionId, row.ResidentId, by, steps, ct);
    }
}
