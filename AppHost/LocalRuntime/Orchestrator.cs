using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>Starts every resource when what it waits for is ready, watches its health, and stops all of them at the end.</summary>
internal sealed class Orchestrator(
    IReadOnlyList<IResource> resources, ResourceNotificationService notifications, DataFolder data, RunOptions options,
    Output output, DistributedApplicationExecutionContext execution, IConfiguration configuration,
    IHostApplicationLifetime lifetime) : IHostedService
{
    private static readonly TimeSpan WhileUnhealthy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(5);
    private readonly List<Run> _runs = [];
    private readonly List<Balancer> _balancers = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Ports.Settle(resources, options.RandomPorts);
        output.Opening(data);
        foreach (var resource in resources)
        {
            var replicas = resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
            var instances = Enumerable.Range(0, replicas).Select(_ => Instance(resource, replicas > 1)).OfType<Instance>().ToList();
            _runs.AddRange(instances.Select(instance => new Run(instance)));
            if (replicas > 1)
            {
                _balancers.AddRange(resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint =>
                    new Balancer(endpoint.Port!.Value, [.. instances.Cast<ProcessInstance>().Select(i => i.Target(endpoint))])));
            }
        }

        foreach (var run in _runs)
            Publish(run.Instance, KnownResourceStates.NotStarted);
        foreach (var balancer in _balancers)
            balancer.Start();
        foreach (var run in _runs)
            run.Begin(ct => Live(run, ct));
        await Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        output.Closing();
        // Who presses Ctrl-C again is in a hurry.
        using var again = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
        {
            foreach (var run in _runs)
                run.Instance.Kill();
        });
        await Task.WhenAll(_runs.Where(run => run.Instance is not ServerInstance).Select(Stop));
        await Task.WhenAll(_runs.Where(run => run.Instance is ServerInstance).Select(Stop));
        foreach (var balancer in _balancers)
            balancer.Dispose();
    }

    public async Task Start(string name, CancellationToken ct)
    {
        foreach (var run in Of(name))
        {
            if (run.IsAlive)
                throw new DistributedApplicationException($"{name} runs already.");
            run.Begin(token => Live(run, token));
        }

        await Task.CompletedTask;
    }

    public Task Stop(string name) => Task.WhenAll(Of(name).Select(Stop));

    private IReadOnlyList<Run> Of(string name) =>
        _runs.Where(run => run.Instance.Id == name || run.Instance.Resource.Name == name).ToList() is { Count: > 0 } found
            ? found
            : throw new DistributedApplicationException($"There is no resource {name}: name one of " +
                $"{string.Join(", ", _runs.Select(run => run.Instance.Resource.Name).Distinct())}.");

    private async Task Stop(Run run)
    {
        var wasAlive = run.IsAlive;
        if (wasAlive)
            Publish(run.Instance, KnownResourceStates.Stopping);
        await run.End();
        await run.Instance.Stop();
        if (wasAlive)
            Publish(run.Instance, KnownResourceStates.Exited, exitCode: run.Instance.ExitCode);
    }

    private Instance? Instance(IResource resource, bool balanced) => resource switch
    {
        PostgresServerResource server => new PostgresInstance(server, data),
        RabbitMQServerResource server => new RabbitMqInstance(server, data),
        ProjectResource or ExecutableResource => new ProcessInstance(resource, balanced, execution, configuration, output),
        _ => null,
    };

    private async Task Live(Run run, CancellationToken ct)
    {
        var instance = run.Instance;
        try
        {
            await DependenciesOf(instance, ct);
            Publish(instance, KnownResourceStates.Starting);
            await instance.Start(ct);
            await Watch(instance, ct);
            var died = instance.ExitCode is not 0;
            run.IsAlive = false; // before anybody hears of it: he may start it again at once
            Publish(instance, died ? KnownResourceStates.Exited : KnownResourceStates.Finished, exitCode: instance.ExitCode);
            if (died)
                output.Complain(instance.Resource.Name, $"has died (exit code {instance.ExitCode}) and stays down: " +
                    $"./run restart {instance.Resource.Name} starts it again.");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped on purpose: whoever did it says so.
        }
        catch (Exception fault)
        {
            run.IsAlive = false;
            Publish(instance, KnownResourceStates.FailedToStart);
            output.Complain(instance.Resource.Name, $"could not start. {fault.Message}");
            if (instance is ServerInstance && !options.IsTest)
            {
                // Nothing else can work, and a half-started system would only hide the cause.
                Environment.ExitCode = 1;
                lifetime.StopApplication();
            }
        }
    }

    private async Task Watch(Instance instance, CancellationToken ct)
    {
        bool? before = null;
        while (!instance.Exited.IsCompleted)
        {
            var healthy = await instance.IsHealthy(ct);
            if (healthy != before && !instance.Exited.IsCompleted)
                Publish(instance, KnownResourceStates.Running, healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy);
            before = healthy;
            await Task.WhenAny(instance.Exited, Task.Delay(healthy ? WhileHealthy : WhileUnhealthy, ct));
            ct.ThrowIfCancellationRequested();
        }
    }

    private async Task DependenciesOf(Instance instance, CancellationToken ct)
    {
        var waits = instance.Resource.Annotations.OfType<WaitAnnotation>().ToList();
        if (waits.Count > 0)
            Publish(instance, KnownResourceStates.Waiting);
        foreach (var wait in waits)
        {
            var awaited = wait.Resource is PostgresDatabaseResource database ? database.Parent : wait.Resource;
            if (_runs.All(run => run.Instance.Resource != awaited))
                continue;
            await notifications.WaitForResourceAsync(awaited.Name, now => Satisfies(instance, wait, now.Snapshot), ct);
        }
    }

    private bool Satisfies(Instance instance, WaitAnnotation wait, CustomResourceSnapshot now)
    {
        var ended = KnownResourceStates.TerminalStates.Contains(now.State?.Text ?? "");
        var stops = (wait.WaitBehavior ?? (options.IsTest
            ? WaitBehavior.StopOnResourceUnavailable
            : WaitBehavior.WaitOnResourceUnavailable)) is WaitBehavior.StopOnResourceUnavailable;
        return wait.WaitType switch
        {
            WaitType.WaitForCompletion when ended => now.ExitCode == wait.ExitCode
                ? true
                : throw new DistributedApplicationException($"Resource '{instance.Resource.Name}' stopped waiting for dependency " +
                    $"resource '{wait.Resource.Name}' because it ended with exit code {now.ExitCode}, not {wait.ExitCode}."),
            WaitType.WaitForCompletion => false,
            _ when ended && stops => throw new DistributedApplicationException($"Resource '{instance.Resource.Name}' stopped " +
                $"waiting for dependency resource '{wait.Resource.Name}' because it failed to start."),
            WaitType.WaitUntilStarted => now.State?.Text == KnownResourceStates.Running,
            _ => now.State?.Text == KnownResourceStates.Running && now.HealthStatus is HealthStatus.Healthy,
        };
    }

    private void Publish(Instance instance, string state, HealthStatus? health = null, int? exitCode = null)
    {
        var snapshot = new CustomResourceSnapshot
        {
            ResourceType = instance.Resource.GetType().Name.Replace("Resource", ""),
            State = state,
            HealthStatus = health,
            ExitCode = exitCode,
            Properties = instance.ProcessId is { } id ? [new("executable.pid", id)] : [],
        };
        notifications.Publish(new(instance.Resource, instance.Id, snapshot));
        // A database is as its server is.
        foreach (var database in resources.OfType<PostgresDatabaseResource>().Where(d => d.Parent == instance.Resource))
            notifications.Publish(new(database, database.Name, snapshot with { ResourceType = "PostgresDatabase", Properties = [] }));
        output.State(instance, snapshot);
    }

    private sealed class Run(Instance instance)
    {
        private CancellationTokenSource _end = new();
        private Task _life = Task.CompletedTask;

        public Instance Instance => instance;

        public bool IsAlive { get; set; }

        public void Begin(Func<CancellationToken, Task> life)
        {
            _end.Dispose();
            _end = new();
            var ct = _end.Token;
            IsAlive = true;
            _life = Task.Run(() => life(ct), CancellationToken.None);
        }

        public async Task End()
        {
            await _end.CancelAsync();
            await _life;
            IsAlive = false;
        }
    }
}
