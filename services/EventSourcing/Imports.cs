using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FamilyDoctor.Policies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>A row of an import: its id makes a repetition harmless, its time is when it happened.</summary>
public interface IImportRow
{
    string Id { get; }
    DateTimeOffset OccurredAt { get; }
}

/// <param name="Repeated">Rows of these ids were taken in before.</param>
public sealed record ImportResult(int Accepted, int Repeated, int Rejected, IReadOnlyList<ImportReject> Rejects);

/// <param name="Line">From 1.</param>
public sealed record ImportReject(int Line, string? Id, string Code, string Detail);

/// <summary>One kind of import: how its rows become commands, the same ones that live requests use.</summary>
public sealed class ImportKind
{
    private ImportKind(Func<IReadOnlyList<(int Line, string Text)>, HttpContext, Task<(bool Repeated, ImportReject? Reject)[]>> take) => Take = take;

    internal Func<IReadOnlyList<(int Line, string Text)>, HttpContext, Task<(bool Repeated, ImportReject? Reject)[]>> Take { get; }

    /// <param name="prepare">Done once for a page of rows, before its commands; must be repeatable.</param>
    public static ImportKind Of<TRow>(
        string kind, Func<TRow, Envelope, CancellationToken, Task<Done>> command, Func<IReadOnlyList<TRow>, CancellationToken, Task>? prepare = null)
        where TRow : class, IImportRow => new(async (lines, http) =>
        {
            var rows = lines.Select(line => (line.Line, line.Text, Row: Parse<TRow>(line.Text, out var fault), Fault: fault)).ToList();
            if (prepare is not null)
                await prepare([.. rows.Select(r => r.Row).OfType<TRow>()], http.RequestAborted);
            // One year after the other: ledgers turn between them, with all rows of the old year in.
            var outcomes = new List<(bool, ImportReject?)>(rows.Count);
            var policies = http.RequestServices.GetRequiredService<PolicyBook>();
            for (var done = 0; done < rows.Count; done = outcomes.Count)
            {
                var year = YearOf(rows[done].Row);
                outcomes.AddRange(await Task.WhenAll(rows.Skip(done).TakeWhile(r => YearOf(r.Row) == year).Select(TakeIn)));
            }
            return [.. outcomes];

            int? YearOf(TRow? row) => row is null ? null : policies.At(row.OccurredAt).Today.Year;

            async Task<(bool, ImportReject?)> TakeIn((int Line, string Text, TRow? Row, string? Fault) r)
            {
                if (r.Row is null)
                    return (false, new ImportReject(r.Line, null, "VALIDATION_FAILED", r.Fault!));
                var envelope = http.Envelope() with
                {
                    OccurredAt = r.Row.OccurredAt,
                    Channel = "import",
                    Idempotency = new($"import:{kind}:{r.Row.Id}", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(r.Text)))),
                };
                try
                {
                    return ((await command(r.Row, envelope, http.RequestAborted)).Repeated, (ImportReject?)null);
                }
                catch (RuleBroken e)
                {
                    return (false, new ImportReject(r.Line, r.Row.Id, e.Code, e.Message));
                }
                catch (Exception e) when (e is UnknownId or IdempotencyMismatch)
                {
                    return (false, new ImportReject(r.Line, r.Row.Id, e is UnknownId ? "NOT_FOUND" : "IDEMPOTENCY_MISMATCH", e.Message));
                }
            }
        });

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatCannotBeNull } },
    };

    private static void RequireWhatCannotBeNull(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { HasDefaultValue: false } parameter)
                property.IsRequired = !parameter.IsNullable && Nullable.GetUnderlyingType(property.PropertyType) is null;
        }
    }

    private static TRow? Parse<TRow>(string text, out string? fault) where TRow : class
    {
        try
        {
            fault = null;
            return JsonSerializer.Deserialize<TRow>(text, Strict) ?? throw new JsonException("The row is empty.");
        }
        catch (JsonException e)
        {
            fault = e.Message;
            return null;
        }
    }
}

/// <summary>
/// The past of a city, as newline-delimited JSON in the order it happened. While a history is open no deadline fires
/// by itself; those of a stream are decided at their own times before its next row.
/// </summary>
public static class Imports
{
    private const int Page = 500;

    public static void MapImports(this IEndpointRouteBuilder routes, IReadOnlyDictionary<string, ImportKind> kinds)
    {
        routes.MapPost("/imports/{kind}", async (string kind, HttpContext http) =>
        {
            if (!kinds.TryGetValue(kind, out var import))
                throw new UnknownId();
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
                size.MaxRequestBodySize = null; // read in pages, so its size is no matter
            return await Run(import, http);
        }).WithName("Import").WithSummary("Take in rows of the past (NDJSON)").For(Role.Import);

        routes.MapPost("/imports/history/opening", (NpgsqlDataSource database, CancellationToken ct) => Set(database, true, ct))
            .WithName("OpenHistory").WithSummary("Hold deadlines while a history is imported").For(Role.Import);
        routes.MapPost("/imports/history/closing", (NpgsqlDataSource database, CancellationToken ct) => Set(database, false, ct))
            .WithName("CloseHistory").WithSummary("The history is complete: deadlines fire again").For(Role.Import);
    }

    private static async Task<ImportResult> Run(ImportKind import, HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var (accepted, repeated, rejected, line) = (0, 0, 0, 0);
        var rejects = new List<ImportReject>();
        var page = new List<(int, string)>(Page);
        while (true)
        {
            var text = await reader.ReadLineAsync(http.RequestAborted);
            if (text is not null)
            {
                line++;
                if (!string.IsNullOrWhiteSpace(text))
                    page.Add((line, text));
            }
            if (page.Count == Page || (text is null && page.Count > 0))
            {
                foreach (var (again, reject) in await import.Take(page, http))
                {
                    (accepted, repeated, rejected) = reject is not null ? (accepted, repeated, rejected + 1)
                        : again ? (accepted, repeated + 1, rejected) : (accepted + 1, repeated, rejected);
                    if (reject is not null && rejects.Count < 1000)
                        rejects.Add(reject);
                }
                page.Clear();
            }
            if (text is null)
                return new(accepted, repeated, rejected, rejects);
        }
    }

    private static async Task<IResult> Set(NpgsqlDataSource database, bool open, CancellationToken ct)
    {
        await using var command = database.CreateCommand(open
            ? "insert into fd_open_history (one) values (true) on conflict do nothing"
            : "delete from fd_open_history");
        await command.ExecuteNonQueryAsync(ct);
        return TypedResults.NoContent();
    }
}
