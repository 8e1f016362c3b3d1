using System.Reflection;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyDoctor.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <param name="Id">Ask with it how far the import is, or go on with it after a broken connection.</param>
/// <param name="Repeated">Rows of these ids were taken in before.</param>
/// <param name="Rejects">The first thousand of this request; the report has all of them.</param>
public sealed record ImportResult(Guid Id, int Accepted, int Repeated, int Rejected, IReadOnlyList<ImportReject> Rejects);

/// <summary>
/// The past of a city, as a JSON object a line or as CSV, in the order it happened. A file is read page by page and
/// never held; a page that is done is done, so the same file, or the rest of it, goes on where a broken connection or a
/// killed service left off. While a history is open no deadline fires by itself; those of a stream are decided at their
/// own times before its next row.
/// </summary>
public static class Imports
{
    private const int PageRows = 500, PageBytes = 4 << 20, ToldRejects = 1000;

    /// <param name="kinds">How rows become commands, with the parts of whatever decides them: the service itself, or a dry run.</param>
    public static void MapImports(this IEndpointRouteBuilder routes, Func<IServiceProvider, IReadOnlyDictionary<string, ImportKind>> kinds)
    {
        var services = routes.ServiceProvider;
        var (real, own, log) = (kinds(services), kinds.GetMethodInfo().Module.Assembly, services.GetRequiredService<ImportLog>());
        // Each holds a connection, a dry run also what it has decided; more of them wait.
        var (places, dryPlaces) = (new SemaphoreSlim(8), new SemaphoreSlim(1));

        routes.MapPost("/imports/{import}", async (
            [FromRoute(Name = "import")] string kind, HttpContext http, IdSource ids, PolicyBook policies, CancellationToken ct,
            Guid? id = null, int? after = null, bool dryRun = false, [FromQuery] string[]? map = null) =>
        {
            if (!real.TryGetValue(kind, out var import))
                throw new UnknownId();
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                size.MaxRequestBodySize = null; // read in pages, so its size is no matter
            var place = dryRun ? dryPlaces : places;
            await place.WaitAsync(ct);
            try
            {
                var file = await ImportFile.Open(http.Request, import.Shape, map ?? [], policies.Zone, ct);
                await using var run = await log.Begin(id ?? ids.Next(), kind, dryRun, http.User.FindFirstValue("sub") ?? "unknown", ct);
                await GoOn(run, file, after, ct);
                await using var dry = dryRun ? await DryRun.Begin(services, own, ct) : null;
                return await Take(run, file, dry is null ? import : kinds(dry)[kind], dry, http);
            }
            finally
            {
                place.Release();
            }
        }).WithName("Import").WithSummary("Take in rows of the past (NDJSON or CSV)").For(Role.Import)
            .AddOpenApiOperationTransformer((operation, _, _) => Describe(operation, real));

        routes.MapGet("/imports", (CancellationToken ct) => log.Find(null, ct))
            .WithName("ImportStates").WithSummary("The imports of this service, newest first").For(Role.Import);
        routes.MapGet("/imports/{import:guid}", async ([FromRoute(Name = "import")] Guid id, CancellationToken ct) => (await log.Find(id, ct)).SingleOrDefault() ?? throw new UnknownId())
            .WithName(nameof(ImportState)).WithSummary("How far an import is").For(Role.Import);
        routes.MapGet("/imports/{import:guid}/rejects", async ([FromRoute(Name = "import")] Guid id, HttpRequest request, CancellationToken ct) =>
        {
            if ((await log.Find(id, ct)).Count == 0)
                throw new UnknownId();
            var csv = request.Headers.Accept.ToString().Contains("text/csv", StringComparison.OrdinalIgnoreCase);
            return TypedResults.Stream(body => Report(log, id, csv, body, ct), csv ? "text/csv" : "application/x-ndjson", $"rejects-{id}.{(csv ? "csv" : "ndjson")}");
        }).WithName("ImportRejects").WithSummary("Which lines of an import were rejected and why").For(Role.Import)
            .Produces<string>(200, "application/x-ndjson", "text/csv");

        routes.MapPost("/imports/history/opening", (NpgsqlDataSource database, CancellationToken ct) => Set(database, true, ct))
            .WithName("OpenHistory").WithSummary("Hold deadlines while a history is imported").For(Role.Import);
        routes.MapPost("/imports/history/closing", (NpgsqlDataSource database, CancellationToken ct) => Set(database, false, ct))
            .WithName("CloseHistory").WithSummary("The history is complete: deadlines fire again").For(Role.Import);
    }

    /// <summary>Passes over what was done before, whether it was sent again or left out.</summary>
    private static async Task GoOn(ImportRun run, ImportFile file, int? after, CancellationToken ct)
    {
        var (lines, digest) = run.Reached;
        if (after is not null && after != lines)
            throw new RuleBroken("IMPORT_POSITION", "The import goes on after another line.", new { lines });
        if (digest is null)
            return;
        if (after is not null)
        {
            file.Lines.StandAfter(lines, digest);
            return;
        }
        while (file.Lines.Last.Number < lines && await file.Lines.Next(ct) is not null)
        {
        }
        if (!file.Lines.Last.Digest.AsSpan().SequenceEqual(digest))
            throw new RuleBroken("IMPORT_DIFFERS", "This is another file than the one that this import began with.", new { lines });
    }

    private static async Task<ImportResult> Take(ImportRun run, ImportFile file, ImportKind import, DryRun? dry, HttpContext http)
    {
        var rejects = new List<ImportReject>();
        var page = new List<ImportLine>(PageRows);
        for (var ended = false; !ended;)
        {
            page.Clear();
            for (var bytes = 0L; page.Count < PageRows && bytes < PageBytes && !ended;)
            {
                var row = await file.Next(http.RequestAborted);
                if (row is not null)
                    page.Add(row);
                ended = row is null;
                bytes += row?.Json?.Length ?? 0;
            }
            var outcomes = page.Count > 0 ? await import.Take(page, http, dry is not null) : [];
            await run.Save(ended ? file.Lines.Last : (page[^1].End.Number, page[^1].End.Digest), outcomes, ended);
            rejects.AddRange(outcomes.Select(o => o.Reject).OfType<ImportReject>().Take(ToldRejects - rejects.Count));
            if (dry is { IsFull: true } && !ended)
                throw new RuleBroken("PAYLOAD_TOO_LARGE", "A dry run decides no more than this at once; send the rest as another.", new { run.Reached.Lines });
        }
        return new(run.Id, run.Accepted, run.Repeated, run.Rejected, rejects);
    }

    /// <summary>Line, code and field: nothing of what stood in the line.</summary>
    private static async Task Report(ImportLog log, Guid id, bool csv, Stream body, CancellationToken ct)
    {
        await using var writer = new StreamWriter(body, leaveOpen: true);
        if (csv)
            await writer.WriteLineAsync("line,code,field");
        for (var after = 0; await log.Rejects(id, after, ct) is { Count: > 0 } page; after = page[^1].Line)
        {
            foreach (var (line, code, field) in page)
                await writer.WriteLineAsync(csv ? $"{line},{code},{field}" : JsonSerializer.Serialize(new { line, code, field }));
            await writer.FlushAsync(ct);
        }
    }

    /// <summary>What the handler reads by itself.</summary>
    private static Task Describe(OpenApiOperation operation, IReadOnlyDictionary<string, ImportKind> kinds)
    {
        foreach (var parameter in operation.Parameters!.OfType<OpenApiParameter>())
        {
            parameter.Description = parameter.Name switch
            {
                "import" => "The kind of rows.",
                "id" => "Yours, to ask how far it is and to go on after a break; without one it gets one.",
                "after" => "The file begins after this line, up to which the import came before; a header line stays.",
                "dryRun" => "Every row is decided and nothing is written.",
                _ => "Of CSV: column:field, for columns that are not called as the field is; column: leaves one out.",
            };
            if (parameter.Name == "import")
                parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. kinds.Keys.Order(StringComparer.Ordinal).Select(k => JsonValue.Create(k))] };
        }
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        operation.RequestBody = new OpenApiRequestBody
        {
            Description = "Rows with id and occurredAt. Fields of a CSV row by kind: " + string.Join("; ", kinds.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key}: {string.Join(", ", k.Value.Shape.Leaves.Select(l => l.Path))}")),
            Content = new Dictionary<string, OpenApiMediaType> { ["application/x-ndjson"] = new() { Schema = text }, ["text/csv"] = new() { Schema = text } },
        };
        return Task.CompletedTask;
    }

    private static async Task<NoContent> Set(NpgsqlDataSource database, bool open, CancellationToken ct)
    {
        await using var command = database.CreateCommand(open
            ? "insert into fd_open_history (one) values (true) on conflict do nothing"
            : "delete from fd_open_history");
        await command.ExecuteNonQueryAsync(ct);
        return TypedResults.NoContent();
    }
}
