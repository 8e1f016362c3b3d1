using System.Text.Json;
using FamilyDoctor.EventSourcing;
using Npgsql;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>A resident's identity. It is sealed with his own key and leaves the vault only to be shown to who may see it.</summary>
/// <param name="CertificateType">identityCard, passport, hkMacauPermit, taiwanPermit, foreignerResidence or birthCertificate.</param>
/// <param name="Sex">female, male or unknown.</param>
public sealed record Identity(
    string CertificateType, string CertificateNumber, string Name, string Sex, DateOnly BirthDate, string? Phone, string? Address);

/// <summary>Where residents' identities are kept: unique by certificate without the certificate being readable, alike by name and birth.</summary>
public sealed class ResidentVault(NpgsqlDataSource database, Vault vault)
{
    private readonly Together<Guid, byte[]> identities = new(wanted => Sealed(database, wanted));

    public async Task CreateSchema(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            create table if not exists residents (
                id uuid primary key, certificate_index bytea not null unique, sealed bytea not null, kept_at timestamptz not null default now());
            alter table residents add column if not exists likeness bytea, add column if not exists merged_into uuid;
            create index if not exists residents_likeness on residents (likeness) where merged_into is null;
            create table if not exists resident_certificates (certificate_index bytea primary key, resident_id uuid not null, sealed bytea not null);
            create table if not exists different_residents (one uuid not null, other uuid not null, primary key (one, other));
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Keeps identities; who is kept already, whose certificate is another's, or who was erased, stays as he is.</summary>
    public async Task Keep(IReadOnlyList<(Guid ResidentId, Identity Identity)> residents, CancellationToken ct)
    {
        if (residents.Count == 0)
            return;
        var all = await vault.SealAll([.. residents.Select(r => (r.ResidentId, JsonSerializer.SerializeToUtf8Bytes(r.Identity)))], ct);
        residents = [.. residents.Where((_, i) => all[i] is not null)];
        await using var command = database.CreateCommand("""
            insert into residents (id, certificate_index, sealed, likeness) select * from unnest($1, $2, $3, $4) as r(id, certificate_index, sealed, likeness)
            where not exists (select 1 from resident_certificates c where c.certificate_index = r.certificate_index) on conflict do nothing
            """);
        command.Parameters.AddWithValue(residents.Select(r => r.ResidentId).ToArray());
        command.Parameters.AddWithValue(residents.Select(r => IndexOf(r.Identity.CertificateType, r.Identity.CertificateNumber)).ToArray());
        command.Parameters.AddWithValue(all.OfType<byte[]>().ToArray());
        command.Parameters.AddWithValue(residents.Select(r => LikenessOf(r.Identity)).ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Another certificate of a resident; false when it is somebody else's.</summary>
    public async Task<bool> Add(Guid residentId, string type, string number, CancellationToken ct)
    {
        if (await FindByCertificate(type, number, ct) is { } holder)
            return holder == residentId;
        await using var command = database.CreateCommand("insert into resident_certificates values ($1, $2, $3) on conflict do nothing");
        command.Parameters.AddWithValue(IndexOf(type, number));
        command.Parameters.AddWithValue(residentId);
        command.Parameters.AddWithValue(await vault.Seal(residentId, JsonSerializer.SerializeToUtf8Bytes(new { type, number }), ct));
        return await command.ExecuteNonQueryAsync(ct) == 1 || await FindByCertificate(type, number, ct) == residentId;
    }

    /// <summary>Who holds a certificate, after all merges, or null.</summary>
    public async Task<Guid?> FindByCertificate(string type, string number, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select coalesce(merged_into, id) from residents
            where certificate_index = $1 or id = (select resident_id from resident_certificates where certificate_index = $1)
            """);
        command.Parameters.AddWithValue(IndexOf(type, number));
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Null when there is no such resident, or when he was erased.</summary>
    public async Task<Identity?> Find(Guid residentId, CancellationToken ct) =>
        await identities.Ask(residentId, ct) is { } sealedBytes && await vault.Open(residentId, sealedBytes, ct) is { } plain
            ? JsonSerializer.Deserialize<Identity>(plain)
            : null;

    private static async Task<IReadOnlyDictionary<Guid, byte[]>> Sealed(NpgsqlDataSource database, IReadOnlyCollection<Guid> residents)
    {
        await using var command = database.CreateCommand("select id, sealed from residents where id = any($1)");
        command.Parameters.AddWithValue(residents.ToArray());
        var found = new Dictionary<Guid, byte[]>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            found.Add(row.GetGuid(0), row.GetFieldValue<byte[]>(1));
        return found;
    }

    private byte[] IndexOf(string type, string number) => vault.BlindIndex($"{type}:{Certificates.Normal(type, number)}");

    private byte[] LikenessOf(Identity identity) =>
        vault.BlindIndex($"likeness:{string.Concat(identity.Name.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant()}:{identity.Sex}:{identity.BirthDate:yyyyMMdd}");
}
