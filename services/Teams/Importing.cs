using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Forming;
using FamilyDoctor.Teams.Governing;
using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Teams.Registering;
using FamilyDoctor.Teams.Staffing;

namespace FamilyDoctor.Teams;

/// <summary>An institution of the past, registered and active.</summary>
public sealed record InstitutionRow(
    string Id, DateTimeOffset OccurredAt, Guid InstitutionId, string Name, string NameEn, string DistrictCode, string Address, double Latitude,
    double Longitude, IReadOnlyList<OpeningHours>? OpeningHours = null) : IImportRow;

public sealed record HospitalRow(
    string Id, DateTimeOffset OccurredAt, Guid HospitalId, string Name, string NameEn, string DistrictCode, int Level,
    IReadOnlyList<string>? Services = null, IReadOnlyList<Device>? Equipment = null) : IImportRow;

public sealed record PractitionerRow(
    string Id, DateTimeOffset OccurredAt, Guid PractitionerId, string Kind, Guid InstitutionId, IReadOnlyList<string>? Qualifications = null,
    DateOnly? LicenceValidTo = null) : IImportRow;

/// <summary>A team of the past: formed, joined by its members, activated.</summary>
public sealed record TeamRow(
    string Id, DateTimeOffset OccurredAt, Guid TeamId, Guid InstitutionId, string Name, string NameEn, IReadOnlyList<MemberOfThePast> Members,
    Guid LeaderId) : IImportRow;

public sealed record MemberOfThePast(Guid PractitionerId, string Role, decimal Fte);

public sealed record StarRow(
    string Id, DateTimeOffset OccurredAt, Guid PractitionerId, int Period, IReadOnlyList<StarComponent> Components, int? Stars = null) : IImportRow;

public sealed record StudioRow(string Id, DateTimeOffset OccurredAt, Guid StudioId, Guid LeaderId, Guid TeamId) : IImportRow;

public sealed record FigureRow(
    string Id, DateTimeOffset OccurredAt, string Figure, DateOnly From, DateOnly To, double Value, string Unit, string Source, DateOnly PublishedOn,
    string? DistrictCode = null) : IImportRow;

public sealed record PolicyRow(string Id, DateTimeOffset OccurredAt, int Version, DateTimeOffset From, JsonElement Policy) : IImportRow;

/// <summary>How rows of the past become the same decisions that live requests ask for.</summary>
public static class Importing
{
    public static IReadOnlyDictionary<string, ImportKind> Kinds(IServiceProvider services)
    {
        var runner = services.GetRequiredService<Runner>();
        var store = services.GetRequiredService<IEventStore>();
        var city = services.GetRequiredService<City>();
        return new Dictionary<string, ImportKind>
        {
            ["institutions"] = ImportKind.Of<InstitutionRow>("institutions", (row, by, ct) => Institution(row, by, runner, ct)),
            ["hospitals"] = ImportKind.Of<HospitalRow>("hospitals", (row, by, ct) => Hospital(row, by, runner, ct)),
            ["practitioners"] = ImportKind.Of<PractitionerRow>("practitioners", (row, by, ct) => RegisterPractitionerEndpoint.Take(
                new(row.PractitionerId, row.Kind, row.InstitutionId, row.Qualifications, row.LicenceValidTo), row.PractitionerId, by, runner, ct)),
            ["teams"] = ImportKind.Of<TeamRow>("teams", (row, by, ct) => Team(row, by, runner, store, ct)),
            ["stars"] = ImportKind.Of<StarRow>("stars", (row, by, ct) => AwardStarEndpoint.Take(
                new(row.Period, row.Components, row.Stars), row.PractitionerId, share: null, by, runner, ct)),
            ["studios"] = ImportKind.Of<StudioRow>("studios", (row, by, ct) =>
                OpenStudioEndpoint.Take(new(row.StudioId, row.LeaderId, row.TeamId), row.StudioId, by, runner, ct)),
            ["figures"] = ImportKind.Of<FigureRow>("figures", (row, by, ct) => ReportFigureEndpoint.Take(
                new(null, row.Figure, row.DistrictCode, row.From, row.To, row.Value, row.Unit, row.Source, row.PublishedOn), by, runner, ct)),
            ["policies"] = ImportKind.Of<PolicyRow>("policies", (row, by, ct) =>
                ActivatePolicyVersionEndpoint.Take(new(row.Version, row.From, row.Policy), by, runner, city, ct)),
        };
    }

    private static Task<Done> Institution(InstitutionRow row, Envelope by, Runner runner, CancellationToken ct)
    {
        var register = new RegisterInstitution(
            row.InstitutionId, row.Name, row.NameEn, row.DistrictCode, row.Address, row.Latitude, row.Longitude, row.OpeningHours);
        return runner.History<Institution>(row.InstitutionId, by,
        [
            (row.OccurredAt, (institution, _) => register.Decide(row.InstitutionId, institution)),
            (row.OccurredAt, (institution, _) => ActivateInstitution.Decide(institution)),
        ], ct);
    }

    private static Task<Done> Hospital(HospitalRow row, Envelope by, Runner runner, CancellationToken ct)
    {
        var register = new RegisterHospital(row.HospitalId, row.Name, row.NameEn, row.DistrictCode, row.Level);
        var steps = new List<(DateTimeOffset, Func<Hospital?, Moment, IEnumerable<DomainEvent>>)>
        {
            (row.OccurredAt, (hospital, _) => register.Decide(row.HospitalId, hospital)),
            (row.OccurredAt, (hospital, _) => new PublishHospitalServices(row.Services).Decide(hospital)),
        };
        foreach (var device in Refusing.Entries(nameof(row.Equipment), row.Equipment, d => d is { Modality.Length: > 0, Name.Length: > 0 }))
            steps.Add((row.OccurredAt, (hospital, _) => new AddHospitalEquipment(device.Modality, device.Name).Decide(hospital)));
        return runner.History<Hospital>(row.HospitalId, by, steps, ct);
    }

    /// <summary>
    /// One command a member, since each has a load of its own. A row that was interrupted or rejected on the way goes on
    /// where it stopped; only the last command carries the row's key.
    /// </summary>
    private static async Task<Done> Team(TeamRow row, Envelope by, Runner runner, IEventStore store, CancellationToken ct)
    {
        var members = Refusing.Entries(nameof(row.Members), row.Members, m => m.Role is { Length: > 0 });
        if (members.All(m => m.PractitionerId != row.LeaderId))
            throw new RuleBroken("LEAD_NOT_ELIGIBLE", "The leader is one of the members.", new { row.LeaderId });
        if ((await store.FindAnswers([by.Idempotency!.Key], ct)).Count == 0)
        {
            var step = by with { Idempotency = null };
            await FormTeamEndpoint.Take(new(row.TeamId, row.InstitutionId, row.Name, row.NameEn), row.TeamId, step, runner, ct);
            foreach (var m in members)
            {
                await AddTeamMemberEndpoint.Take(
                    new(m.PractitionerId, m.Role, m.Fte, Lead: m.PractitionerId == row.LeaderId), row.TeamId, step, runner, ct);
            }
        }
        return await ActivateTeam.Take(row.TeamId, by, runner, store, ct);
    }
}
