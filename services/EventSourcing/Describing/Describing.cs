using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace FamilyDoctor.EventSourcing;

/// <summary>Says of each endpoint what its code says.</summary>
internal sealed partial class Describing(IHostEnvironment environment, Problems.Codes codes, Access? access = null)
{
    private readonly ConcurrentDictionary<MethodInfo, Reach> reaches = new();
    private readonly Assembly service = Assembly.Load(environment.ApplicationName);
    private readonly Lazy<List<WrittenRequest>> examples =
        new(() => [.. HttpFile.Of(Assembly.Load(environment.ApplicationName)).SelectMany(file => file.Requests(SampleOf))]);

    public static string TitleOf(IHostEnvironment environment) => environment.ApplicationName.Replace('.', ' ');

    public Task Document(OpenApiDocument document)
    {
        document.Info = new()
        {
            Title = TitleOf(environment),
            Version = "v1",
            Description = "Commands answer with an id and its version; the same Idempotency-Key is done once, If-Match is the version decided on. "
                + "Lists go on with after=next. Every refusal is application/problem+json with a code that stays the same.",
        };
        document.Servers = []; // wherever it was read from
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "A token of the city's identity provider with the claims sub, role and org; on a developer's machine one of ./run token ROLE.",
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        foreach (var schema in document.Components.Schemas.Values.OfType<OpenApiSchema>())
            NoNullWhereRequired(schema);
        document.Components.Schemas["Problem"] = ProblemSchema;
        document.Components.Examples = codes.All.Order(StringComparer.Ordinal).ToDictionary(code => code, code => (IOpenApiExample)new OpenApiExample
        {
            Value = new JsonObject
            {
                ["type"] = Problems.TypeOf(code),
                ["status"] = codes.StatusOf(code),
                ["code"] = code,
                ["correlationId"] = "5b8aa5a2d2c872e8321cf37308d69df2",
            },
        });
        return Task.CompletedTask;
    }

    public Task Operation(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var handler = metadata.OfType<MethodInfo>().First();
        var reach = reaches.GetOrAdd(handler, method => Reach.Of(method, codes.Knows));
        var roles = metadata.OfType<AuthorizationPolicy>().SelectMany(p => p.Requirements).OfType<RolesAuthorizationRequirement>()
            .SelectMany(r => r.AllowedRoles).Distinct().ToList();
        var name = metadata.OfType<IEndpointNameMetadata>().LastOrDefault()?.EndpointName;
        var slice = handler.Module.Assembly.GetTypes().FirstOrDefault(t => t.Name == name && t is { IsPublic: true, IsEnum: false });

        operation.OperationId = name;
        operation.Description = string.Join("\n\n", new[] { slice is null ? null : Wording.Of(slice), roles.Count > 0 ? $"For the roles {string.Join(", ", roles)}." : null }.OfType<string>());
        operation.Tags = new HashSet<OpenApiTagReference> { new(TagOf(context.Description, handler), context.Document) };
        if (metadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [];
        else
            operation.Security = [new() { [new("bearer", context.Document)] = roles }];

        Parameters(operation, reach);
        Answers(operation, reach, context, roles.Count > 0);
        Reaches(operation, context, NamedIds.Of(handler), roles);
        Examples(operation, context.Description);
        return Task.CompletedTask;
    }

    /// <summary>The folder in which its use case lies; what all services have alike lies in one of ours.</summary>
    private string TagOf(ApiDescription description, MethodInfo handler) =>
        handler.Module.Assembly == service && handler.DeclaringType?.Namespace is { } folder && folder != service.GetName().Name
            ? folder.Split('.')[^1] : description.RelativePath switch
        {
            var path when path!.StartsWith("imports", StringComparison.Ordinal) => "Importing",
            "integration-events" => "Telling others",
            _ => "Reaching",
        };

    private static void Parameters(OpenApiOperation operation, Reach reach)
    {
        operation.Parameters ??= [];
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            parameter.Description ??= parameter.Name switch
            {
                "after" => "The Next of the page before; without it the first page.",
                "limit" => "How many at most: 1 to 200, as asked or 100.",
                _ => null,
            };
        }
        if (!reach.IsCommand)
            return;
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = "Idempotency-Key",
            In = ParameterLocation.Header,
            Description = "The same request with the same key is done once and answered alike.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
        });
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = "If-Match",
            In = ParameterLocation.Header,
            Description = "The version on which the caller decided, as ETag told it; a newer one is answered with 412.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^(\\*|(W/)?\"?[0-9]+\"?)$" },
        });
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = "Channel",
            In = ParameterLocation.Header,
            Description = "How it was asked for; kept with the events that follow.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Envelopes.Channels.Select(c => JsonValue.Create(c))] },
        });
    }

    private void Answers(OpenApiOperation operation, Reach reach, OpenApiOperationTransformerContext context, bool hasRoles)
    {
        operation.Responses ??= [];
        if (reach.IsCommand && operation.Responses.TryGetValue("200", out var done) && done is OpenApiResponse answer)
        {
            answer.Headers = new Dictionary<string, IOpenApiHeader> { ["ETag"] = Header("The version after the command.") };
            if (reach.Creates)
            {
                answer.Headers["Location"] = Header("The address of what is new.");
                answer.Description = "Created";
                operation.Responses.Remove("200");
                operation.Responses["201"] = answer;
            }
        }
        foreach (var (_, response) in operation.Responses)
            response.Description = response.Description is { Length: > 0 } told ? told : "OK";

        var refusals = new SortedSet<string>(reach.Codes, StringComparer.Ordinal) { "BUSY" };
        if (operation.Security is { Count: > 0 })
            refusals.Add("UNAUTHENTICATED");
        if (hasRoles)
            refusals.Add("FORBIDDEN_SCOPE");
        if (operation.RequestBody is not null || reach.IsCommand || context.Description.ParameterDescriptions.Any(p => p.Type != typeof(string)))
            refusals.Add("VALIDATION_FAILED");
        if (operation.RequestBody is not null)
            refusals.UnionWith(["UNSUPPORTED_MEDIA_TYPE", "PAYLOAD_TOO_LARGE"]);
        if (reach.IsCommand)
            refusals.UnionWith(["PRECONDITION_FAILED", "IDEMPOTENCY_MISMATCH"]);
        Refused(operation, refusals, context);
    }

    /// <summary>What is out of reach does not exist; the commission says why it looks at single rows.</summary>
    private void Reaches(OpenApiOperation operation, OpenApiOperationTransformerContext context, NamedIds ids, List<string> roles)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (access is null)
            return;
        var refusals = new SortedSet<string>(StringComparer.Ordinal);
        if (roles.Except([Role.Service, Role.Import]).Any(role => access.Binding(ids, [role], metadata).Any()))
            refusals.Add("NOT_FOUND");
        if (roles.Contains(Role.Commission) && (access.Binding(ids, [Role.Commission], metadata).Any() || metadata.OfType<RowsOfAll>().Any()))
        {
            refusals.UnionWith(["PURPOSE_REQUIRED", "VALIDATION_FAILED"]);
            operation.Parameters!.Add(new OpenApiParameter
            {
                Name = Reaching.Header,
                In = ParameterLocation.Header,
                Description = "What the commission looks at single rows for; kept with who looked.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Reaching.Purposes.Select(p => JsonValue.Create(p))] },
            });
        }
        Refused(operation, refusals, context);
    }

    /// <summary>Adds refusals to those that are told already.</summary>
    private void Refused(OpenApiOperation operation, IEnumerable<string> refusals, OpenApiOperationTransformerContext context)
    {
        foreach (var codesOfStatus in refusals.GroupBy(codes.StatusOf).OrderBy(g => g.Key))
        {
            var key = codesOfStatus.Key.ToString(CultureInfo.InvariantCulture);
            var told = operation.Responses!.GetValueOrDefault(key)?.Content?.Values.SelectMany(c => c.Examples?.Keys ?? []) ?? [];
            List<string> status = [.. codesOfStatus.Union(told).Order(StringComparer.Ordinal)];
            operation.Responses![key] = new OpenApiResponse
            {
                Description = string.Join(", ", status),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new OpenApiMediaType
                    {
                        Schema = new OpenApiSchemaReference("Problem", context.Document),
                        Examples = status.ToDictionary(code => code, code => (IOpenApiExample)new OpenApiExampleReference(code, context.Document)),
                    },
                },
            };
        }
    }

    private static OpenApiHeader Header(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    /// <summary>What the .http files send to this endpoint.</summary>
    private void Examples(OpenApiOperation operation, ApiDescription description)
    {
        var sent = examples.Value.Where(e => e.Matches(description.HttpMethod!, description.RelativePath!)).ToList();
        if (operation.RequestBody?.Content is { } contents && contents.TryGetValue("application/json", out var media) && media is OpenApiMediaType body)
        {
            body.Examples = sent.Where(e => e.Body is not null).DistinctBy(e => e.Title)
                .ToDictionary(e => NotInAName().Replace(e.Title, "-"), e => (IOpenApiExample)new OpenApiExample { Summary = e.Title, Value = JsonNode.Parse(e.Body!) });
        }
        foreach (var parameter in operation.Parameters!.OfType<OpenApiParameter>().Where(p => p.In is ParameterLocation.Query))
        {
            var value = sent.SelectMany(e => e.Query.Split('&')).Select(q => q.Split('=', 2)).FirstOrDefault(q => q.Length == 2 && q[0] == parameter.Name)?[1];
            if (value is not null)
                parameter.Example = Uri.UnescapeDataString(value);
        }
    }

    public static Task Schema(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        // Numbers are read from strings too, but nobody should have to know.
        if (schema.Type is { } type && type.HasFlag(JsonSchemaType.String) && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
            (schema.Type, schema.Pattern) = (type & ~JsonSchemaType.String, null);
        if (schema.Enum is { Count: > 0 } names)
            (schema.Type, schema.Enum) = (JsonSchemaType.String, [.. names.Where(n => n is not null)]);
        if (context.JsonPropertyInfo is { AssociatedParameter: { } parameter } property)
        {
            schema.Description ??= Wording.Of(property.DeclaringType, parameter.Name);
            Limits(schema, AttributesOf(property));
        }
        else
            schema.Description ??= Wording.Of(context.JsonTypeInfo.Type);
        // What must be there: what is marked so, and in answers what is never null.
        foreach (var member in context.JsonTypeInfo.Properties.Where(m => schema.Properties?.ContainsKey(m.Name) == true))
        {
            if (AttributesOf(member).OfType<RequiredAttribute>().Any() || (!member.IsGetNullable && member.AssociatedParameter is not { HasDefaultValue: true }))
                (schema.Required ??= new HashSet<string>()).Add(member.Name);
            else
                schema.Required?.Remove(member.Name);
        }
        return Task.CompletedTask;
    }

    /// <summary>A record's attributes stand at the parameters of its constructor.</summary>
    private static IEnumerable<object> AttributesOf(JsonPropertyInfo property) => property.AssociatedParameter?.AttributeProvider?.GetCustomAttributes(true) ?? [];

    private static void Limits(OpenApiSchema schema, IEnumerable<object> attributes)
    {
        foreach (var attribute in attributes)
        {
            switch (attribute)
            {
                case RangeAttribute range:
                    (schema.Minimum, schema.Maximum) = (Convert.ToString(range.Minimum, CultureInfo.InvariantCulture), Convert.ToString(range.Maximum, CultureInfo.InvariantCulture));
                    break;
                case MaxLengthAttribute most when schema.Type?.HasFlag(JsonSchemaType.Array) == true:
                    schema.MaxItems = most.Length;
                    break;
                case MaxLengthAttribute most:
                    schema.MaxLength = most.Length;
                    break;
                case RegularExpressionAttribute shape:
                    schema.Pattern = shape.Pattern;
                    break;
            }
        }
    }

    /// <summary>The code says null where a form may leave something out; what is required must not be.</summary>
    private static void NoNullWhereRequired(OpenApiSchema schema)
    {
        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            if (schema.Properties?[name] is not OpenApiSchema property)
                continue;
            property.Type &= ~JsonSchemaType.Null;
            if (property.OneOf is [OpenApiSchema { Type: JsonSchemaType.Null }, { } only])
                schema.Properties[name] = only;
        }
    }

    private static OpenApiSchema ProblemSchema => new()
    {
        Type = JsonSchemaType.Object,
        Description = "A refusal or a fault (RFC 9457). The code is stable and its status belongs to it; further members are facts that help on.",
        Required = new HashSet<string> { "type", "status", "code", "correlationId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "A sentence for a person." },
            ["instance"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Z_]+$" },
            ["correlationId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "By which the operators find what happened." },
        },
        AdditionalPropertiesAllowed = true,
    };

    /// <summary>What an answer would have given in an example: always the same id.</summary>
    private static string SampleOf(string name) => name switch
    {
        ['$', 'r', ..] => "12345678",
        ['$', ..] => "",
        _ when name.EndsWith("On", StringComparison.Ordinal) => "2030-06-03",
        _ => "0198c0de-0000-7000-8000-000000000001",
    };

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotInAName();
}
