using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>Each contract that leaves a team which is being disbanded brings its progress up to date.</summary>
public sealed class ReassignmentProgress(Runner runner)
{
    /// <summary>Lost in a crash, it is caught up with at the next look of <see cref="WorkReassignment"/>.</summary>
    public Task Follow(Guid teamId, Envelope cause, CancellationToken ct, (int Worked, int Open)? page = null)
    {
        var envelope = cause with { ExpectedVersion = null, Idempotency = null };
        return runner.OnLedger<TeamPanel>(teamId, envelope, ledger => runner.Execute<TeamReassignment, TeamPanel>(
            TeamReassignment.StreamOf(teamId), ledger, envelope, (process, panel, at) => (TeamReassignment.Follow(process, panel, at, page), []), ct), ct);
    }
}
