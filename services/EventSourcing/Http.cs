using System.Diagnostics;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace FamilyDoctor.EventSourcing;

/// <summary>The roles a token may carry; each endpoint names its own in one line.</summary>
public static class Role
{
    public const string Commission = "commission", Clinic = "clinic", Hospital = "hospital", Resident = "resident",
        Import = "import", Service = "service", Payer = "payer";

    /// <summary>Who may call this endpoint; what of it he reaches, <see cref="Access"/> says.</summary>
    public static TBuilder For<TBuilder>(this TBuilder endpoint, params string[] roles) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(policy => policy.RequireRole(roles)).AddEndpointFilterFactory((context, next) => Reaching.Guard(context, next, roles));
}

/// <summary>Reads the envelope of a command from the request: token, If-Match, Idempotency-Key, correlation.</summary>
public static class Envelopes
{
    internal const string ContentHash = "content-hash";

    /// <summary>Ways in which somebody asks; the other one, import, is known by itself.</summary>
    public static IReadOnlyList<string> Channels { get; } = ["app", "web", "wechat", "kiosk", "pos", "phone", "offline-device"];

    /// <summary>The envelope of this request's command.</summary>
    public static Envelope Envelope(this HttpContext http)
    {
        var user = http.User;
        var actor = new Actor(
            user.FindFirstValue("sub") ?? "unknown", user.FindFirstValue("role") ?? "none", user.FindFirstValue("org"));
        return new(actor, http.CorrelationId(), ExpectedVersion: IfMatch(http.Request), Idempotency: Key(http, actor), Channel: ChannelOf(http.Request),
            Reached: http.Reached());
    }

    public static string CorrelationId(this HttpContext http) => Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier;

    private static long? IfMatch(HttpRequest request)
    {
        var text = request.Headers.IfMatch.ToString();
        if (text.Length == 0 || text == "*")
            return null;
        return long.TryParse(text.Replace("W/", "", StringComparison.Ordinal).Trim('"'), out var version)
            ? version
            : throw new BadHttpRequestException("If-Match must be a version such as \"5\".");
    }

    private static string? ChannelOf(HttpRequest request) => request.Headers["Channel"].ToString() switch
    {
        "" => null,
        var channel when Channels.Contains(channel) => channel,
        _ => throw new BadHttpRequestException($"Channel must be one of {string.Join(", ", Channels)}."),
    };

    private static IdempotencyKey? Key(HttpContext http, Actor actor)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length == 0)
            return null;
        if (key.Length > 200)
            throw new BadHttpRequestException("Idempotency-Key may have 200 characters at most.");
        return new($"{actor.Id}:{key}", (string)http.Items[ContentHash]!);
    }

    /// <summary>Where a key is given, its content is what makes two requests the same.</summary>
    internal static async Task HashContent(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.ContainsKey("Idempotency-Key") && http.GetEndpoint()?.Metadata.GetMetadata<TakesFileAttribute>() is null)
        {
            http.Request.EnableBuffering();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"));
            var buffer = new byte[8192];
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
                hash.AppendData(buffer, 0, read);
            http.Request.Body.Position = 0;
            http.Items[ContentHash] = Convert.ToHexString(hash.GetHashAndReset());
        }
        await next(http);
    }
}

/// <summary>The answer to a command: its id and version, the version also as ETag.</summary>
public sealed class Decided(Done done, string? location = null) : IResult, IEndpointMetadataProvider
{
    public static void PopulateMetadata(System.Reflection.MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Done), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.ETag = $"\"{done.Version}\"";
        if (location is not null)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers.Location = location;
        }
        return response.WriteAsJsonAsync(done, httpContext.RequestAborted);
    }
}

/// <summary>Every refusal and fault as application/problem+json with a stable code; the status belongs to the code.</summary>
public sealed class Problems(IProblemDetailsService details, Problems.Codes codes, ILogger<Problems> log) : IExceptionHandler
{
    /// <summary>The service's own codes and their statuses, beside the common ones.</summary>
    public sealed class Codes(IReadOnlyDictionary<string, int> own)
    {
        public IEnumerable<string> All => own.Keys.Union(Common.Keys);

        public bool Knows(string code) => own.ContainsKey(code) || Common.ContainsKey(code);

        public int StatusOf(string code) => own.TryGetValue(code, out var status) ? status : Common.GetValueOrDefault(code, 422);

        public static IReadOnlyDictionary<string, int> Common { get; } = new Dictionary<string, int>
        {
            ["VALIDATION_FAILED"] = 400,
            ["UNAUTHENTICATED"] = 401,
            ["FORBIDDEN_SCOPE"] = 403,
            ["PURPOSE_REQUIRED"] = 403,
            ["NOT_FOUND"] = 404,
            ["METHOD_NOT_ALLOWED"] = 405,
            ["INVALID_TRANSITION"] = 409,
            ["PRECONDITION_FAILED"] = 412,
            ["PAYLOAD_TOO_LARGE"] = 413,
            ["UNSUPPORTED_MEDIA_TYPE"] = 415,
            ["RULE_VIOLATION"] = 422,
            ["IDEMPOTENCY_MISMATCH"] = 422,
            ["DEADLINE_PASSED"] = 422,
            ["RESIDENT_ERASED"] = 422,
            ["IMPORT_RUNNING"] = 409,
            ["IMPORT_POSITION"] = 409,
            ["IMPORT_DIFFERS"] = 422,
            ["CSV_HEADER_INVALID"] = 422,
            ["CSV_MAPPING_INVALID"] = 422,
            ["RATE_LIMITED"] = 429,
            ["BUSY"] = 503,
            ["DEPENDENCY_UNAVAILABLE"] = 503,
        };

        internal static string OfStatus(int status) =>
            Common.FirstOrDefault(c => c.Value == status, new("INTERNAL", 500)).Key;
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            RuleBroken rule => Describe(codes.StatusOf(rule.Code), rule.Code, rule.Message, rule.Facts),
            StaleVersion stale => Describe(412, "PRECONDITION_FAILED", stale.Message, new { stale.CurrentVersion }),
            UnknownId unknown => Describe(404, "NOT_FOUND", unknown.Message),
            IdempotencyMismatch mismatch => Describe(422, "IDEMPOTENCY_MISMATCH", mismatch.Message),
            BadHttpRequestException bad => Describe(bad.StatusCode, Codes.OfStatus(bad.StatusCode), Plain(bad)),
            JsonException json => Describe(400, "VALIDATION_FAILED", json.Message),
            Busy or NewerRelease or Npgsql.NpgsqlException { IsTransient: true } or TimeoutException => Describe(503, "BUSY", "The service is busy. Try again in a moment."),
            OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested => Describe(499, "CANCELLED", "The caller went away."),
            _ => Describe(500, "INTERNAL", "Something went wrong on our side."),
        };
        if (problem.Status >= 500)
            log.LogError(exception, "{Method} {Endpoint} failed", httpContext.Request.Method, httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.DisplayName);
        httpContext.Response.StatusCode = problem.Status!.Value;
        if (problem.Status is 503 or 429)
            httpContext.Response.Headers.RetryAfter = problem.Status is 503 ? "1" : "60";
        return await details.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem });
    }

    private static string Plain(BadHttpRequestException bad) =>
        bad.InnerException is JsonException json ? $"The body is not as described: {json.Path ?? "malformed JSON"}." : bad.Message;

    private static ProblemDetails Describe(int status, string code, string detail, object? facts = null)
    {
        var problem = new ProblemDetails { Status = status, Detail = detail };
        if (facts is not null)
        {
            foreach (var (name, value) in JsonSerializer.SerializeToNode(facts, JsonSerializerOptions.Web)!.AsObject())
                problem.Extensions[name == "status" ? "state" : name] = value; // a problem has a status of its own
        }
        problem.Extensions["code"] = code; // whatever the facts call theirs
        return problem;
    }

    internal static string TypeOf(string code) => $"urn:familydoctor:{code.ToLowerInvariant().Replace('_', '-')}";

    /// <summary>What every problem carries, wherever it comes from.</summary>
    internal static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Status ??= context.HttpContext.Response.StatusCode;
        var code = problem.Extensions.TryGetValue("code", out var given) ? (string)given! : Codes.OfStatus(problem.Status.Value);
        problem.Extensions["code"] = code;
        problem.Type = TypeOf(code);
        problem.Instance ??= context.HttpContext.Request.Path;
        problem.Extensions["correlationId"] = context.HttpContext.CorrelationId();
        problem.Extensions.Remove("traceId");
        if (problem is HttpValidationProblemDetails validation)
        {
            problem.Detail ??= "Some fields are missing or not as described.";
            problem.Extensions["violations"] = new JsonArray([.. validation.Errors.SelectMany(e =>
                e.Value.Select(text => new JsonObject { ["field"] = JsonNamingPolicy.CamelCase.ConvertName(e.Key), ["message"] = text }))]);
            validation.Errors = new Dictionary<string, string[]>();
        }
    }
}
