// Aspire's extension methods that AppHost.cs and the tests use, overload for overload.
using System.Text;
using FamilyDoctor.AppHost.LocalRuntime;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

public interface IProjectMetadata : IResourceAnnotation
{
    string ProjectPath { get; }
    bool SuppressBuild => false;
}

public class ProjectResourceOptions
{
    public string? LaunchProfileName { get; set; }
    public bool ExcludeLaunchProfile { get; set; }
}

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(this IDistributedApplicationBuilder builder, string name)
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder, string name, Action<ProjectResourceOptions> configure)
        where TProject : IProjectMetadata, new() => builder.AddProject(name, new TProject().ProjectPath, configure);

    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath) =>
        builder.AddProject(name, projectPath, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder, string name, string projectPath, Action<ProjectResourceOptions> configure)
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var path = Path.GetFullPath(Path.Combine(builder.AppHostDirectory, projectPath));
        var project = builder.AddResource(new ProjectResource(name)).WithAnnotation(new ProjectAnnotation(path, options));
        if (LaunchProfile.Of(path, options, builder.Configuration) is { } profile)
        {
            foreach (var endpoint in profile.Endpoints())
                project.WithAnnotation(endpoint);
            project.WithAnnotation(profile);
        }

        return project;
    }

    public static IResourceBuilder<ProjectResource> WithReplicas(this IResourceBuilder<ProjectResource> builder, int replicas) =>
        builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
}

public static class ExecutableResourceBuilderExtensions
{
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder, string name, string command, string workingDirectory, params string[]? args) =>
        builder.AddResource(new ExecutableResource(
                name, command, Path.GetFullPath(Path.Combine(builder.AppHostDirectory, workingDirectory))))
            .WithAnnotation(new ArgumentsAnnotation(args ?? []));
}

public static class PostgresBuilderExtensions
{
    public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null) =>
        builder.AddResource(new PostgresServerResource(
            name, userName?.Resource, password?.Resource ?? builder.Password(name, special: true))
        {
            Port = port ?? builder.DataFolder().Port(name),
        });

    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name, string? databaseName = null)
    {
        builder.Resource.DatabaseNames[name] = databaseName ?? name;
        return builder.ApplicationBuilder.AddResource(new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));
    }

    /// <summary>Here data always stay: they are in the data folder.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}

public static class RabbitMQBuilderExtensions
{
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        var folder = builder.DataFolder();
        return builder.AddResource(new RabbitMQServerResource(
            name, userName?.Resource, password?.Resource ?? builder.Password(name, special: false))
        {
            Ports = new(port ?? folder.Port(name), folder.Port($"{name}-distribution"), folder.Port($"{name}-epmd")),
        });
    }

    /// <summary>Here data always stay: they are in the data folder.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(
        this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false) => builder;
}

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => builder.Configured(name)
            ?? throw new MissingParameterValueException($"Parameter resource could not be used because configuration key " +
                $"'Parameters:{name}' is missing and the Parameter has no default value."), secret));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder,
        string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => value, secret));

    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder,
        string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(new ParameterResource(name, defaults => builder.Configured(name) ?? (persist
            ? builder.DataFolder().Kept(name, defaults!.GetDefaultValue)
            : defaults!.GetDefaultValue()), secret)
        { Default = value });

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new GivenConnectionString(name, () => environmentVariableName is null
            ? builder.Configuration.GetConnectionString(name)
            : builder.Configuration[environmentVariableName]));

    internal static ParameterResource Password(this IDistributedApplicationBuilder builder, string server, bool special) =>
        builder.AddParameter(
            $"{server}-password", new GenerateParameterDefault { Special = special }, secret: true, persist: true).Resource;

    private static string? Configured(this IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];
}

public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(async context =>
        {
            var variables = context.EnvironmentVariables;
            variables[$"ConnectionStrings__{connectionName ?? source.Resource.Name}"] = source.Resource;
            foreach (var (property, value) in await ConnectionProperties.Of(source.Resource, context.CancellationToken))
                variables[$"{EnvironmentName(connectionName ?? source.Resource.Name)}_{property}"] = value;
        });

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithReference(source, source.Resource.Name);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source, string name)
        where TDestination : IResourceWithEnvironment => builder.WithEnvironment(context =>
        {
            foreach (var scheme in source.Resource.Annotations.OfType<EndpointAnnotation>().GroupBy(DiscoveryKey))
            {
                foreach (var (index, endpoint) in scheme.Index())
                    context.EnvironmentVariables[$"services__{name}__{scheme.Key}__{index}"] = endpoint.Url;
                context.EnvironmentVariables[$"{EnvironmentName(name)}_{EnvironmentName(scheme.Key)}"] = scheme.First().Url;
            }
        });

    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilHealthy);

    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, WaitBehavior waitBehavior)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilHealthy, behavior: waitBehavior);

    public static IResourceBuilder<T> WaitForStart<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitUntilStarted);

    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency, int exitCode = 0)
        where T : IResourceWithWaitSupport => builder.Wait(dependency, WaitType.WaitForCompletion, exitCode);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, EndpointReference endpointReference) where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = endpointReference);

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = parameter.Resource);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, Func<string> callback)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = callback());

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback) where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            callback(context);
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback) where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new EnvironmentCallbackAnnotation(callback));

    public static IResourceBuilder<T> WithHttpEndpoint<T>(this IResourceBuilder<T> builder, int? port = null,
        int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null) where T : IResourceWithEndpoints =>
        builder.Resource.Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.Name == (name ?? "http"))
            ? throw new DistributedApplicationException(
                $"Endpoint with name '{name ?? "http"}' already exists on resource '{builder.Resource.Name}'.")
            : builder.WithAnnotation(new EndpointAnnotation("http", name, port, targetPort) { Variable = env });

    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
            endpoint.IsExternal = true;
        return builder;
    }

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(this IResourceBuilder<T> builder,
        string? path = null, int? statusCode = null, string? endpointName = null) where T : IResourceWithEndpoints =>
        builder.WithAnnotation(new HttpHealthAnnotation(path ?? "/", statusCode ?? 200, endpointName));

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs => builder.WithAnnotation(new ArgumentsAnnotation(args));

    private static IResourceBuilder<T> Wait<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency,
        WaitType type, int exitCode = 0, WaitBehavior? behavior = null) where T : IResourceWithWaitSupport =>
        ReferenceEquals(builder.Resource, dependency.Resource)
            ? throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for itself.")
            : builder.WithAnnotation(new WaitAnnotation(dependency.Resource, type, exitCode) { WaitBehavior = behavior });

    private static string DiscoveryKey(EndpointAnnotation endpoint) =>
        endpoint.Name is "http" or "https" || endpoint.Name.StartsWith(endpoint.UriScheme, StringComparison.Ordinal)
            ? endpoint.UriScheme
            : endpoint.Name;

    private static string EnvironmentName(string name)
    {
        var variable = new StringBuilder(name.ToUpperInvariant());
        for (var i = 0; i < variable.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(variable[i]))
                variable[i] = '_';
        }

        return variable.ToString();
    }
}

/// <summary>The parts of a connection string, which Aspire passes beside it as variables of their own.</summary>
internal static class ConnectionProperties
{
    public static async Task<Dictionary<string, string>> Of(IResourceWithConnectionString source, CancellationToken ct) =>
        source switch
        {
            PostgresDatabaseResource database => new(await Of(database.Parent, ct))
            {
                ["URI"] = $"{await Address(database.Parent, ct)}/{database.DatabaseName}",
                ["JDBCCONNECTIONSTRING"] = $"jdbc:postgresql://127.0.0.1:{database.Parent.Port}/{database.DatabaseName}",
                ["DATABASENAME"] = database.DatabaseName,
            },
            PostgresServerResource server => Basics(server.Port, await server.User(ct),
                await server.PasswordParameter.GetValueAsync(ct), await Address(server, ct)),
            RabbitMQServerResource server => Basics(server.Ports.Amqp, await server.User(ct),
                await server.PasswordParameter.GetValueAsync(ct), await server.GetConnectionStringAsync(ct)),
            _ => [],
        };

    private static Dictionary<string, string> Basics(int port, string user, string? password, string? uri) => new()
    {
        ["HOST"] = "127.0.0.1",
        ["PORT"] = $"{port}",
        ["USERNAME"] = user,
        ["PASSWORD"] = password ?? "",
        ["URI"] = uri ?? "",
    };

    private static async Task<string> Address(PostgresServerResource server, CancellationToken ct) =>
        $"postgresql://{Uri.EscapeDataString(await server.User(ct))}:" +
        $"{Uri.EscapeDataString(await server.PasswordParameter.GetValueAsync(ct) ?? "")}@127.0.0.1:{server.Port}";
}
