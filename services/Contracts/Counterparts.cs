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

/// <summary>Somebody outside who answers cases of one kind. Asking twice under one id is asking once.</summary>
public interface ICounterpart
{
    LinkedCaseKind Kind { get; }

    /// <summary>Never throws for what goes wrong outside: that is an answer that does not count yet.</summary>
    Task<CounterpartAnswer> Ask(LinkedCasesOfCity open, CancellationToken ct);
}

/// <summary>The whole of what a counterpart is told: opaque ids, dates and codes.</summary>
public sealed record CounterpartRequest(
    Guid CaseId, LinkedCaseKind Kind, Guid SubjectId, Guid ContractId, Guid ResidentId, DateOnly? StartsOn, DateOnly? EndsOn, int? Weeks, string? ConditionCode);

/// <param name="Status">accepted with a reference, rejected with a code, or pending.</param>
public sealed record CounterpartSays(string? Status, string? Reference = null, string? Code = null);

/// <summary>A counterpart over HTTP: PUT {address}/{enrolments or prescriptions}/{caseId}.</summary>
public sealed partial class HttpCounterpart(LinkedCaseKind kind, IHttpClientFactory clients) : ICounterpart
{
    public LinkedCaseKind Kind => kind;

    public async Task<CounterpartAnswer> Ask(LinkedCasesOfCity open, CancellationToken ct)
    {
        try
        {
            var request = new CounterpartRequest(open.CaseId, open.Kind, open.SubjectId, open.ContractId, open.ResidentId, open.StartsOn, open.EndsOn,
                open.Weeks, open.ConditionCode);
            using var client = clients.CreateClient(Counterparts.NameOf(kind));
            using var answer = await client.PutAsJsonAsync($"{kind.ToString().ToLowerInvariant()}s/{open.CaseId}", request, ct);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => Read(await answer.Content.ReadFromJsonAsync<CounterpartSays>(ct)),
                >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout => NotYet("busy"),
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

/// <summary>Who is asked about what, as configured: Linkage:Insurer:Address, Linkage:Pharmacy:Address.</summary>
public static class Counterparts
{
    public static string NameOf(LinkedCaseKind kind) => kind is LinkedCaseKind.Prescription ? "Pharmacy" : "Insurer";

    /// <summary>Without an address nobody is asked; the cases wait in the list until there is one.</summary>
    public static void AddCounterparts(this WebApplicationBuilder builder)
    {
        foreach (var kind in Enum.GetValues<LinkedCaseKind>())
        {
            var name = NameOf(kind);
            var address = builder.Configuration[$"Linkage:{name}:Address"];
            builder.Services.AddHealthChecks().AddCheck(name.ToLowerInvariant(),
                () => HealthCheckResult.Healthy(string.IsNullOrEmpty(address) ? "Rests: no address is configured." : "Asks."));
            if (string.IsNullOrEmpty(address))
                continue;
            var patience = TimeSpan.FromSeconds(builder.Configuration.GetValue($"Linkage:{name}:PatienceSeconds", 5.0));
            builder.Services.AddHttpClient(name, client => client.BaseAddress = new($"{address.TrimEnd('/')}/"))
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
                new HttpCounterpart(kind, services.GetRequiredService<IHttpClientFactory>())));
        }
    }
}
