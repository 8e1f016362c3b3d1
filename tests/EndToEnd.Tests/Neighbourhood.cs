using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.EndToEnd.Tests;

internal sealed record CareTeam(Guid Id, Guid Gp, Guid Nurse);

/// <param name="Contract">The one he signed first.</param>
internal sealed record Patient(Guid Id, Guid Contract, CareTeam Team);

/// <summary>A health centre with its teams, a hospital, and what people do there, over HTTP only; whoever is down is asked again.</summary>
internal sealed class Neighbourhood(City city) : IDisposable
{
    private static int residents;
    private readonly ConcurrentDictionary<(string, string), Task<HttpClient>> clients = [];

    public Guid Hospital { get; } = Guid.CreateVersion7();
    public Guid Institution { get; } = Guid.CreateVersion7();

    /// <summary>A week ahead: the day of the hospital's slots.</summary>
    public DateOnly ClinicDay { get; } = city.Today.AddDays(7);

    public async Task Found()
    {
        await Do("teams", Role.Commission, "/institutions", new
        {
            id = Institution,
            name = "样例社区卫生服务中心",
            nameEn = "Sample health centre",
            districtCode = "330203",
            address = "Sample Road 1",
            latitude = 29.87,
            longitude = 121.55,
            openingHours = new[] { new { day = "Monday", opens = "08:00", closes = "17:00" } },
        });
        await Do("teams", Role.Commission, $"/institutions/{Institution}/activation");
        await Do("teams", Role.Commission, "/hospitals",
            new { id = Hospital, name = "样例医院", nameEn = "Sample hospital", districtCode = "330203", level = 3 });
        await Do("teams", Role.Commission, $"/hospitals/{Hospital}/services", new { services = new[] { "cardiology", "emergency" } });
        await Do("teams", Role.Commission, $"/hospitals/{Hospital}/equipment", new { modality = "CT", name = "CT 1" });
        await Do("beds", Role.Commission, "/bed-capacities", new { institutionId = Institution, districtCode = "330203", approved = 6 });
        foreach (var service in (string[])["cardiology", "emergency"])
        {
            await Do("referrals", Role.Hospital, "/quotas", new
            {
                hospitalId = Hospital,
                service,
                date = ClinicDay,
                firstSlot = "08:00",
                slotMinutes = 20,
                familyDoctor = 5,
                urgent = 2,
                @public = 7,
            });
        }
    }

    /// <summary>Emergency slots of today, hour by hour.</summary>
    public Task OpenGreenChannel() => Do("referrals", Role.Hospital, "/quotas", new
    {
        hospitalId = Hospital,
        service = "emergency",
        date = city.Today,
        firstSlot = "08:00",
        slotMinutes = 60,
        familyDoctor = 4,
        urgent = 4,
        @public = 5,
    });

    /// <summary>A visit begins, and what is measured says that it cannot wait.</summary>
    public async Task FindWorse(Guid visit)
    {
        await Do("beds", Role.Clinic, $"/visits/{visit}/start", new { locationCheck = "atHome" });
        await Do("beds", Role.Clinic, $"/visits/{visit}/observations", new
        {
            observations = new[]
            {
                new { code = "9279-1", value = 26.0, unit = "/min" }, new { code = "8867-4", value = 118.0, unit = "/min" },
                new { code = "59408-5", value = 92.0, unit = "%" },
            },
        });
    }

    public async Task<Guid> Practitioner(string kind) => (await Do("teams", Role.Commission, "/practitioners", new
    {
        kind,
        institutionId = Institution,
        qualifications = new[] { "licensed" },
        licenceValidTo = "2030-12-31",
    })).Id;

    public async Task<CareTeam> FormTeam()
    {
        var (gp, nurse) = (await Practitioner("doctor"), await Practitioner("nurse"));
        var team = (await Do("teams", Role.Clinic, "/teams", new { institutionId = Institution, name = "样例团队", nameEn = "Sample team" })).Id;
        await Join(team, gp, "gp", isLead: true);
        await Join(team, nurse, "nurse");
        await Do("teams", Role.Clinic, $"/teams/{team}/activation");
        await See("contracts", $"/teams/{team}/panel");
        return new(team, gp, nurse);
    }

    public Task Join(Guid team, Guid practitioner, string role, bool isLead = false) =>
        Do("teams", Role.Clinic, $"/teams/{team}/members", new { practitionerId = practitioner, role, fte = 1.0, lead = isLead });

    public async Task<Patient> Sign(CareTeam team)
    {
        var number = Interlocked.Increment(ref residents);
        var resident = (await Do("contracts", Role.Clinic, "/residents", new
        {
            certificateType = "passport",
            certificateNumber = string.Create(CultureInfo.InvariantCulture, $"J{Environment.ProcessId:0000000}{number:0000}"),
            name = $"Sample Resident {number}",
            sex = "female",
            birthDate = "1948-05-06",
            districtCode = "330203",
            eligibility = new { basis = "HouseholdRegistration", evidenceType = "register", since = "1990-01-01" },
        })).Id;
        return new(resident, await SignAgain(resident, team), team);
    }

    public async Task<Guid> SignAgain(Guid resident, CareTeam team)
    {
        var contract = (await Do("contracts", Role.Clinic, "/contracts", new { residentId = resident, teamId = team.Id })).Id;
        await Do("contracts", Role.Clinic, $"/contracts/{contract}/signature", new { proofMethod = "inPerson" });
        return contract;
    }

    /// <summary>Drafted, with a slot, and sent.</summary>
    public async Task<Guid> Refer(Patient patient)
    {
        var referral = await Draft(patient);
        await Do("referrals", Role.Clinic, $"/referrals/{referral}/hold", new { date = ClinicDay });
        await Do("referrals", Role.Clinic, $"/referrals/{referral}/submission", new { consentRef = "consent" });
        return referral;
    }

    public async Task<Guid> Draft(Patient patient) => (await Do("referrals", Role.Clinic, "/referrals", new
    {
        id = Guid.CreateVersion7(),
        residentId = patient.Id,
        hospitalId = Hospital,
        service = "cardiology",
        priority = "routine",
        reasonCode = "specialistOpinion",
        conditionCodes = new[] { "I50" },
        clinicalSummary = "Short of breath when climbing stairs.",
        skipLevelReason = "equipment",
    })).Id;

    public async Task<Guid> Examine(Patient patient)
    {
        await Do("referrals", Role.Hospital, "/exam-books",
            new { hospitalId = Hospital, modality = "CT", date = ClinicDay, firstSlot = "08:00", slotMinutes = 20, slots = 5 });
        return (await Do("referrals", Role.Clinic, "/exams", new
        {
            id = Guid.CreateVersion7(),
            residentId = patient.Id,
            hospitalId = Hospital,
            modality = "CT",
            date = ClinicDay,
            bodySite = "chest",
            safety = new { pregnant = false, contrastAllergy = false },
        })).Id;
    }

    public Task AtHospital(Guid referral, string step, object? body = null) => Do("referrals", Role.Hospital, $"/referrals/{referral}/{step}", body);

    public async Task<Guid> SendHome(Patient patient, bool bedSuggested, Guid? referral = null) => (await Do("referrals", Role.Hospital, "/down-referrals", new
    {
        id = Guid.CreateVersion7(),
        residentId = patient.Id,
        hospitalId = Hospital,
        upReferralId = referral,
        dischargeSummary = "Care at home.",
        redFlags = new[] { "dyspnoea" },
        familyBedSuggested = bedSuggested,
    })).Id;

    public async Task<Guid> RequestBed(Patient patient) => (await Do("beds", Role.Clinic, "/beds", new
    {
        id = Guid.CreateVersion7(),
        residentId = patient.Id,
        origin = "Team",
        type = "Therapeutic",
        conditionCodes = new[] { "I50" },
    })).Id;

    public async Task<Guid> OpenBed(Patient patient)
    {
        var bed = await RequestBed(patient);
        await Assess(bed);
        await Approve(bed, patient.Team);
        await Open(bed);
        return bed;
    }

    public Task Assess(Guid bed) => Do("beds", Role.Clinic, $"/beds/{bed}/assessment", new
    {
        barthel = 45,
        braden = 16,
        fallsRisk = "medium",
        homeSuitable = true,
        caregiver = true,
        recommendation = "familyBed",
    });

    public Task Approve(Guid bed, CareTeam team) => Do("beds", Role.Clinic, $"/beds/{bed}/approval", new { gpId = team.Gp, nurseId = team.Nurse });

    public Task Open(Guid bed) =>
        Do("beds", Role.Clinic, $"/beds/{bed}/opening", new { consentRef = "consent", doctorEveryDays = 14, nurseEveryDays = 7 });

    /// <param name="hours">From the start of the city's next day on.</param>
    public async Task<Guid> PlanVisit(Guid? bed, Patient patient, Guid practitioner, int hours, int days = 1)
    {
        var from = new DateTimeOffset(city.Today.AddDays(days).ToDateTime(new TimeOnly(hours, 0)), TimeSpan.FromHours(8));
        return (await Do("beds", Role.Clinic, "/visits", new
        {
            id = Guid.CreateVersion7(),
            bedId = bed,
            residentId = bed is null ? patient.Id : (Guid?)null,
            practitionerId = practitioner,
            role = practitioner == patient.Team.Gp ? "doctor" : "nurse",
            from,
            to = from.AddMinutes(40),
        })).Id;
    }

    /// <summary>A command, with a key of its own, so that the same one may be sent again when its answer was lost or its news are late.</summary>
    public async Task<Done> Do(string service, string role, string path, object? body = null)
    {
        var (client, key, said) = (await Client(service, role), Guid.CreateVersion7(), "");
        var done = await Look(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body ?? new { }) };
            request.Headers.Add("Idempotency-Key", key.ToString());
            using var answer = await client.SendAsync(request);
            said = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<Done>() : null;
        }, () => $"{path} answered {said}");
        return done;
    }

    public async Task<JsonElement> See(string service, string path)
    {
        var client = await Client(service, Role.Clinic);
        return (await Look<JsonElement?>(async () =>
        {
            using var answer = await client.GetAsync(path);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : null;
        }, () => $"{path} does not answer"))!.Value;
    }

    /// <summary>A look without patience: null while it is down or not known.</summary>
    public async Task<JsonElement?> Glance(string service, string path)
    {
        try
        {
            using var answer = await (await Client(service, Role.Clinic)).GetAsync(path);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>Refused for this reason, once the news it rests on are there.</summary>
    public async Task Refuses(string service, string role, string path, object body, string code)
    {
        using var answer = await (await Client(service, role)).PostAsJsonAsync(path, body);
        Assert.Equal(code, Member(await answer.Content.ReadFromJsonAsync<JsonElement>(), "code"));
    }

    /// <summary>The Dashboard's count of a team or an institution, and of how many; as it has settled.</summary>
    public async Task Counts(string scope, string kpi, double n, double? of = null)
    {
        var list = await See("dashboard", $"/api/kpis?scope={scope}");
        var found = list.EnumerateArray().Single(k => Member(k, "code") == kpi);
        double? Number(string name) => found.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
        Assert.Equal((kpi, n, of), (kpi, Number("numerator"), of is null ? null : Number("denominator")));
    }

    /// <summary>What the Dashboard knows of a case, as it has settled.</summary>
    public async Task DashboardKnows(string view, Guid id, string status) =>
        Assert.Equal(status, await city.Scalar<string>("dashboarddb", $"select coalesce(max(status), 'nothing') from views.{view} where id = '{id}'"));

    /// <summary>Waits until a member of a case is so.</summary>
    public Task Becomes(string service, string path, string member, string? value) => Talking.Eventually<string>(
        async () => Member(await See(service, path), member) ?? "", seen => seen == (value ?? ""));

    public async Task Is(string service, string path, string member, string? value) => Assert.Equal(value, Member(await See(service, path), member));

    /// <summary>What happened to one thing, in order: the types of its events.</summary>
    public async Task<string> History(string service, Guid stream) => await city.Scalar<string>($"{service}db",
        $"select coalesce(string_agg(type, ' ' order by version), '') from mt_events where stream_id = '{stream}'");

    /// <summary>The one thing of a resident that begins with this event.</summary>
    public Task<Guid> Began(string service, string type, Patient patient) => Talking.Eventually<Guid?>(async () =>
    {
        await using var database = await city.Database($"{service}db");
        await using var command = database.CreateCommand("select stream_id from mt_events where type = $1 and data->>'ResidentId' = $2");
        command.Parameters.Add(new NpgsqlParameter { Value = type });
        command.Parameters.Add(new NpgsqlParameter { Value = patient.Id.ToString() });
        return (Guid?)await command.ExecuteScalarAsync();
    }).ContinueWith(found => found.Result!.Value, TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var client in clients.Values)
            client.Result.Dispose();
    }

    private Task<HttpClient> Client(string service, string role) => clients.GetOrAdd((service, role), key => city.Client(key.Item1, key.Item2));

    internal static string? Member(JsonElement value, string path)
    {
        foreach (var name in path.Split('.'))
            value = value.ValueKind is JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : value.ToString();
    }

    private static async Task<T> Look<T>(Func<Task<T?>> look, Func<string> otherwise)
    {
        try
        {
            return await Talking.Eventually(async () =>
            {
                try
                {
                    return await look();
                }
                catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
                {
                    return default; // it is down, or was killed while it answered
                }
            }, seconds: 40);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            throw new Xunit.Sdk.XunitException($"{otherwise()}. {e.Message}");
        }
    }
}
