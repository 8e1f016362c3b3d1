namespace FamilyDoctor.CitySimulator.Rows;

/// <summary>What every row of an import begins with: its id makes a repetition harmless.</summary>
public abstract record Row(string Id, DateTimeOffset OccurredAt);

public sealed record InstitutionRow(
    string Id, DateTimeOffset OccurredAt, Guid InstitutionId, string Name, string NameEn, string DistrictCode, string Address, double Latitude,
    double Longitude, IReadOnlyList<OpeningHours> OpeningHours) : Row(Id, OccurredAt);

public sealed record OpeningHours(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes);

public sealed record HospitalRow(
    string Id, DateTimeOffset OccurredAt, Guid HospitalId, string Name, string NameEn, string DistrictCode, int Level, IReadOnlyList<string> Services,
    IReadOnlyList<Device> Equipment) : Row(Id, OccurredAt);

public sealed record Device(string Modality, string Name);

public sealed record PractitionerRow(
    string Id, DateTimeOffset OccurredAt, Guid PractitionerId, string Kind, Guid InstitutionId, IReadOnlyList<string> Qualifications,
    DateOnly? LicenceValidTo) : Row(Id, OccurredAt);

public sealed record TeamRow(
    string Id, DateTimeOffset OccurredAt, Guid TeamId, Guid InstitutionId, string Name, string NameEn, IReadOnlyList<MemberRow> Members, Guid LeaderId)
    : Row(Id, OccurredAt);

public sealed record MemberRow(Guid PractitionerId, string Role, decimal Fte);

public sealed record StarRow(string Id, DateTimeOffset OccurredAt, Guid PractitionerId, int Period, IReadOnlyList<StarComponent> Components)
    : Row(Id, OccurredAt);

public sealed record StarComponent(string Code, decimal Score);

public sealed record StudioRow(string Id, DateTimeOffset OccurredAt, Guid StudioId, Guid LeaderId, Guid TeamId) : Row(Id, OccurredAt);

public sealed record FigureRow(
    string Id, DateTimeOffset OccurredAt, string Figure, string? DistrictCode, DateOnly From, DateOnly To, double Value, string Unit, string Source,
    DateOnly PublishedOn) : Row(Id, OccurredAt);
