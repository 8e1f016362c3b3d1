using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Beds.Tests;

[CollectionDefinition("beds")]
public sealed class BedsCollection : ICollectionFixture<BedsFixture>;

/// <summary>The beds service, with contracts, teams and hospitals as the other services would announce them.</summary>
public sealed class BedsFixture() : ServiceFixture<Program>("beds")
{
    public HttpClient Clinic => First.Client(Role.Clinic);

    /// <summary>What another service says, at the city's time unless told otherwise.</summary>
    public T Said<T>(T message, Guid stream, long version, DateTimeOffset? at = null) where T : IntegrationEvent => message with
    {
        EventId = Guid.CreateVersion7(),
        CityId = "330200",
        StreamId = stream,
        StreamVersion = version,
        OccurredAt = at ?? Clock.Now,
        RecordedAt = Clock.Now,
        CorrelationId = Guid.CreateVersion7().ToString("N"),
    };

    public ContractFacts Facts(Guid resident, Guid institution, string status = "Active") => Sample.Contract with
    {
        ResidentId = resident,
        InstitutionId = institution,
        Status = status,
    };

    public ContractSigned Signed(Guid resident, Guid institution, long version, DateTimeOffset? at = null) =>
        Said(new ContractSigned(Facts(resident, institution)), resident, version, at);

    public ContractTerminated Terminated(Guid resident, Guid institution, long version, DateTimeOffset? at = null, string reason = "ResidentRequest") =>
        Said(new ContractTerminated(Facts(resident, institution, "Terminated"), reason, DateOnly.FromDateTime((at ?? Clock.Now).Date)), resident, version, at);

    /// <summary>An institution that may keep so many beds.</summary>
    public async Task<Guid> Institution(int beds)
    {
        var institution = Guid.CreateVersion7();
        await Clinic.Do("/bed-capacities", new { institutionId = institution, districtCode = "330203", approved = beds });
        return institution;
    }

    /// <summary>A resident whose contract is known here.</summary>
    public async Task<Guid> Resident(Guid institution)
    {
        var resident = Guid.CreateVersion7();
        await Publish(Signed(resident, institution, 5));
        await Talking.Eventually(() => First.Services.GetRequiredService<CareContracts>().Find(resident, CancellationToken.None));
        return resident;
    }

    public async Task<Guid> Request(Guid institution, string type = "Rehabilitative") =>
        (await Clinic.Do("/beds", new { residentId = await Resident(institution), origin = "Team", type, conditionCodes = new[] { "I63.9" } })).Id;

    public async Task<Guid> AssessedBed(Guid institution, int barthel = 40, string type = "Rehabilitative")
    {
        var bed = await Request(institution, type);
        await Clinic.Do($"/beds/{bed}/assessment", Assessment(barthel));
        return bed;
    }

    public async Task<Guid> OpenBed(Guid institution, string type = "Rehabilitative")
    {
        var bed = await AssessedBed(institution, type: type);
        await Clinic.Do($"/beds/{bed}/approval", new { gpId = Sample.Gp });
        await Clinic.Do($"/beds/{bed}/opening", Opening);
        return bed;
    }

    public static object Assessment(int barthel = 40, bool homeSuitable = true) =>
        new { barthel, braden = 15, fallsRisk = "medium", homeSuitable, caregiver = true, recommendation = "familyBed" };

    public static object Opening => new { consentRef = "consent-1", doctorEveryDays = 14, nurseEveryDays = 7 };

    public object VisitOf(Guid bed, Guid practitioner, double startsInHours = 1, double hours = 0.5) => new
    {
        bedId = bed,
        practitionerId = practitioner,
        role = "nurse",
        from = Clock.Now.AddHours(startsInHours),
        to = Clock.Now.AddHours(startsInHours + hours),
    };

    public async Task<BedDetails> Bed(Guid bed) => (await Clinic.GetFromJsonAsync<BedDetails>($"/beds/{bed}"))!;

    public Task<BedDetails> BedBecomes(Guid bed, BedStatus status) => Talking.Eventually<BedDetails>(async () => await Bed(bed), b => b.Status == status);

    /// <summary>What the service has told the others about a stream, in order.</summary>
    public async Task<IReadOnlyList<(string Type, JsonElement Message)>> Told(Guid stream)
    {
        var told = new List<(string, JsonElement)>();
        for (var after = 0L; ;)
        {
            var page = await First.Client(Role.Service).GetFromJsonAsync<FeedPage>($"/integration-events?after={after}");
            told.AddRange(page!.Items.Where(i => i.Message.GetProperty("streamId").GetGuid() == stream).Select(i => (i.Type, i.Message)));
            if (!page.More)
                return told;
            after = page.Next;
        }
    }

    public Task<ImportResult> Import(string kind, params object[] rows) =>
        First.Client(Role.Import).Import(kind, string.Join('\n', rows.Select(r => JsonSerializer.Serialize(r, JsonSerializerOptions.Web))));

    /// <summary>A referral's facts as Referrals tells them.</summary>
    public ReferralFacts Referral(Guid resident, Guid institution) => new(Guid.CreateVersion7(), "R-00000001", resident, Sample.ContractId, Sample.Team, institution, "330203",
        Guid.Empty, "neurology", "urgent", "InCare", Guid.Empty, Clock.Now, null, Clock.Now, Clock.Now, Clock.Now);

    public DownReferralProposed Proposed(Guid resident, Guid institution, bool bedSuggested = true)
    {
        var id = Guid.CreateVersion7();
        return Said(new DownReferralProposed(new(id, "D-00000001", resident, null, Sample.Team, institution, "330203", Guid.Empty, "Proposed", institution,
            bedSuggested, Clock.Now, Clock.Now.AddHours(72), null)), id, 1);
    }

    public InstitutionRegistered Registered(Guid institution) =>
        Said(new InstitutionRegistered(new(institution, "样例机构", "Sample institution", "330205", "Active", 29.8, 121.5)), institution, 1);
}
