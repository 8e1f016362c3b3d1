using FamilyDoctor.CitySimulator.Answering;
using FamilyDoctor.Contracts;
using FamilyDoctor.Contracts.Viewing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>The simulated insurer and pharmacy understand what Contracts says, and Contracts their answers.</summary>
public sealed class SimulatedCounterpartsTests
{
    [Fact]
    public async Task Contracts_is_understood_and_understands()
    {
        await using var simulated = new SimulatedCounterparts(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Counterparts:Url"] = "http://127.0.0.1:0" }).Build());
        await simulated.StartAsync(default);
        var services = new ServiceCollection();
        services.AddHttpClient("Insurer", c => c.BaseAddress = new($"{simulated.Address}/insurer/"));
        services.AddHttpClient("Pharmacy", c => c.BaseAddress = new($"{simulated.Address}/pharmacy/"));
        await using var provider = services.BuildServiceProvider();
        var clients = provider.GetRequiredService<IHttpClientFactory>();
        var (insurer, pharmacy) = (new HttpCounterpart(LinkedCaseKind.Enrolment, clients), new HttpCounterpart(LinkedCaseKind.Prescription, clients));

        Assert.Equal([CounterpartOutcome.Accepted, CounterpartOutcome.Accepted], await Ask(insurer, Case(Temper.Accepts), 2));
        Assert.Equal([CounterpartOutcome.Rejected, CounterpartOutcome.Rejected], await Ask(insurer, Case(Temper.Rejects), 2));
        Assert.Equal([CounterpartOutcome.NotYet, CounterpartOutcome.NotYet, CounterpartOutcome.Accepted], await Ask(insurer, Case(Temper.IsBusyFirst), 3));
        Assert.Equal([CounterpartOutcome.NotYet, CounterpartOutcome.Accepted], await Ask(pharmacy, Case(Temper.Accepts), 2));
        Assert.Equal([CounterpartOutcome.Rejected], await Ask(pharmacy, Case(Temper.Rejects), 1));
    }

    [Fact]
    public async Task Without_an_address_nobody_answers()
    {
        await using var simulated = new SimulatedCounterparts(new ConfigurationBuilder().Build());
        await simulated.StartAsync(default);
        Assert.Null(simulated.Address);
    }

    private static async Task<List<CounterpartOutcome>> Ask(HttpCounterpart counterpart, Guid caseId, int times)
    {
        var open = new LinkedCasesOfCity(caseId, counterpart.Kind, caseId, caseId, caseId, null, null, null, null, LinkedCaseStatus.Waiting, 0, null, null, default);
        var outcomes = new List<CounterpartOutcome>();
        for (var i = 0; i < times; i++)
            outcomes.Add((await counterpart.Ask(open, default)).Outcome);
        return outcomes;
    }

    private static Guid Case(Temper temper)
    {
        var id = Guid.CreateVersion7();
        for (byte first = 0; ; first++)
        {
            var bytes = id.ToByteArray();
            bytes[0] = first;
            if (SimulatedCounterparts.Of(new(bytes)) == temper)
                return new(bytes);
        }
    }
}
