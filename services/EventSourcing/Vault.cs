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

    /// <summary>What a seal takes, in front of what it seals.</summary>
    internal const int SealSize = NonceSize + TagSize;

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

    /// <summary>Seals what lies behind the room for the seal, where it lies: a large file is in memory once.</summary>
    internal async Task SealInPlace(Guid residentId, Memory<byte> room, CancellationToken ct)
    {
        var key = await KeyOf(residentId, ct);
        Encrypt(key, room.Span[SealSize..], room.Span);
    }

    /// <summary>Opens what was sealed, where it lies; null when the resident's key was deleted.</summary>
    internal async Task<ReadOnlyMemory<byte>?> OpenInPlace(Guid residentId, Memory<byte> sealedBytes, CancellationToken ct)
    {
        if (await FindKey(residentId, ct) is not { } key)
            return null;
        Decrypt(key, sealedBytes.Span, sealedBytes.Span[SealSize..]);
        return sealedBytes[SealSize..];
    }

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
        var result = new byte[SealSize + plain.Length];
        Encrypt(key, plain, result);
        return result;
    }

    private static void Encrypt(byte[] key, ReadOnlySpan<byte> plain, Span<byte> result)
    {
        RandomNumberGenerator.Fill(result[..NonceSize]);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(result[..NonceSize], plain, result[SealSize..], result[NonceSize..SealSize]);
    }

    private static byte[] Decrypt(byte[] key, ReadOnlySpan<byte> sealedBytes)
    {
        var plain = new byte[sealedBytes.Length - SealSize];
        Decrypt(key, sealedBytes, plain);
        return plain;
    }

    private static void Decrypt(byte[] key, ReadOnlySpan<byte> sealedBytes, Span<byte> plain)
    {
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(sealedBytes[..NonceSize], sealedBytes[SealSize..], sealedBytes[NonceSize..SealSize], plain);
    }
}
