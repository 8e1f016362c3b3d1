namespace FamilyDoctor.EventSourcing;

/// <summary>Wakes everybody who waits, each time it is raised.</summary>
public sealed class Signal
{
    private TaskCompletionSource? next;

    /// <summary>Completes when it is raised next.</summary>
    public Task Next
    {
        get
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref next, fresh, null) ?? fresh).Task;
        }
    }

    public void Raise() => Interlocked.Exchange(ref next, null)?.TrySetResult();
}
