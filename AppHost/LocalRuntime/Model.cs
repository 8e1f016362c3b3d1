// The part of Aspire's resource model that AppHost.cs uses, with Aspire's own names and shapes.
using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

public interface IResourceAnnotation;

public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

public enum ResourceAnnotationMutationBehavior { Append, Replace }

public enum WaitBehavior { WaitOnResourceUnavailable, StopOnResourceUnavailable }

public enum WaitType { WaitUntilHealthy, WaitForCompletion, WaitUntilStarted }

public enum ContainerLifetime { Session, Persistent }

public interface IResource
{
    string Name { get; }
    ResourceAnnotationCollection Annotations { get; }
}

public abstract class Resource(string name) : IResource
{
    public virtual string Name { get; } = Named(name);
    public virtual ResourceAnnotationCollection Annotations { get; } = [];

    private static string Named(string name) =>
        name.Length is > 0 and <= 64 && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && !name.Contains("--", StringComparison.Ordinal) && !name.EndsWith('-')
            ? name
            : throw new ArgumentException($"'{name}' is no resource name: letters, digits and single hyphens, a letter first.");
}

public interface IResourceCollection : IList<IResource>;

public interface IResourceWithEnvironment : IResource;

public interface IResourceWithArgs : IResource;

public interface IResourceWithEndpoints : IResource;

public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

public interface IResourceWithWaitSupport : IResource;

public interface IResourceWithParent<out T> : IResource where T : IResource
{
    T Parent { get; }
}

public interface IValueProvider
{
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

public interface IManifestExpressionProvider
{
    string ValueExpression { get; }
}

public interface IResourceWithConnectionString : IResource, IValueProvider, IManifestExpressionProvider
{
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);
    string IManifestExpressionProvider.ValueExpression => $"{{{Name}.connectionString}}";
    ValueTask<string?> IValueProvider.GetValueAsync(CancellationToken cancellationToken) => GetConnectionStringAsync(cancellationToken);
}

public interface IResourceBuilder<out T> where T : IResource
{
    IDistributedApplicationBuilder ApplicationBuilder { get; }
    T Resource { get; }

    IResourceBuilder<T> WithAnnotation<TAnnotation>(
        ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation, new();

    IResourceBuilder<T> WithAnnotation<TAnnotation>(
        TAnnotation annotation, ResourceAnnotationMutationBehavior behavior = ResourceAnnotationMutationBehavior.Append)
        where TAnnotation : IResourceAnnotation;
}

public class ProjectResource(string name) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

public class ExecutableResource(string name, string command, string workingDirectory) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string Command => command;
    public string WorkingDirectory => workingDirectory;
}

public class ContainerResource(string name, string? entrypoint = null) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string? Entrypoint { get; set; } = entrypoint;
}

public class PostgresServerResource(string name, ParameterResource? userName, ParameterResource passwordParameter)
    : ContainerResource(name), IResourceWithConnectionString
{
    public ParameterResource? UserNameParameter { get; set; } = userName;
    public ParameterResource PasswordParameter { get; set; } = passwordParameter;
    internal int Port { get; init; }
    internal Dictionary<string, string> DatabaseNames { get; } = [];

    public async ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        $"Host=127.0.0.1;Port={Port};Username={await User(cancellationToken)};" +
        $"Password={await PasswordParameter.GetValueAsync(cancellationToken)}";

    internal async ValueTask<string> User(CancellationToken ct) =>
        UserNameParameter is null ? "postgres" : await UserNameParameter.GetValueAsync(ct) ?? "postgres";
}

public class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource)
    : Resource(name), IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    public PostgresServerResource Parent => postgresParentResource;
    public string DatabaseName => databaseName;

    public async ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        $"{await Parent.GetConnectionStringAsync(cancellationToken)};Database={DatabaseName}";
}

public class RabbitMQServerResource(string name, ParameterResource? userName, ParameterResource passwordParameter)
    : ContainerResource(name), IResourceWithConnectionString
{
    public ParameterResource PasswordParameter { get; } = passwordParameter;
    internal FamilyDoctor.AppHost.LocalRuntime.RabbitMqPorts Ports { get; init; } = new(0, 0, 0);

    public async ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        $"amqp://{Uri.EscapeDataString(await User(cancellationToken))}:" +
        $"{Uri.EscapeDataString(await PasswordParameter.GetValueAsync(cancellationToken) ?? "")}@127.0.0.1:{Ports.Amqp}";

    internal async ValueTask<string> User(CancellationToken ct) =>
        userName is null ? "guest" : await userName.GetValueAsync(ct) ?? "guest";
}

/// <summary>A connection string that the configuration gives (<c>ConnectionStrings:name</c>).</summary>
internal sealed class GivenConnectionString(string name, Func<string?> value) : Resource(name), IResourceWithConnectionString
{
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => new(value()
        ?? throw new DistributedApplicationException($"The connection string ConnectionStrings:{Name} is missing."));
}

public abstract class ParameterDefault
{
    public abstract void WriteToManifest(Publishing.ManifestPublishingContext context);

    public abstract string GetDefaultValue();
}

public sealed class GenerateParameterDefault : ParameterDefault
{
    public int MinLength { get; set; } = 22;
    public bool Lower { get; set; } = true;
    public bool Upper { get; set; } = true;
    public bool Numeric { get; set; } = true;
    public bool Special { get; set; } = true;

    public override void WriteToManifest(Publishing.ManifestPublishingContext context)
    {
        context.Writer.WriteStartObject("generate");
        context.Writer.WriteNumber("minLength", MinLength);
        context.Writer.WriteEndObject();
    }

    public override string GetDefaultValue() => System.Security.Cryptography.RandomNumberGenerator.GetString(
        (Lower ? "abcdefghjkmnpqrstuvwxyz" : "") + (Upper ? "ABCDEFGHJKMNPQRSTUVWXYZ" : "") + (Numeric ? "0123456789" : "")
        + (Special ? "-_.{}~()*+!" : ""), MinLength);
}

public class ParameterResource(string name, Func<ParameterDefault?, string> callback, bool secret = false)
    : Resource(name), IValueProvider, IManifestExpressionProvider
{
    private readonly Lock _once = new();
    private string? _value;

    public ParameterDefault? Default { get; set; }
    public bool Secret { get; } = secret;
    public string ValueExpression => $"{{{Name}.value}}";

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
    {
        lock (_once)
            return new(_value ??= callback(Default));
    }
}

public sealed class EndpointAnnotation(string uriScheme, string? name = null, int? port = null, int? targetPort = null)
    : IResourceAnnotation
{
    public string UriScheme { get; set; } = uriScheme;
    public string Name { get; set; } = name ?? uriScheme;
    /// <summary>The public port, which stays the same over restarts and for all replicas.</summary>
    public int? Port { get; set; } = port;
    public int? TargetPort { get; set; } = targetPort;
    public bool IsExternal { get; set; }
    /// <summary>The variable through which an executable is told its port.</summary>
    internal string? Variable { get; init; }
    internal string Url => $"{UriScheme}://localhost:{Port}";
}

public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider, IManifestExpressionProvider
{
    public IResourceWithEndpoints Resource => owner;
    public string EndpointName => endpointName;
    public string Url => Annotation.Url;
    public string ValueExpression => $"{{{owner.Name}.bindings.{endpointName}.url}}";
    internal EndpointAnnotation Annotation =>
        owner.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(endpoint => endpoint.Name == endpointName)
        ?? throw new DistributedApplicationException($"The resource {owner.Name} has no endpoint {endpointName}.");

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);
}

public class EnvironmentCallbackContext(
    DistributedApplicationExecutionContext executionContext, IResource resource,
    Dictionary<string, object>? environmentVariables = null, CancellationToken cancellationToken = default)
{
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables ?? [];
    public CancellationToken CancellationToken => cancellationToken;
    public IResource Resource => resource;
    public DistributedApplicationExecutionContext ExecutionContext => executionContext;
}

public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    public Func<EnvironmentCallbackContext, Task> Callback => callback;
}

public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0) : IResourceAnnotation
{
    public IResource Resource => resource;
    public WaitType WaitType => waitType;
    public int ExitCode => exitCode;
    public WaitBehavior? WaitBehavior { get; set; }
}

public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    public int Replicas => replicas;
}

internal sealed record ArgumentsAnnotation(string[] Arguments) : IResourceAnnotation;

internal sealed record HttpHealthAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

internal sealed record ProjectAnnotation(string ProjectPath, ProjectResourceOptions Options) : IResourceAnnotation;

internal sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T>
    where T : IResource
{
    public IResourceBuilder<T> WithAnnotation<TAnnotation>(ResourceAnnotationMutationBehavior behavior)
        where TAnnotation : IResourceAnnotation, new() => WithAnnotation(new TAnnotation(), behavior);

    public IResourceBuilder<T> WithAnnotation<TAnnotation>(TAnnotation annotation, ResourceAnnotationMutationBehavior behavior)
        where TAnnotation : IResourceAnnotation
    {
        if (behavior is ResourceAnnotationMutationBehavior.Replace)
        {
            foreach (var former in Resource.Annotations.OfType<TAnnotation>().ToList())
                Resource.Annotations.Remove(former);
        }

        Resource.Annotations.Add(annotation);
        return this;
    }
}
