using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FamilyDoctor.EventSourcing;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Xunit;

namespace FamilyDoctor.Testing;

/// <summary>A service's description of its API, as anybody may read it.</summary>
public sealed class Described
{
    private static readonly ConcurrentDictionary<Uri, Lazy<Task<Described>>> Known = new();

    private Described(ReadResult read) => Read = read;

    public ReadResult Read { get; }

    public OpenApiDocument Document => Read.Document!;

    public IEnumerable<(string Path, string Method, OpenApiOperation Operation)> Operations =>
        Document.Paths.SelectMany(p => p.Value.Operations!.Select(o => (p.Key, o.Key.Method, o.Value)));

    public static Task<Described> At(Uri service) => Known.GetOrAdd(service, address => new(async () =>
    {
        using var anybody = new HttpClient { BaseAddress = address };
        return new(OpenApiDocument.Parse(await anybody.GetStringAsync("/openapi/v1.json"), "json"));
    })).Value;

    /// <summary>What it says of a path that somebody asked for.</summary>
    public OpenApiOperation? Find(string method, string path)
    {
        var asked = new WrittenRequest("", null, method, path, new Dictionary<string, string>(), null);
        return Operations.FirstOrDefault(o => asked.Matches(o.Method, o.Path)).Operation;
    }

    public static IEnumerable<string> Refusals(OpenApiOperation operation) => operation.Responses!
        .SelectMany(r => Media(r.Value.Content, "application/problem+json")?.Examples?.Keys ?? []);

    public static OpenApiMediaType? Media(IDictionary<string, OpenApiMediaType>? content, string type) =>
        content?.TryGetValue(type, out var media) == true ? media : null;
}

/// <summary>The files that these tests were built from.</summary>
public static class SourceTree
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo folder) => File.Exists(Path.Combine(folder.FullName, "FamilyDoctor.sln")) ? folder.FullName : Find(folder.Parent!);
}

/// <summary>What every service's description of its API promises.</summary>
public abstract partial class ApiContract<TProgram>(ServiceFixture<TProgram> city) where TProgram : class
{
    private static readonly string[] Services = ["teams", "contracts", "referrals", "beds"];
    private readonly string service = typeof(TProgram).Assembly.GetName().Name!.Split('.')[^1];
    private readonly Uri address = city.First.ClientOptions.BaseAddress;

    private IEnumerable<HttpFile> Files => HttpFile.Of(typeof(TProgram).Assembly);

    /// <summary>The requests to this service.</summary>
    private IEnumerable<WrittenRequest> Requests(HttpFile file) => file
        .Requests(_ => Guid.Empty.ToString(), Services.ToDictionary(s => s, s => $"http://{s}"))
        .Where(r => r.Url.StartsWith($"http://{service.ToLowerInvariant()}/", StringComparison.Ordinal));

    [Fact]
    public async Task The_document_is_valid()
    {
        var read = (await Described.At(address)).Read;
        Assert.Empty(read.Diagnostic!.Errors.Concat(read.Diagnostic.Warnings).Select(e => $"{e.Pointer}: {e.Message}"));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Equal($"FamilyDoctor {service}", read.Document!.Info.Title);
    }

    [Fact]
    public async Task Every_endpoint_says_what_it_does_for_whom_and_how_it_refuses()
    {
        var operations = (await Described.At(address)).Operations.ToList();
        Assert.True(operations.Count > 20);
        Assert.Equal(operations.Count, operations.Select(o => o.Operation.OperationId).Distinct().Count());
        foreach (var (path, method, operation) in operations)
        {
            Assert.False(string.IsNullOrWhiteSpace(operation.Summary) || string.IsNullOrWhiteSpace(operation.OperationId), $"{method} {path} has no summary or name.");
            Assert.True(operation.Responses!.Keys.Any(status => status[0] == '2'), $"{method} {path} never succeeds.");
            Assert.All(operation.Responses.Where(r => r.Key[0] is '4' or '5'), r => Assert.NotEmpty(r.Value.Content!["application/problem+json"].Examples!));
            Assert.Subset(Described.Refusals(operation).ToHashSet(), new HashSet<string> { "UNAUTHENTICATED", "FORBIDDEN_SCOPE", "BUSY" });
            Assert.NotEmpty(Assert.Single(Assert.Single(operation.Security!)).Value);
            var isCommand = operation.Parameters?.Any(p => p.Name == "Idempotency-Key") == true;
            Assert.Equal(method is "POST" or "PUT" or "DELETE" && !path.StartsWith("/imports", StringComparison.Ordinal), isCommand);
            if (isCommand)
                Assert.Contains("ETag", operation.Responses.First(r => r.Key[0] == '2').Value.Headers!.Keys);
        }
    }

    [Fact]
    public async Task Every_refusal_of_the_service_is_one_of_some_endpoint()
    {
        var told = (await Described.At(address)).Operations.SelectMany(o => Described.Refusals(o.Operation)).ToHashSet();
        var own = typeof(TProgram).Assembly.GetType($"FamilyDoctor.{service}.{service}Codes")!.GetProperty("Statuses")!.GetValue(null);
        Assert.Empty(((IReadOnlyDictionary<string, int>)own!).Keys.Except(told));
    }

    [Fact]
    public void Of_every_id_that_an_endpoint_takes_it_is_said_who_reaches_what_is_behind_it()
    {
        var (access, missing, checkedOnes) = (city.First.Services.GetRequiredService<Access>(), new List<string>(), 0);
        foreach (var endpoint in city.First.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<MethodInfo>() is not { } handler || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
                continue;
            var roles = endpoint.Metadata.OfType<AuthorizationPolicy>().SelectMany(p => p.Requirements).OfType<RolesAuthorizationRequirement>()
                .SelectMany(r => r.AllowedRoles).Except([Role.Service, Role.Import]).ToList();
            if (roles.Count == 0 || endpoint.Metadata.GetMetadata<PublicData>() is not null)
                continue;
            var (named, ids) = (endpoint.Metadata.GetOrderedMetadata<OnlyNamed>().SelectMany(n => n.Names).ToHashSet(), NamedIds.Of(handler).Names.ToList());
            var what = $"{endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods[0]} {endpoint.RoutePattern.RawText}";
            missing.AddRange(ids.Except(named).Where(name => !access.Knows(name)).Select(name => $"{what}: {service}Access does not say who reaches {name}."));
            missing.AddRange(named.Except(ids).Select(name => $"{what} takes no {name}."));
            missing.AddRange(endpoint.RoutePattern.Parameters.Where(p => p.ParameterPolicies.Any(c => c.Content == "guid") && !ids.Contains(p.Name)).Select(p => $"{what}: {p.Name} is not seen."));
            // A list that nothing narrows down is public, or rows of all that the commission needs a purpose for, or cut to the caller's own.
            if (what.StartsWith("GET", StringComparison.Ordinal) && ids.Count == 0 && endpoint.Metadata.GetMetadata<RowsOfAll>() is null)
                missing.Add($"{what} is neither public nor said to show rows of all.");
            checkedOnes++;
        }
        Assert.True(missing.Count == 0, string.Join("\n", missing));
        Assert.True(checkedOnes > 20);
    }

    [Fact]
    public async Task Every_route_of_the_catalogue_is_described()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "README.md"));
        var section = readme[readme.IndexOf($"\n### {service}:", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("\n## ", StringComparison.Ordinal)];
        section = section.IndexOf("\n### ", 5, StringComparison.Ordinal) is > 0 and var next ? section[..next] : section;
        var routes = Route().Matches(section).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Distinct().ToList();
        Assert.True(routes.Count > 10);
        Assert.Empty(routes.Except((await Described.At(address)).Operations.Select(o => (o.Method, o.Path))));
    }

    [Fact]
    public async Task Every_request_of_the_http_files_is_one_that_the_service_takes()
    {
        var described = await Described.At(address);
        foreach (var (file, request) in Files.SelectMany(f => Requests(f).Select(r => (f, r))))
        {
            var operation = described.Find(request.Method, request.Path);
            Assert.True(operation is not null, $"{file.Name}: there is no {request.Method} {request.Path}.");
            var asked = request.Query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(q => q.Split('=')[0]).Concat(request.Headers.Keys).ToHashSet();
            var parameters = (operation.Parameters ?? []).Where(p => p.In is not ParameterLocation.Path).ToList();
            Assert.True(asked.Except(parameters.Select(p => p.Name)).All(name => name is "Authorization" or "Content-Type" or "Accept"), $"{file.Name}: {request.Title} has an unknown parameter.");
            Assert.True(parameters.Where(p => p.Required).All(p => asked.Contains(p.Name!)), $"{file.Name}: {request.Title} lacks a parameter.");
            var body = Described.Media(operation.RequestBody?.Content, "application/json")?.Schema;
            if (body is not null)
                Check($"{file.Name}: {request.Title}", request.Body is null ? null : JsonNode.Parse(request.Body), body);
            else
                Assert.True(request.Body is null || operation.RequestBody is not null, $"{file.Name}: {request.Title} takes no body.");
        }
    }

    [Fact]
    public async Task Every_use_case_has_an_example_in_the_http_file_of_a_feature()
    {
        if (!Files.Any())
            return;
        var requests = Files.SelectMany(Requests).ToList();
        var slices = (await Described.At(address)).Operations.Where(o => o.Operation.Tags!.Single().Name is not ("Importing" or "Telling others"));
        Assert.Empty(slices.Where(o => !requests.Any(r => r.Matches(o.Method, o.Path))).Select(o => $"{o.Method} {o.Path}"));
        var withBody = slices.Where(o => o.Operation.RequestBody?.Content?.ContainsKey("application/json") == true);
        Assert.Empty(withBody.Where(o => o.Operation.RequestBody!.Content!["application/json"].Examples is not { Count: > 0 }).Select(o => o.Operation.OperationId));
    }

    [Fact]
    public async Task The_page_is_open_and_needs_nothing_from_elsewhere()
    {
        using var anybody = new HttpClient { BaseAddress = address };
        var page = await anybody.GetStringAsync("/docs/index.html");
        var parts = Reference().Matches(page).Select(m => m.Groups[1].Value).ToList();
        Assert.True(parts.Count > 3);
        Assert.DoesNotContain("//", page, StringComparison.Ordinal);
        foreach (var part in parts)
        {
            using var answer = await anybody.GetAsync($"/docs/{part}");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Assert.Contains("/openapi/v1.json", await anybody.GetStringAsync("/docs/index.js"), StringComparison.Ordinal);
    }

    private static void Check(string where, JsonNode? value, IOpenApiSchema schema)
    {
        if (value is JsonObject given && schema.Properties is { Count: > 0 } known)
        {
            Assert.True((schema.Required ?? new HashSet<string>()).All(given.ContainsKey), $"{where} lacks a field.");
            Assert.True(given.All(m => known.ContainsKey(m.Key)), $"{where} has a field that is not known.");
            foreach (var (name, member) in given)
                Check($"{where}: {name}", member, known[name].OneOf?.LastOrDefault() ?? known[name]);
        }
        else if (value is JsonArray items && schema.Items is { } item)
            Assert.All(items, i => Check(where, i, item));
        else if (schema.Enum is { Count: > 0 } names)
            Assert.True(names.Any(n => n!.GetValue<string>() == value?.GetValue<string>()), $"{where} is none of {string.Join(", ", names.Select(n => n!.ToString()))}.");
        else
            Assert.True(value is not null || schema.Required is not { Count: > 0 }, $"{where} lacks its body.");
    }

    [GeneratedRegex("`(GET|POST|PUT|DELETE) (/[^`]+)`")]
    private static partial Regex Route();

    [GeneratedRegex("(?:src|href)=\"(?:\\./)?([^\"]+)\"")]
    private static partial Regex Reference();
}
