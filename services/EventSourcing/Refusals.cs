namespace FamilyDoctor.EventSourcing;

/// <summary>A rule of the field says no. The code is stable; the status belongs to the code; facts help the caller on.</summary>
public sealed class RuleBroken(string code, string sentence, object? facts = null) : Exception(sentence)
{
    public string Code => code;
    public object? Facts => facts;
}

/// <summary>The caller decided on an older version than the current one (412).</summary>
public sealed class StaleVersion(long currentVersion) : Exception("Somebody changed this in the meantime.")
{
    public long CurrentVersion => currentVersion;
}

/// <summary>No such thing, or none that the caller may see (404, one body for both).</summary>
public sealed class UnknownId() : Exception("There is no such resource.");

/// <summary>An Idempotency-Key came back with another content (422).</summary>
public sealed class IdempotencyMismatch() : Exception("This Idempotency-Key was used for another request.");

/// <summary>Too much at once, or the database is away (503 with Retry-After). Nothing is half done.</summary>
public sealed class Busy(Exception? cause = null) : Exception("The service is busy. Try again in a moment.", cause);

/// <summary>An event of a newer release stands in the stream; this instance must not decide on it (503).</summary>
public sealed class NewerRelease(string type) : Exception($"'{type}' is of a newer release.");
