namespace FamilyDoctor.Bench;

/// <summary>One line of the table: something we do, and the limit it is held against.</summary>
/// <param name="Limit">What the limit is and the rules of the comparison.</param>
/// <param name="Ours">Runs for a while and says how fast it was.</param>
public sealed record Row(
    string Path, string Name, string Limit, Target? Target, Func<TimeSpan, Task<Measured>> Ours, Func<TimeSpan, Task<Measured>> TheLimit)
{
    /// <summary>Every round does the same piece of work, however long that takes; fewer rounds will do.</summary>
    public bool IsOneTask { get; init; }

    /// <summary>What is left to do after the last round, and a word about it.</summary>
    public Func<Task<string>>? InTheEnd { get; init; }
}

/// <summary>What must be reached and what is wanted: a ratio to the limit, or a figure of its own without false conflicts.</summary>
public sealed record Target(double Must, double Want, bool IsPerSecond = false)
{
    public bool Holds(Measured ours, Measured limit) => Reached(ours, limit, Must);

    public bool IsAsWanted(Measured ours, Measured limit) => Reached(ours, limit, Want);

    private bool Reached(Measured ours, Measured limit, double figure) =>
        ours.FalseConflicts == 0 && (IsPerSecond ? ours.PerSecond : ours.PerSecond / limit.PerSecond) >= figure;
}

/// <summary>Rows that share their databases.</summary>
public abstract class Comparison : IAsyncDisposable
{
    public abstract IEnumerable<Row> Rows { get; }

    public virtual bool NeedsBroker => false;

    /// <summary>Creates and fills the databases; they go when the rows are measured.</summary>
    public abstract Task Prepare(Ground ground);

    /// <summary>Ends what the rows ran beside their databases.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
