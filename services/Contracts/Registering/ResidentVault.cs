using System.Text.Json;
using FamilyDoctor.EventSourcing;
using Npgsql;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>A resident's identity. It is sealed with his own key and leaves the vault only to be shown to who may see it.</summary>
/// <param name="CertificateType">identityCard, passport, hkMacauPermit, taiwanPermit, foreignerResidence or birthCertificate.</param>
/// <param name="Sex">female, male or unknown.</param>
public sealed record Identity(
    string CertificateType, string CertificateNumber, string Name, string Sex, DateOnly BirthDate, string? Phone, string? Address);

/// <summary>Where residents' identities are kept: unique by certificate without the certificate being readable.</summary>
public sealed class ResidentVault(NpgsqlDataSource database, Vault vault)
{
    public async Task CreateSchema(CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            create table if not exists residents (
                id uuid primary key, certificate_index bytea not null unique, sealed bytea not null, kept_at timestamptz not null default now())
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Keeps identities; who is kept already, or whose certificate is another's, stays as he is.</summary>
    public async Task Keep(IReadOnlyList<(Guid ResidentId, Identity Identity)> residents, CancellationToken ct)
    {
        if (residents.Count == 0)
            return;
        var sealedBytes = await vault.SealAll([.. residents.Select(r => (r.ResidentId, JsonSerializer.SerializeToUtf8Bytes(r.Identity)))], ct);
        await using var command = database.CreateCommand(
            "insert into residents (id, certificate_index, sealed) select * from unnest($1, $2, $3) on conflict do nothing");
        command.Parameters.AddWithValue(residents.Select(r => r.ResidentId).ToArray());
        command.Parameters.AddWithValue(residents.Select(r => IndexOf(r.Identity)).ToArray());
        command.Parameters.AddWithValue(sealedBytes.ToArray());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Who holds a certificate, or null.</summary>
    public async Task<Guid?> FindByCertificate(Identity identity, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select id from residents where certificate_index = $1");
        command.Parameters.AddWithValue(IndexOf(identity));
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Null when there is no such resident, or when he was erased.</summary>
    public async Task<Identity?> Find(Guid residentId, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select sealed from residents where id = $1");
        command.Parameters.AddWithValue(residentId);
        return await command.ExecuteScalarAsync(ct) is byte[] sealedBytes && await vault.Open(residentId, sealedBytes, ct) is { } plain
            ? JsonSerializer.Deserialize<Identity>(plain)
            : null;
    }

    private byte[] IndexOf(Identity identity) =>
        vault.BlindIndex($"{identity.CertificateType}:{identity.CertificateNumber.Trim().ToUpperInvariant()}");
}
