
namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>One running copy of a resource. It keeps its id over restarts.</summary>
internal abstract class Instance(IResource resource)
{
    public IResource Resource => resource;

    public string Id { get; } = $"{resource.Name}-" +
        System.Security.Cryptography.RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 8);

    public abstract int? ProcessId { get; }
    public abstract int? ExitCode { get; }
    public abstract Task Exited { get; }
    public abstract Task Start(CancellationToken ct);
    public abstract Task<bool> IsHealthy(CancellationToken ct);
    public abstract Task Stop();
    public abstract void Kill();
}

/// <summary>A server that everything else needs.</summary>
internal abstract class ServerInstance(IResource resource) : Instance(resource)
{
    protected IEnumerable<string> Arguments => Resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(a => a.Arguments);
}

internal sealed class PostgresInstance(PostgresServerResource resource, DataFolder data) : ServerInstance(resource)
{
    private NativePostgres? _server;

    public override int? ProcessId => _server?.ProcessId;
    public override int? ExitCode => _server?.ExitCode;
    public override Task Exited => _server?.Exited ?? Task.CompletedTask;

    public override async Task Start(CancellationToken ct)
    {
        var password = await resource.PasswordParameter.GetValueAsync(ct) ?? "";
        _server = new(data.In("servers", resource.Name), resource.Port, await resource.User(ct), password);
        foreach (var setting in Arguments.Where(argument => argument != "-c"))
        {
            if (setting.Split('=', 2) is not [var name, var value])
                throw new DistributedApplicationException($"{resource.Name} cannot be given {setting}: only -c name=value.");
            _server.Settings[name] = value;
        }

        await _server.Start(ct);
        foreach (var database in resource.DatabaseNames.Values)
            await _server.CreateDatabase(database, ct);
    }

    public override Task<bool> IsHealthy(CancellationToken ct) => Task.FromResult(_server?.IsReady() ?? false);

    public override Task Stop() => _server?.Stop() ?? Task.CompletedTask;

    public override void Kill() => _server?.Send(Signal.Quit);
}

internal sealed class RabbitMqInstance(RabbitMQServerResource resource, DataFolder data) : ServerInstance(resource)
{
    private NativeRabbitMq? _node;

    public override int? ProcessId => _node?.ProcessId;
    public override int? ExitCode => _node?.ExitCode;
    public override Task Exited => _node?.Exited ?? Task.CompletedTask;

    public override async Task Start(CancellationToken ct)
    {
        var password = await resource.PasswordParameter.GetValueAsync(ct) ?? "";
        _node = new(data.In("servers", resource.Name), resource.Ports, await resource.User(ct), password);
        await _node.Start(ct);
    }

    public override Task<bool> IsHealthy(CancellationToken ct) => _node?.IsReady(ct) ?? Task.FromResult(false);

    public override Task Stop() => _node?.Stop() ?? Task.CompletedTask;

    public override void Kill() => _node?.Send(Signal.Kill);
}
