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
        await using var simulated = await Start(("Counterparts:Port", "0"), ("Counterparts:Token", "sample"));
        await using var clients = Clients(simulated, "sample");
        var (insurer, pharmacy) = (Of("Insurer", clients), Of("Pharmacy", clients));

        foreach (var kind in insurer.Kinds.Except([LinkedCaseKind.Bed]))
        {
            Assert.Equal([CounterpartOutcome.Accepted, CounterpartOutcome.Accepted], await Ask(insurer, kind, Temper.Accepts, 2));
            Assert.Equal([CounterpartOutcome.Rejected, CounterpartOutcome.Rejected], await Ask(insurer, kind, Temper.Rejects, 2));
            Assert.Equal([CounterpartOutcome.NotYet, CounterpartOutcome.NotYet, CounterpartOutcome.Accepted], await Ask(insurer, kind, Temper.IsBusyFirst, 3));
        }
        // A need is looked at, and medicine is made ready.
        Assert.Equal([CounterpartOutcome.NotYet, CounterpartOutcome.Accepted], await Ask(insurer, LinkedCaseKind.Bed, Temper.Accepts, 2));
        Assert.Equal([CounterpartOutcome.NotYet, CounterpartOutcome.Accepted], await Ask(pharmacy, LinkedCaseKind.Prescription, Temper.Accepts, 2));
        Assert.Equal([CounterpartOutcome.Rejected], await Ask(pharmacy, LinkedCaseKind.Prescription, Temper.Rejects, 1));
    }

    [Fact]
    public async Task Who_does_not_know_the_token_gets_no_answer()
    {
        await using var simulated = await Start(("Counterparts:Port", "0"), ("Counterparts:Token", "sample"));
        foreach (var token in new[] { "another", null })
        {
            await using var clients = Clients(simulated, token);
            Assert.Equal(new(CounterpartOutcome.NotYet, "denied"), await Of("Insurer", clients).Ask(Open(LinkedCaseKind.Enrolment, Temper.Accepts), default));
        }
    }

    [Fact]
    public async Task Without_a_port_nobody_answers()
    {
        await using var simulated = await Start();
        Assert.Null(simulated.Address);
    }

    private static async Task<SimulatedCounterparts> Start(params (string Name, string? Value)[] settings)
    {
        var simulated = new SimulatedCounterparts(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => s.Value)).Build());
        await simulated.StartAsync(default);
        return simulated;
    }

    private static ServiceProvider Clients(SimulatedCounterparts simulated, string? token)
    {
        var services = new ServiceCollection();
        foreach (var name in Counterparts.KindsOf.Keys)
        {
            services.AddHttpClient(name, c =>
            {
                c.BaseAddress = new($"{simulated.Address}/");
                c.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
            });
        }
        return services.BuildServiceProvider();
    }

    private static HttpCounterpart Of(string name, ServiceProvider clients) => new(name, clients.GetRequiredService<IHttpClientFactory>());

    private static async Task<List<CounterpartOutcome>> Ask(HttpCounterpart counterpart, LinkedCaseKind kind, Temper temper, int times)
    {
        var (open, outcomes) = (Open(kind, temper), new List<CounterpartOutcome>());
        for (var i = 0; i < times; i++)
            outcomes.Add((await counterpart.Ask(open, default)).Outcome);
        return outcomes;
    }

    private static LinkedCasesOfCity Open(LinkedCaseKind kind, Temper temper)
    {
        var id = Case(temper);
        return new(id, kind, id, 1, id, id, null, null, null, null, null, null, null, LinkedCaseStatus.Waiting, 0, null, null, default);
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
