using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// The code on a slip, by which a desk finds the case: eight characters that nobody can guess or work out, and a ninth that
/// shows a slip of the finger. Who tries wrong ones has to wait.
/// </summary>
public sealed class PickUpCodes(NpgsqlDataSource database, Vault vault) : IDisposable
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's: nothing in it looks like something else
    private const int Length = 8, WrongInAMinute = 10;

    private readonly PartitionedRateLimiter<string> wrong = PartitionedRateLimiter.Create<string, string>(who =>
        RateLimitPartition.GetFixedWindowLimiter(who, _ => new() { PermitLimit = WrongInAMinute, Window = TimeSpan.FromMinutes(1) }));

    /// <summary>The code of a case; always the same.</summary>
    public async Task<string> Of(Guid caseId, char letter, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++) // two cases may come to one code: the later has its next
        {
            var code = Written(vault.BlindIndex($"PickUp:{letter}:{caseId}:{attempt}"));
            await using var keep = database.CreateCommand("""
                with kept as (insert into fd_pick_ups (code, case_id, letter) values ($1, $2, $3) on conflict do nothing returning case_id)
                select case_id from kept union all select case_id from fd_pick_ups where code = $1
                """);
            keep.Parameters.AddWithValue(code);
            keep.Parameters.AddWithValue(caseId);
            keep.Parameters.AddWithValue(letter.ToString());
            if (await keep.ExecuteScalarAsync(ct) is Guid known && known == caseId)
                return code;
        }
    }

    /// <summary>The case of a code, as somebody read it from a slip or typed it; who guesses is stopped.</summary>
    /// <param name="isHis">Whether whoever asks has anything to do with the case.</param>
    public async Task<T> Find<T>(string typed, HttpContext http, Func<char, Guid, Task<T?>> isHis, CancellationToken ct) where T : class
    {
        var who = http.User.FindFirstValue("sub") ?? "unknown";
        using (var mayTry = wrong.AttemptAcquire(who, 0))
        {
            if (!mayTry.IsAcquired)
                throw TooMany();
        }
        if (Read(typed) is { } code)
        {
            await using var find = database.CreateCommand("select letter, case_id from fd_pick_ups where code = $1");
            find.Parameters.AddWithValue(code);
            (char Letter, Guid Id)? found = null;
            await using (var row = await find.ExecuteReaderAsync(ct))
            {
                if (await row.ReadAsync(ct))
                    found = (row.GetString(0)[0], row.GetGuid(1));
            }
            if (found is var (letter, id) && await isHis(letter, id) is { } his)
                return his;
        }
        using var counted = wrong.AttemptAcquire(who);
        throw counted.IsAcquired ? new UnknownId() : TooMany();
    }

    /// <summary>As people read it: four, four and the last.</summary>
    public static string Spaced(string code) => $"{code[..4]} {code[4..Length]} {code[Length..]}";

    /// <summary>The code that was meant, or null when it can be none: a wrong character, or two that changed places.</summary>
    internal static string? Read(string typed)
    {
        var code = new string([.. typed.ToUpperInvariant().Where(c => c is not (' ' or '-')).Select(c => c switch { 'O' => '0', 'I' or 'L' => '1', _ => c })]);
        return code.Length == Length + 1 && !code.AsSpan().ContainsAnyExcept(Alphabet) && CheckOf(code.AsSpan(0, Length)) == code[Length] ? code : null;
    }

    internal static string Written(ReadOnlySpan<byte> secret)
    {
        Span<char> code = stackalloc char[Length + 1];
        for (var i = 0; i < Length; i++)
            code[i] = Alphabet[secret[i] & 31];
        code[Length] = CheckOf(code[..Length]);
        return new(code);
    }

    /// <summary>A sum in the field of 32 elements (x⁵ = x² + 1), each place with a weight of its own: no single slip and no two swapped characters give it again.</summary>
    private static char CheckOf(ReadOnlySpan<char> code)
    {
        var sum = 0;
        foreach (var c in code)
        {
            sum = (sum ^ Alphabet.IndexOf(c, StringComparison.Ordinal)) << 1;
            sum = (sum & 32) != 0 ? sum ^ 0b100101 : sum;
        }
        return Alphabet[sum];
    }

    private static RuleBroken TooMany() => new("RATE_LIMITED", "Too many wrong codes. Try again in a minute.");

    public void Dispose() => wrong.Dispose();
}
