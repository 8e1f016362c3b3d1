// What a resource is doing: Aspire's snapshots, and waiting for them.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using FamilyDoctor.AppHost.LocalRuntime;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceStates
{
    public static readonly string Starting = nameof(Starting);
    public static readonly string Waiting = nameof(Waiting);
    public static readonly string NotStarted = nameof(NotStarted);
    public static readonly string Running = nameof(Running);
    public static readonly string Stopping = nameof(Stopping);
    public static readonly string Exited = nameof(Exited);
    public static readonly string Finished = nameof(Finished);
    public static readonly string FailedToStart = nameof(FailedToStart);
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
    public static readonly string StopCommand = "stop";
    public static readonly string RestartCommand = "restart";
}

public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text, null);
}

public sealed record ResourcePropertySnapshot(string Name, object? Value);

public sealed record CustomResourceSnapshot
{
    public required string ResourceType { get; init; }
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }
    public ResourceStateSnapshot? State { get; init; }
    public int? ExitCode { get; init; }
    public HealthStatus? HealthStatus { get; internal init; }
}

public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource => resource;
    public string ResourceId => resourceId;
    public CustomResourceSnapshot Snapshot => snapshot;
}

public class ResourceNotificationService
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _current = new();
    private readonly Lock _changes = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task WaitForResourceAsync(
        string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, now => now.Snapshot.State?.Text == (targetState ?? KnownResourceStates.Running),
            cancellationToken);

    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, now => now.Snapshot.State?.Text == KnownResourceStates.Running
            && now.Snapshot.HealthStatus is HealthStatus.Healthy, cancellationToken);

    /// <summary>Every replica must fulfil the condition; the last one's event is returned.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = _changed.Task;
            var events = Of(resourceName);
            if (events.Count > 0 && events.All(predicate))
                return events[^1];
            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>By the instance's id, or by the resource's name if it has one instance.</summary>
    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        resourceEvent = _current.GetValueOrDefault(resourceId) ?? (Of(resourceId) is [var only] ? only : null);
        return resourceEvent is not null;
    }

    internal IReadOnlyList<ResourceEvent> Of(string resourceName) =>
        [.. _current.Values.Where(now => now.Resource.Name == resourceName).OrderBy(now => now.ResourceId, StringComparer.Ordinal)];

    internal void Publish(ResourceEvent now)
    {
        lock (_changes)
        {
            _current[now.ResourceId] = now;
            var changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            changed.SetResult();
        }
    }
}

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }
    public string? ErrorMessage { get; init; }
}

public class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    public Task<ExecuteCommandResult> ExecuteCommandAsync(
        IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>start, stop or restart (or Aspire's older names with "resource-" before them).</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(
        string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        try
        {
            var command = commandName.StartsWith("resource-", StringComparison.Ordinal) ? commandName["resource-".Length..] : commandName;
            if (command == KnownResourceCommands.StopCommand || command == KnownResourceCommands.RestartCommand)
                await _orchestrator.Stop(resourceId);
            if (command == KnownResourceCommands.StartCommand || command == KnownResourceCommands.RestartCommand)
                await _orchestrator.Start(resourceId, cancellationToken);
            return new() { Success = true };
        }
        catch (DistributedApplicationException refused)
        {
            return new() { Success = false, ErrorMessage = refused.Message };
        }
    }
}
