namespace FamilyDoctor.CitySimulator.Rows;

/// <summary>The contract that a row of care rests on: the services' own copies of it may arrive later.</summary>
public sealed record ContractOfRow(Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode);

public sealed record QuotaRow(
    string Id, DateTimeOffset OccurredAt, Guid HospitalId, string Service, DateOnly Date, TimeOnly FirstSlot, int SlotMinutes, int FamilyDoctor,
    int Urgent, int Public) : Row(Id, OccurredAt);

public sealed record ReferralRow(
    string Id, DateTimeOffset OccurredAt, Guid ReferralId, ContractOfRow Contract, Guid HospitalId, string Service, string Priority, string ReasonCode,
    DateOnly Date, DateTimeOffset SubmittedAt, DateTimeOffset? AcceptedAt, DateTimeOffset? ArrivedAt, bool? Admitted, DateTimeOffset? OutcomeAt,
    string? Disposition, DateTimeOffset? AcknowledgedAt, DateTimeOffset? DeclinedAt, string? DeclineReason, DateTimeOffset? NoShowAt)
    : Row(Id, OccurredAt);

public sealed record ExamBookRow(
    string Id, DateTimeOffset OccurredAt, Guid HospitalId, string Modality, DateOnly Date, TimeOnly FirstSlot, int SlotMinutes, int Slots)
    : Row(Id, OccurredAt);

public sealed record ExamRow(
    string Id, DateTimeOffset OccurredAt, Guid ExamId, ContractOfRow Contract, Guid HospitalId, string Modality, DateOnly Date, string BodySite,
    DateTimeOffset? ConfirmedAt, DateTimeOffset? ArrivedAt, DateTimeOffset? PerformedAt, DateTimeOffset? ReportedAt, bool? Critical,
    DateTimeOffset? AcknowledgedAt) : Row(Id, OccurredAt);

public sealed record DownReferralRow(
    string Id, DateTimeOffset OccurredAt, Guid DownReferralId, ContractOfRow Contract, Guid HospitalId, Guid? UpReferralId, bool FamilyBedSuggested,
    DateTimeOffset? AcceptedAt, DateTimeOffset? FirstContactAt, string? Mode, DateTimeOffset? ClosedAt) : Row(Id, OccurredAt);
