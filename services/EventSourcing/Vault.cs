using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// A key per resident, kept in a database of its own, wrapped by the master key: deleting it there makes every copy of
/// what it sealed unreadable. AES-256-GCM throughout.
/// </summary>
public sealed class Vault
{
    private const int NonceSize = 12, TagSize = 16;
    private readonly NpgsqlDataSource keys;
    private readonly string owner;
    private readonly byte[] masterKey;
    private readonly byte[] indexSecret;
    private readonly ConcurrentDictionary<Guid, (byte[] Key, long Since)> recent = new();
    private readonly TimeProvider clock;

    /// <param name="owner">The service whose documents these keys seal.</param>
    /// <param name="masterSecret">From Vault:MasterKey; 32 characters at least.</param>
    /// <param name="indexSecret">From Vault:IndexSecret; makes certificates comparable without being readable.</param>
    public Vault(NpgsqlDataSource keys, string owner, string masterSecret, string indexSecret, TimeProvider clock)
    {
        (this.keys, this.owner, this.clock) = (keys, owner, clock);
        masterKey = Derive(masterSecret, "Vault:MasterKey");
        this.indexSecret = Derive(indexSecret, "Vault:IndexSecret");
    }

    public Task CreateSchema(CancellationToken ct) => Schema.Create(keys, """
        create table if not exists resident_keys (
            owner text not null, resident_id uuid not null, wrapped bytea not null,
            created_at timestamptz not null default now(), primary key (owner, resident_id));
        create table if not exists erased_residents (resident_id uuid primary key, erased_at timestamptz not null default now());
        """, ct);

    /// <summary>Seals bytes so that only this resident's key opens them; the key is made at first use.</summary>
    public async Task<byte[]> Seal(Guid residentId, ReadOnlyMemory<byte> plain, CancellationToken ct) =>
        Encrypt(await KeyOf(residentId, ct), plain.Span);

    /// <summary>Opens what was sealed; null when the resident's key was deleted.</summary>
    public async Task<byte[]?> Open(Guid residentId, byte[] sealedBytes, CancellationToken ct) =>
        await FindKey(residentId, ct) is { } key ? Decrypt(key, sealedBytes) : null;

    /// <summary>Seals many residents' data in two round trips, for imports; null for who was erased.</summary>
    public async Task<IReadOnlyList<byte[]?>> SealAll(IReadOnlyList<(Guid ResidentId, byte[] Plain)> items, CancellationToken ct)
    {
        var wrapped = items.ToDictionary(i => i.ResidentId, _ => Encrypt(masterKey, RandomNumberGenerator.GetBytes(32)));
        await using var command = keys.CreateCommand("""
            with wanted as (select * from unnest($2, $3) as w(id, wrapped)),
                 made as (insert into resident_keys (owner, resident_id, wrapped)
                          select $1, w.id, w.wrapped from wanted w where not exists (select 1 from erased_residents e where e.resident_id = w.id)
                          on conflict do nothing returning resident_id, wrapped)
            select resident_id, wrapped from made
            union all
            select k.resident_id, k.wrapped from resident_keys k join wanted w on w.id = k.resident_id where k.owner = $1
            """);
        command.Parameters.AddWithValue(owner);
        command.Parameters.AddWithValue(wrapped.Keys.ToArray());
        command.Parameters.AddWithValue(wrapped.Values.ToArray());
        var found = new Dictionary<Guid, byte[]>();
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
                found[row.GetGuid(0)] = Decrypt(masterKey, row.GetFieldValue<byte[]>(1));
        }
        return [.. items.Select(i => found.TryGetValue(i.ResidentId, out var key) ? Encrypt(key, i.Plain) : null)];
    }

    /// <summary>Deletes the resident's keys of every service, for good. Copies in memory die within five minutes.</summary>
    public async Task Erase(Guid residentId, CancellationToken ct)
    {
        await using var command = keys.CreateCommand("""
            with erased as (insert into erased_residents (resident_id) values ($1) on conflict do nothing)
            delete from resident_keys where resident_id = $1
            """);
        command.Parameters.AddWithValue(residentId);
        await command.ExecuteNonQueryAsync(ct);
        recent.TryRemove(residentId, out _);
    }

    /// <summary>The resident was erased elsewhere: his key is not remembered here any longer.</summary>
    public void Forget(Guid residentId) => recent.TryRemove(residentId, out _);

    /// <summary>The same text always gives the same value, and nobody without the secret can find the text from it.</summary>
    public byte[] BlindIndex(string text) => HMACSHA256.HashData(indexSecret, Encoding.UTF8.GetBytes(text));

    private async Task<byte[]> KeyOf(Guid residentId, CancellationToken ct)
    {
        if (await FindKey(residentId, ct) is { } known)
            return known;
        await using var command = keys.CreateCommand("""
            insert into resident_keys (owner, resident_id, wrapped)
            select $1, $2, $3 where not exists (select 1 from erased_residents where resident_id = $2) on conflict do nothing
            """);
        command.Parameters.AddWithValue(owner);
        command.Parameters.AddWithValue(residentId);
        command.Parameters.AddWithValue(Encrypt(masterKey, RandomNumberGenerator.GetBytes(32)));
        await command.ExecuteNonQueryAsync(ct);
        return await FindKey(residentId, ct) ?? throw Erased();
    }

    private async Task<byte[]?> FindKey(Guid residentId, CancellationToken ct)
    {
        if (recent.TryGetValue(residentId, out var kept) && clock.GetElapsedTime(kept.Since) < TimeSpan.FromMinutes(5))
            return kept.Key;
        await using var command = keys.CreateCommand("select wrapped from resident_keys where owner = $1 and resident_id = $2");
        command.Parameters.AddWithValue(owner);
        command.Parameters.AddWithValue(residentId);
        if (await command.ExecuteScalarAsync(ct) is not byte[] wrapped)
            return null;
        if (recent.Count > 10_000)
            recent.Clear();
        var key = Decrypt(masterKey, wrapped);
        recent[residentId] = (key, clock.GetTimestamp());
        return key;
    }

    internal static RuleBroken Erased() => new("RESIDENT_ERASED", "This resident's data were erased.");

    private static byte[] Derive(string secret, string name) => secret.Length >= 32
        ? HKDF.DeriveKey(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: Encoding.UTF8.GetBytes(name))
        : throw new InvalidOperationException($"{name} must be configured with 32 characters at least.");

    private static byte[] Encrypt(byte[] key, ReadOnlySpan<byte> plain)
    {
        var result = new byte[NonceSize + TagSize + plain.Length];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceSize));
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(result.AsSpan(0, NonceSize), plain, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize));
        return result;
    }

    private static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> sealedBytes)
    {
        var plain = new byte[sealedBytes.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(sealedBytes[..NonceSize], sealedBytes[(NonceSize + TagSize)..], sealedBytes[NonceSize..(NonceSize + TagSize)], plain);
        return plain;
    }
}

/// <summary>Letters, findings and reports of a service: sealed with the resident's key; events carry only the reference.</summary>
public sealed class Documents(NpgsqlDataSource database, Vault vault)
{
    /// <summary>Keeps a document. The id comes from the caller, so that a repeated request keeps one document.</summary>
    public async Task Keep(Guid id, Guid residentId, string contentType, ReadOnlyMemory<byte> content, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            with erased as (select 1 from fd_erased_residents where resident_id = $2),
                 kept as (insert into fd_documents (id, resident_id, content_type, sealed) select $1, $2, $3, $4 where not exists (select from erased) on conflict do nothing)
            select exists (select from erased)
            """);
        command.Parameters.AddWithValue(id);
        command.Parameters.AddWithValue(residentId);
        command.Parameters.AddWithValue(contentType);
        command.Parameters.AddWithValue(await vault.Seal(residentId, content, ct));
        if (await command.ExecuteScalarAsync(ct) is true)
            throw Vault.Erased();
    }

    /// <summary>A resident was erased: all documents about him are gone at once, and none is kept any more.</summary>
    public async Task Erase(Guid residentId, CancellationToken ct)
    {
        await using (var command = database.CreateCommand("insert into fd_erased_residents (resident_id) values ($1) on conflict do nothing"))
        {
            command.Parameters.AddWithValue(residentId);
            await command.ExecuteNonQueryAsync(ct);
        }
        vault.Forget(residentId);
        await using var documents = database.CreateCommand("delete from fd_documents where resident_id = $1");
        documents.Parameters.AddWithValue(residentId);
        await documents.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Null when there is none, or when the resident was erased.</summary>
    public async Task<(string ContentType, byte[] Content)?> Find(Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select resident_id, content_type, sealed from fd_documents where id = $1");
        command.Parameters.AddWithValue(id);
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return null;
        var (contentType, content) = (row.GetString(1), await vault.Open(row.GetGuid(0), row.GetFieldValue<byte[]>(2), ct));
        return content is null ? null : (contentType, content);
    }
}
