using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FamilyDoctor.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>A row of an import: its id makes a repetition harmless, its time is when it happened.</summary>
public interface IImportRow
{
    string Id { get; }
    DateTimeOffset OccurredAt { get; }
}

/// <param name="Line">From 1.</param>
/// <param name="Field">Where it is a field that was not as described.</param>
public sealed record ImportReject(int Line, string? Id, string Code, string Detail, string? Field = null);

/// <summary>One kind of import: how its rows become commands, the same ones that live requests use.</summary>
public sealed class ImportKind
{
    internal delegate Task<(bool Repeated, ImportReject? Reject)[]> Taking(IReadOnlyList<ImportLine> page, HttpContext http, bool dryRun);

    private ImportKind(RowShape shape, Taking take) => (Shape, Take) = (shape, take);

    internal RowShape Shape { get; }

    internal Taking Take { get; }

    /// <param name="prepare">Done once for a page of rows, before its commands; only looks.</param>
    /// <param name="keep">Done once for a page of rows, before its commands, but not in a dry run: what is kept beside the log. Must be repeatable.</param>
    public static ImportKind Of<TRow>(
        string kind, Func<TRow, Envelope, CancellationToken, Task<Done>> command, Func<IReadOnlyList<TRow>, CancellationToken, Task>? prepare = null,
        Func<IReadOnlyList<TRow>, CancellationToken, Task>? keep = null) where TRow : class, IImportRow
    {
        var shape = new RowShape(typeof(TRow), Strict);
        return new(shape, async (page, http, dryRun) =>
        {
            var rows = page.Select(line => Parse<TRow>(line, shape)).ToList();
            IReadOnlyList<TRow> readable = [.. rows.Select(r => r.Row).OfType<TRow>()];
            if (prepare is not null)
                await prepare(readable, http.RequestAborted);
            if (keep is not null && !dryRun)
                await keep(readable, http.RequestAborted);
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

            async Task<(bool, ImportReject?)> TakeIn((ImportLine Line, TRow? Row, ImportReject? Fault) r)
            {
                if (r.Row is not { } row)
                    return (false, r.Fault);
                var envelope = http.Envelope() with
                {
                    OccurredAt = row.OccurredAt,
                    Channel = "import",
                    Idempotency = new($"import:{kind}:{row.Id}", Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(r.Line.Json!)))),
                };
                try
                {
                    return ((await command(row, envelope, http.RequestAborted)).Repeated, null);
                }
                catch (RuleBroken e)
                {
                    return (false, new(r.Line.Line, row.Id, e.Code, e.Message));
                }
                catch (Exception e) when (e is UnknownId or IdempotencyMismatch)
                {
                    return (false, new(r.Line.Line, row.Id, e is UnknownId ? "NOT_FOUND" : "IDEMPOTENCY_MISMATCH", e.Message));
                }
#pragma warning disable CA1031 // One row that we cannot decide must not stop all that follow it.
                catch (Exception e) when (e is not (OperationCanceledException or Busy or NewerRelease or NpgsqlException or TimeoutException))
#pragma warning restore CA1031
                {
                    http.RequestServices.GetRequiredService<ILogger<ImportKind>>().LogError(e, "A row of {Kind} could not be decided", kind);
                    return (false, new(r.Line.Line, row.Id, "INTERNAL", "Something went wrong on our side."));
                }
            }
        });
    }

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

    private static (ImportLine Line, TRow? Row, ImportReject? Fault) Parse<TRow>(ImportLine line, RowShape shape) where TRow : class
    {
        if (line.Fault is { } fault)
            return (line, null, new(line.Line, null, fault, SentenceOf(fault), line.Field));
        try
        {
            return (line, JsonSerializer.Deserialize<TRow>(line.Json!, Strict) ?? throw new JsonException("The row is empty."), null);
        }
        catch (JsonException e)
        {
            return (line, null, new(line.Line, null, "VALIDATION_FAILED", e.Message, shape.FieldAt(e.Path)));
        }
    }

    private static string SentenceOf(string fault) => fault switch
    {
        "LINE_TOO_LONG" => $"A line has {ImportLines.Longest} bytes at most.",
        "WRONG_ENCODING" => "The line is not in the encoding of the file.",
        "CSV_MALFORMED" => "The line has other columns than the first, or a quote that is not closed.",
        _ => "A field is missing or not as described.",
    };
}
