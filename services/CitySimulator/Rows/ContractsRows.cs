namespace FamilyDoctor.CitySimulator.Rows;

public sealed record ResidentRow(string Id, DateTimeOffset OccurredAt, Guid ResidentId, ResidentForm Resident) : Row(Id, OccurredAt);

/// <summary>The form that registers a resident, in an import as at a desk.</summary>
public sealed record ResidentForm(
    Guid Id, string CertificateType, string CertificateNumber, string Name, string Sex, DateOnly BirthDate, string? Phone, string? Address,
    string DistrictCode, Eligibility Eligibility, IReadOnlyList<GroupEvidence> PriorityGroups);

public sealed record Eligibility(string Basis, string EvidenceType, DateOnly Since);

public sealed record GroupEvidence(string Group, string Evidence, DateOnly? From);

public sealed record ContractRow(
    string Id, DateTimeOffset OccurredAt, Guid ContractId, Guid ResidentId, Guid TeamId, int TermMonths, string ProofMethod, string? GuardianRef,
    IReadOnlyList<Renewal> Renewals) : Row(Id, OccurredAt);

public sealed record Renewal(DateTimeOffset At, Guid NewId, int TermMonths);

public sealed record SessionRow(
    string Id, DateTimeOffset OccurredAt, Guid SessionId, Guid TeamId, DateTimeOffset Start, int SlotMinutes, int Slots, string Type)
    : Row(Id, OccurredAt);

public sealed record AppointmentRow(
    string Id, DateTimeOffset OccurredAt, Guid AppointmentId, Guid SessionId, Guid ResidentId, int? Slot, DateTimeOffset? CheckedInAt,
    DateTimeOffset? FulfilledAt, string? Outcome, DateTimeOffset? NoShowAt) : Row(Id, OccurredAt);
