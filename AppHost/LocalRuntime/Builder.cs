// Aspire's application and its builder, on the generic host.
using System.Reflection;
using FamilyDoctor.AppHost.LocalRuntime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting
{
    public class DistributedApplicationException(string message, Exception? inner = null) : Exception(message, inner);

    public class MissingParameterValueException(string message) : DistributedApplicationException(message);

    public enum DistributedApplicationOperation { Run, Publish }

    public class DistributedApplicationExecutionContext
    {
        public bool IsRunMode => true;
        public bool IsPublishMode => false;
        public DistributedApplicationOperation Operation => DistributedApplicationOperation.Run;
    }

    public sealed class DistributedApplicationOptions
    {
        public string[]? Args { get; set; }
        public string? ProjectDirectory { get; set; }
        public bool DisableDashboard { get; set; }
    }

    public interface IDistributedApplicationBuilder
    {
        ConfigurationManager Configuration { get; }
        string AppHostDirectory { get; }
        Assembly? AppHostAssembly { get; }
        IHostEnvironment Environment { get; }
        IServiceCollection Services { get; }
        DistributedApplicationExecutionContext ExecutionContext { get; }
        IResourceCollection Resources { get; }
        IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;
        IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource;
        DistributedApplication Build();
    }

    public class DistributedApplication(IHost host) : IHost, IAsyncDisposable
    {
        public IServiceProvider Services => host.Services;
        public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();
        public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

        public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

        public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
            CreateBuilder(new DistributedApplicationOptions { Args = args });

        public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options)
        {
            if (Testing.TestSession.Current is { } session)
                return session.Builder = new LocalBuilder(options, session);
            AppDomain.CurrentDomain.UnhandledException += (_, fault) => Output.Die((Exception)fault.ExceptionObject);
            if (options.Args is ["control", .. var command])
                System.Environment.Exit(ControlClient.Run(command));
            return new LocalBuilder(options, session: null);
        }

        public virtual Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

        public virtual Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

        public virtual Task RunAsync(CancellationToken cancellationToken = default) => host.RunAsync(cancellationToken);

        public void Run() => RunAsync().GetAwaiter().GetResult();

        public virtual void Dispose()
        {
            host.Dispose();
            GC.SuppressFinalize(this);
        }

        public virtual async ValueTask DisposeAsync()
        {
            await host.StopAsync();
            if (host is IAsyncDisposable disposable)
                await disposable.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}

namespace Aspire.Hosting.Publishing
{
    public sealed class ManifestPublishingContext(System.Text.Json.Utf8JsonWriter writer)
    {
        public System.Text.Json.Utf8JsonWriter Writer => writer;
    }
}

namespace FamilyDoctor.AppHost.LocalRuntime
{
    internal sealed class LocalBuilder : IDistributedApplicationBuilder
    {
        private readonly HostApplicationBuilder _host;
        private readonly Aspire.Hosting.Testing.TestSession? _session;
        private readonly ResourceCollection _resources = [];

        public LocalBuilder(DistributedApplicationOptions options, Aspire.Hosting.Testing.TestSession? session)
        {
            _session = session;
            AppHostAssembly = session?.AppHost ?? Assembly.GetEntryAssembly();
            AppHostDirectory = options.ProjectDirectory ?? AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>()
                .FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value ?? Directory.GetCurrentDirectory();
            if (options.Args is { } args && args.Any(arg => arg is "--operation" or "--publisher"))
                throw new DistributedApplicationException("Publishing needs Aspire's packages: build with -p:UseAspirePackages=true.");
            _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
            {
                Args = options.Args,
                ContentRootPath = AppHostDirectory,
                EnvironmentName = session is null ? null : Environments.Development,
            });
            if (session is not null)
                _host.Configuration.AddInMemoryCollection([new("DcpPublisher:RandomizePorts", "true")]);
            _host.Logging.ClearProviders();
            Data = DataFolder.Open(Configuration, CityLabel(), temporary: session is not null);
        }

        public ConfigurationManager Configuration => _host.Configuration;
        public string AppHostDirectory { get; }
        public Assembly? AppHostAssembly { get; }
        public IHostEnvironment Environment => _host.Environment;
        public IServiceCollection Services => _host.Services;
        public DistributedApplicationExecutionContext ExecutionContext { get; } = new();
        public IResourceCollection Resources => _resources;
        public DataFolder Data { get; }

        public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
        {
            if (_resources.Any(known => string.Equals(known.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
                throw new DistributedApplicationException($"Cannot add resource '{resource.Name}': a resource of that name already exists.");
            _resources.Add(resource);
            return CreateResourceBuilder(resource);
        }

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

        public DistributedApplication Build() => _session is null ? BuildNow() : _session.Pause();

        public DistributedApplication BuildNow()
        {
            Services.AddSingleton(_ => Data);
            Services.AddSingleton<IReadOnlyList<IResource>>([.. _resources]);
            Services.AddSingleton(ExecutionContext);
            Services.AddSingleton(new RunOptions(
                IsTest: _session is not null, RandomPorts: Configuration.GetValue("DcpPublisher:RandomizePorts", false)));
            Services.AddSingleton<Output>();
            Services.AddSingleton<ResourceNotificationService>();
            Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<Orchestrator>()));
            Services.AddSingleton<Orchestrator>();
            Services.AddHostedService(services => services.GetRequiredService<Orchestrator>());
            if (_session is null)
                Services.AddHostedService<ControlServer>();
            Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMinutes(1));
            return new DistributedApplication(_host.Build());
        }

        private string CityLabel()
        {
            try
            {
                var city = City.Read(Configuration, AppHostDirectory);
                return $"{Path.GetFileNameWithoutExtension(city.File)}-{city.Scale}";
            }
            catch (InvalidOperationException) when (Configuration["City"] is null)
            {
                return "no-city";
            }
        }

        private sealed class ResourceCollection : List<IResource>, IResourceCollection;
    }

    internal sealed record RunOptions(bool IsTest, bool RandomPorts);

    internal static class LocalBuilderExtensions
    {
        public static DataFolder DataFolder(this IDistributedApplicationBuilder builder) => builder switch
        {
            LocalBuilder local => local.Data,
            Aspire.Hosting.Testing.IDistributedApplicationTestingBuilder => Aspire.Hosting.Testing.TestSession.DataOf(builder),
            _ => throw new ArgumentException("This builder is not the local runtime's.", nameof(builder)),
        };
    }
}
