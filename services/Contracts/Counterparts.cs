using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using FamilyDoctor.Contracts.Linking;
using FamilyDoctor.Contracts.Viewing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly;

namespace FamilyDoctor.Contracts;

public enum CounterpartOutcome { Accepted, Rejected, NotYet, Withdrawn }

/// <param name="Word">A reference, a code, or a cause.</param>
public sealed record CounterpartAnswer(CounterpartOutcome Outcome, string Word);

/// <summary>Somebody outside who answers cases of some kinds. Asking twice under one id is asking once.</summary>
public interface ICounterpart
{
    string Name { get; }

    IReadOnlyList<LinkedCaseKind> Kinds { get; }

    /// <summary>Never throws for what goes wrong outside: that is an answer that does not count yet.</summary>
    Task<CounterpartAnswer> Ask(LinkedCasesOfCity open, CancellationToken ct);
}

/// <summary>The whole of what a counterpart is told: opaque ids, dates and codes, as <see cref="LinkedCasesOfCity"/> has them.</summary>
public sealed record CounterpartRequest(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, long Version, Guid ResidentId, Guid? ContractId, string? Number, Guid? OrganizationId, string? Code,
    DateOnly? StartsOn, DateOnly? EndsOn, DateOnly? EndedOn, int? Weeks);

/// <param name="Status">accepted with a reference, rejected with a code, or pending.</param>
public sealed record CounterpartSays(string? Status, string? Reference = null, string? Code = null);

/// <summary>A counterpart over HTTP: PUT {address}/{enrolments, referrals, beds or prescriptions}/{caseId}.</summary>
public sealed partial class HttpCounterpart(string name, IHttpClientFactory clients) : ICounterpart
{
    public string Name => name;

    public IReadOnlyList<LinkedCaseKind> Kinds { get; } = Counterparts.KindsOf[name];

    public async Task<CounterpartAnswer> Ask(LinkedCasesOfCity open, CancellationToken ct)
    {
        try
        {
            var request = new CounterpartRequest(open.CaseId, open.Kind, open.SubjectId, open.Version, open.ResidentId, open.ContractId, open.Number,
                open.OrganizationId, open.Code, open.StartsOn, open.EndsOn, open.EndedOn, open.Weeks);
            var what = open.Kind switch
            {
                LinkedCaseKind.Enrolment or LinkedCaseKind.Ending => "enrolments",
                LinkedCaseKind.Referral => "referrals",
                LinkedCaseKind.Bed => "beds",
                _ => "prescriptions",
            };
            using var client = clients.CreateClient(name);
            using var answer = await client.PutAsJsonAsync($"{what}/{open.CaseId}", request, ct);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => Read(await answer.Content.ReadFromJsonAsync<CounterpartSays>(ct)),
                >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => NotYet("busy"),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => NotYet("denied"),
                _ => NotYet("unexpected"),
            };
        }
        catch (JsonException)
        {
            return NotYet("unexpected");
        }
        catch (HttpRequestException)
        {
            return NotYet("unreachable");
        }
        catch (ExecutionRejectedException) // too slow, or its circuit is open
        {
            return NotYet("slow");
        }
    }

    private static CounterpartAnswer Read(CounterpartSays? says) => says switch
    {
        { Status: "accepted", Reference: { } reference } when Plain().IsMatch(reference) => new(CounterpartOutcome.Accepted, reference),
        { Status: "rejected", Code: { } code } when Plain().IsMatch(code) => new(CounterpartOutcome.Rejected, code),
        { Status: "pending" } => NotYet("pending"),
        _ => NotYet("unexpected"),
    };

    private static CounterpartAnswer NotYet(string cause) => new(CounterpartOutcome.NotYet, cause);

    // What comes from outside is kept for ever: a number or a code, never a text.
    [GeneratedRegex("^[A-Za-z0-9_.:-]{1,60}$")]
    private static partial Regex Plain();
}

/// <summary>Who is asked about what, as configured: Linkage:Insurer:Address and :Token, Linkage:Pharmacy:Address and :Token.</summary>
public static class Counterparts
{
    public static IReadOnlyDictionary<string, IReadOnlyList<LinkedCaseKind>> KindsOf { get; } = new Dictionary<string, IReadOnlyList<LinkedCaseKind>>
    {
        ["Insurer"] = [LinkedCaseKind.Enrolment, LinkedCaseKind.Ending, LinkedCaseKind.Referral, LinkedCaseKind.Bed],
        ["Pharmacy"] = [LinkedCaseKind.Prescription],
    };

    /// <summary>Without an address nobody is asked; the cases wait in the list until there is one.</summary>
    public static void AddCounterparts(this WebApplicationBuilder builder)
    {
        foreach (var name in KindsOf.Keys)
        {
            var settings = builder.Configuration.GetSection($"Linkage:{name}");
            var address = settings["Address"];
            builder.Services.AddHealthChecks().AddCheck(name.ToLowerInvariant(),
                () => HealthCheckResult.Healthy(string.IsNullOrEmpty(address) ? "Rests: no address is configured." : "Asks."));
            if (string.IsNullOrEmpty(address))
                continue;
            var patience = TimeSpan.FromSeconds(settings.GetValue("PatienceSeconds", 5.0));
            builder.Services.AddHttpClient(name, client =>
                {
                    client.BaseAddress = new($"{address.TrimEnd('/')}/");
                    if (settings["Token"] is { Length: > 0 } token)
                        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
                })
                .RemoveAllResilienceHandlers()
                .AddStandardResilienceHandler(options =>
                {
                    // A blip is bridged here; whoever is down for longer is asked again later, by the log.
                    options.AttemptTimeout.Timeout = patience;
                    options.TotalRequestTimeout.Timeout = 3 * patience;
                    options.Retry.MaxRetryAttempts = 1;
                    options.Retry.Delay = TimeSpan.FromMilliseconds(200);
                    options.Retry.UseJitter = true;
                });
            builder.Services.AddSingleton<IHostedService>(services => ActivatorUtilities.CreateInstance<AskCounterpart>(services,
                new HttpCounterpart(name, services.GetRequiredService<IHttpClientFactory>())));
        }
    }

    /// <summary>Says once who is not linked.</summary>
    public static void TellWhoRests(this WebApplication app)
    {
        foreach (var name in KindsOf.Keys.Where(name => string.IsNullOrEmpty(app.Configuration[$"Linkage:{name}:Address"])))
            app.Logger.LogInformation("{Counterpart} is not linked: nobody is asked until it has an address", name);
    }
}
