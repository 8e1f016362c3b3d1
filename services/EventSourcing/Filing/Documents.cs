using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>What a document is to its case.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DocumentKind>))]
public enum DocumentKind { Letter, Advice, Report, Plan, DischargeSummary, Findings, Photo, Summary, Other }

/// <summary>A document of a case: where it is and what it is; its content is in no event.</summary>
public sealed record CaseDocument(Guid Reference, DocumentKind Kind)
{
    private const int Most = 200;

    /// <summary>A kind as callers write it: dischargeSummary.</summary>
    public static DocumentKind KindOf(string kind) =>
        Enum.GetValues<DocumentKind>().Where(k => kind.Equals(k.ToString(), StringComparison.OrdinalIgnoreCase)).Cast<DocumentKind?>().FirstOrDefault()
        ?? throw new RuleBroken("VALIDATION_FAILED", "There is no such kind of document.", new { allowed = Enum.GetNames<DocumentKind>().Select(JsonNamingPolicy.CamelCase.ConvertName) });

    /// <summary>Whether a document is still to be added to those of a case; refuses more than anybody could read.</summary>
    public static bool IsNew(IReadOnlyCollection<CaseDocument> known, Guid reference) => !known.Any(d => d.Reference == reference)
        && (known.Count < Most ? true : throw new RuleBroken("RULE_VIOLATION", "A case has 200 documents at most.", new { Most }));

    /// <summary>Those that there are of some places where one may be.</summary>
    public static IEnumerable<CaseDocument> Of(params ReadOnlySpan<(Guid? Reference, DocumentKind Kind)> places)
    {
        var there = new List<CaseDocument>();
        foreach (var (reference, kind) in places)
        {
            if (reference is { } known)
                there.Add(new(known, kind));
        }
        return there;
    }
}

/// <summary>A document in the list of its case.</summary>
/// <param name="Size">In bytes.</param>
public sealed record ListedDocument(Guid Reference, DocumentKind Kind, string ContentType, int Size, DateTimeOffset KeptAt);

/// <summary>The documents of a case, in the order in which they came.</summary>
public sealed record ListedDocuments(IReadOnlyList<ListedDocument> Items);

/// <summary>Letters, findings, reports and photos of a service: sealed with the resident's key; events carry only the reference.</summary>
public sealed class Documents(NpgsqlDataSource database, Vault vault)
{
    /// <summary>Keeps a document. The id comes from the caller, so that a repeated request keeps one document.</summary>
    public async Task Keep(Guid id, Guid residentId, string contentType, ReadOnlyMemory<byte> content, CancellationToken ct) =>
        await Insert(id, residentId, contentType, await vault.Seal(residentId, content, ct), ct);

    /// <summary>Keeps a file that somebody sent; the same file of the same kind is one document of its case.</summary>
    public async Task<Guid> Keep(Guid caseId, Guid residentId, DocumentKind kind, SentFile file, CancellationToken ct)
    {
        var id = Ids.Of(caseId, $"{kind}:{Convert.ToHexString(SHA256.HashData(file.Content.Span))}");
        await vault.SealInPlace(residentId, file.Room, ct);
        await Insert(id, residentId, file.ContentType, file.Room, ct);
        return id;
    }

    /// <summary>Null when there is none, or when the resident was erased.</summary>
    public async Task<(string ContentType, ReadOnlyMemory<byte> Content)?> Find(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select resident_id, content_type, sealed from fd_documents where id = $1");
        command.Parameters.AddWithValue(id);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return null;
        return await vault.OpenInPlace(row.GetGuid(0), row.GetFieldValue<byte[]>(2), ct) is { } content ? (row.GetString(1), content) : null;
    }

    /// <summary>A document of a case, to be sent; 404 for one of another case, and for what nobody can read any more.</summary>
    public async Task<KeptFile> Read(IEnumerable<CaseDocument>? ofCase, Guid reference, string number, CancellationToken ct) =>
        ofCase?.FirstOrDefault(d => d.Reference == reference) is { } document && await Find(reference, ct) is var (contentType, content)
            ? new(contentType, content, $"{number}-{document.Kind}") : throw new UnknownId();

    /// <summary>What there is of a case, in the order in which it came; without what was erased.</summary>
    public async Task<ListedDocuments> List(IEnumerable<CaseDocument>? ofCase, CancellationToken ct)
    {
        var wanted = ofCase?.ToList() ?? throw new UnknownId();
        await using var command = database.CreateCommand(
            $"select id, content_type, octet_length(sealed) - {Vault.SealSize}, written_at from fd_documents where id = any($1)");
        command.Parameters.AddWithValue(wanted.Select(d => d.Reference).ToArray());
        var found = new Dictionary<Guid, (string Type, int Size, DateTimeOffset KeptAt)>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            found[row.GetGuid(0)] = (row.GetString(1), row.GetInt32(2), row.GetFieldValue<DateTimeOffset>(3));
        return new([.. wanted.Where(d => found.ContainsKey(d.Reference))
            .Select(d => new ListedDocument(d.Reference, d.Kind, found[d.Reference].Type, found[d.Reference].Size, found[d.Reference].KeptAt))]);
    }

    /// <summary>A resident was erased: what lay here sealed with his key is destroyed with it, and nothing is kept any more.</summary>
    public async Task Shred(Guid residentId, CancellationToken ct)
    {
        await using (var erased = database.CreateCommand("insert into fd_erased_residents (resident_id) values ($1) on conflict do nothing"))
        {
            erased.Parameters.AddWithValue(residentId);
            await erased.ExecuteNonQueryAsync(ct);
        }
        await vault.Erase(residentId, ct);
        await using var command = database.CreateCommand("delete from fd_documents where resident_id = $1");
        command.Parameters.AddWithValue(residentId);
        await command.ExecuteNonQueryAsync(ct);
    }

    // Another instance may still remember his key.
    private async Task Insert(Guid id, Guid residentId, string contentType, ReadOnlyMemory<byte> sealedContent, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            with erased as (select from fd_erased_residents where resident_id = $2),
                 kept as (insert into fd_documents (id, resident_id, content_type, sealed) select $1, $2, $3, $4 where not exists (select from erased) on conflict do nothing)
            select exists (select from erased)
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(residentId);
        command.Parameters.AddWithValue(contentType);
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = sealedContent, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea });
        if (await command.ExecuteScalarAsync(ct) is true)
            throw Vault.Erased();
    }
}
