namespace FamilyDoctor.CitySimulator.Rows;

public sealed record BedCapacityRow(string Id, DateTimeOffset OccurredAt, Guid InstitutionId, string DistrictCode, int Approved) : Row(Id, OccurredAt);

public sealed record BedRow(
    string Id, DateTimeOffset OccurredAt, Guid BedId, ContractOfRow Contract, string Origin, string Type, IReadOnlyList<string> ConditionCodes,
    DateTimeOffset AssessedAt, int Barthel, int Braden, DateTimeOffset ApprovedAt, Guid GpId, DateTimeOffset OpenedAt, int DoctorEveryDays,
    int NurseEveryDays, DateTimeOffset? ClosedAt, string? CloseReason, int? Visits) : Row(Id, OccurredAt);

public sealed record VisitRow(
    string Id, DateTimeOffset OccurredAt, Guid VisitId, Guid? BedId, ContractOfRow Contract, Guid PractitionerId, string Role, DateTimeOffset From,
    DateTimeOffset To, DateTimeOffset? CompletedAt, string? MissedCause) : Row(Id, OccurredAt);
