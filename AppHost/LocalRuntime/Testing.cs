// The part of Aspire.Hosting.Testing that tests use: the whole AppHost in the test's process, on free ports and a folder of its own.
using System.Reflection;
using System.Runtime.ExceptionServices;
using FamilyDoctor.AppHost.LocalRuntime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

public static class DistributedApplicationTestingBuilder
{
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, CancellationToken cancellationToken = default) where TEntryPoint : class =>
        Task.Run<IDistributedApplicationTestingBuilder>(
            () => new TestingBuilder(TestSession.RunEntryPoint(typeof(TEntryPoint).Assembly, args)), cancellationToken);

    public static IDistributedApplicationTestingBuilder Create(params string[] args) =>
        new TestingBuilder(new LocalBuilder(new() { Args = args }, new TestSession(Assembly.GetCallingAssembly())));
}

public static class DistributedApplicationHostingTestingExtensions
{
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        new() { BaseAddress = app.GetEndpoint(resourceName, endpointName) };

    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null) =>
        Find(app, resourceName).Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(endpoint => endpointName is null || endpoint.Name == endpointName) is { } found
            ? new Uri(found.Url)
            : throw new ArgumentException($"Endpoint '{endpointName ?? "http"}' for resource '{resourceName}' not found.");

    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new ArgumentException($"Resource '{resourceName}' has no connection string.", nameof(resourceName));

    private static IResource Find(DistributedApplication app, string name) =>
        app.Services.GetRequiredService<IReadOnlyList<IResource>>().FirstOrDefault(resource => resource.Name == name)
        ?? throw new ArgumentException($"Resource '{name}' not found.", nameof(name));
}

/// <summary>An entry point that is run up to its Build().</summary>
internal sealed class TestSession(Assembly appHost)
{
    private static readonly AsyncLocal<TestSession?> Ambient = new();

    public static TestSession? Current => Ambient.Value;

    public Assembly AppHost => appHost;

    public LocalBuilder? Builder { get; set; }

    public static LocalBuilder RunEntryPoint(Assembly assembly, string[] args)
    {
        var session = new TestSession(assembly);
        Ambient.Value = session;
        try
        {
            var main = assembly.EntryPoint ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no entry point.");
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]);
        }
        catch (TargetInvocationException stopped) when (stopped.InnerException is ReachedBuild)
        {
            return session.Builder!;
        }
        catch (TargetInvocationException failed)
        {
            session.Builder?.Data.Dispose();
            ExceptionDispatchInfo.Throw(failed.InnerException!);
        }
        finally
        {
            Ambient.Value = null;
        }

        throw new InvalidOperationException($"{assembly.GetName().Name} ended without building its application.");
    }

    public static DataFolder DataOf(IDistributedApplicationBuilder builder) => ((TestingBuilder)builder).Inner.Data;

    public DistributedApplication Pause() => throw new ReachedBuild();

    private sealed class ReachedBuild : Exception;
}

internal sealed class TestingBuilder(LocalBuilder inner) : IDistributedApplicationTestingBuilder
{
    private bool _built;

    public LocalBuilder Inner => inner;
    public ConfigurationManager Configuration => inner.Configuration;
    public string AppHostDirectory => inner.AppHostDirectory;
    public Assembly? AppHostAssembly => inner.AppHostAssembly;
    public IHostEnvironment Environment => inner.Environment;
    public IServiceCollection Services => inner.Services;
    public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;
    public IResourceCollection Resources => inner.Resources;

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource => inner.AddResource(resource);

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => inner.CreateResourceBuilder(resource);

    public DistributedApplication Build()
    {
        _built = true;
        return inner.BuildNow();
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => Task.FromResult(Build());

    public void Dispose()
    {
        // Once built, the application owns the folder.
        if (!_built)
            inner.Data.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
