using System.Text;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.EventSourcing.Tests;

[Collection("database")]
public sealed class VaultTests(Servers servers)
{
    private const string Master = "a master key for tests, of no other use", Index = "an index secret for tests, of no other use";
    private static readonly byte[] Letter = Encoding.UTF8.GetBytes("A letter that nobody else may read.");

    [Fact]
    public async Task A_document_comes_back_and_lies_sealed()
    {
        var (vault, documents, database) = await Open();
        var (id, resident) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await documents.Keep(id, resident, "text/plain", Letter, default);
        await documents.Keep(id, resident, "text/plain", Letter, default); // once more is once
        Assert.Equal(Letter, (await documents.Find(id, default))!.Value.Content.ToArray());
        await using var command = database.CreateCommand("select encode(sealed, 'escape') like '%letter%' from fd_documents");
        Assert.Equal(false, await command.ExecuteScalarAsync());
        Assert.Null(await documents.Find(Guid.CreateVersion7(), default));
        _ = vault;
    }

    [Fact]
    public async Task Erasing_a_resident_makes_every_copy_unreadable_and_stays_so()
    {
        var (vault, documents, _) = await Open();
        var (id, resident, neighbour) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await documents.Keep(id, resident, "text/plain", Letter, default);
        var other = await vault.SealAll([(neighbour, Letter)], default);
        await vault.Erase(resident, default);
        Assert.Null(await documents.Find(id, default));
        Assert.Equal("RESIDENT_ERASED", (await Assert.ThrowsAsync<RuleBroken>(() => vault.Seal(resident, Letter, default))).Code);
        Assert.Equal([true, false], (await vault.SealAll([(resident, Letter), (neighbour, Letter)], default)).Select(sealedBytes => sealedBytes is null));
        Assert.Equal(Letter, await vault.Open(neighbour, other[0]!, default));
    }

    [Fact]
    public async Task One_resident_s_key_does_not_open_another_s_letter()
    {
        var (vault, _, _) = await Open();
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var letter = await vault.Seal(one, Letter, default);
        await vault.Seal(other, Letter, default);
        await Assert.ThrowsAsync<System.Security.Cryptography.AuthenticationTagMismatchException>(() => vault.Open(other, letter, default));
    }

    [Fact]
    public async Task Many_seal_for_one_resident_at_once_with_one_key()
    {
        var (vault, _, _) = await Open();
        var resident = Guid.CreateVersion7();
        var letters = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => vault.Seal(resident, Letter, default)));
        foreach (var letter in letters)
            Assert.Equal(Letter, await vault.Open(resident, letter, default));
    }

    [Fact]
    public async Task A_short_secret_is_refused()
    {
        var (_, _, database) = await Open();
        Assert.Throws<InvalidOperationException>(() => new Vault(database, "tests", "short", Index, TimeProvider.System));
    }

    private async Task<(Vault, Documents, NpgsqlDataSource)> Open()
    {
        var workshop = await Workshop.Open(servers);
        var keys = NpgsqlDataSource.Create(await servers.CreateDatabase($"k{Guid.CreateVersion7():N}"));
        var vault = new Vault(keys, "tests", Master, Index, TimeProvider.System);
        await vault.CreateSchema(default);
        return (vault, new(workshop.Database, vault), workshop.Database);
    }
}
