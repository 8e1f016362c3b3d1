using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>
/// The next page of a disbandment: every contract of the team gets a seat at a successor. A durable deadline, so a
/// restart goes on where it was; what was done already changes nothing when it is done again.
/// </summary>
public sealed class WorkReassignment(
    Seats seats, IEventStore store, Rows<ContractsOfTeam> contracts, ReassignmentProgress progress, ILogger<WorkReassignment> log)
{
    private const string Held = "status in ('PendingConfirmation', 'Active', 'InGrace', 'AwaitingReassignment')";

    public async Task Work(Guid processId, Envelope by, CancellationToken ct)
    {
        var (process, _) = await store.Load<TeamReassignment>(processId, ct);
        if (process is not { NextAt: not null })
            return;
        var envelope = by with { OccurredAt = null };
        var condition = process.Status switch
        {
            ReassignmentStatus.Running => "not reassigning",
            ReassignmentStatus.Forced => "true",
            _ => "reassigning",
        };
        var page = await contracts.Where($"team_id = $1 and {Held} and {condition} order by contract_id limit {TeamReassignment.Page}", ct, process.TeamId);
        var successors = await Successors(process, envelope, ct);
        var moved = await Task.WhenAll(page.Select(row => Move(process, row, successors, envelope, ct)));
        await progress.Follow(process.TeamId, envelope, ct, (moved.Count(m => m), await StillOpen(process, page.Count, envelope, ct)));
    }

    private async Task<bool> Move(TeamReassignment process, ContractsOfTeam row, List<TeamPanel> successors, Envelope by, CancellationToken ct)
    {
        try
        {
            if (process.Status is ReassignmentStatus.CallingOff)
            {
                await seats.ExecuteWithKept(row.ResidentId, by, (enrolment, panel, kept, _) =>
                    CancelReassignment.Decide(process.TeamId, enrolment, panel, kept), ct);
                return true;
            }
            await Require(process, row, successors, by, ct);
            if (process.Status is ReassignmentStatus.Forced)
                await seats.ExecuteWithKept(row.ResidentId, by, (enrolment, panel, kept, at) => AssumeReassignment.Decide(enrolment, panel, kept, at, isForced: true), ct);
            return true;
        }
        catch (Exception e) when (e is RuleBroken or UnknownId or Busy)
        {
            log.LogWarning(e, "Contract {ContractId} could not be moved yet; it comes again", row.ContractId);
            return false;
        }
    }

    /// <summary>The successor with the most free seats, then the next; when all are full, over the first one's cap; none when there is none.</summary>
    private async Task Require(TeamReassignment process, ContractsOfTeam row, List<TeamPanel> successors, Envelope by, CancellationToken ct)
    {
        foreach (var (successor, overCap) in successors.Select(s => (s, false)).Concat(successors.Take(1).Select(s => (s, true))))
        {
            try
            {
                await seats.ExecuteToOther(row.ResidentId, successor.TeamId, by, (enrolment, panel, to, at) =>
                    RequireReassignment.Decide(process.TeamId, process.EffectiveOn, enrolment, panel, to, overCap, at), ct);
                return;
            }
            catch (RuleBroken full) when (full.Code is "PANEL_FULL" or "TEAM_NOT_ACCEPTING")
            {
                // The next successor, then.
            }
        }
        await seats.ExecuteOnOwn(row.ResidentId, by, (enrolment, panel, at) =>
        {
            var (a, b, _) = RequireReassignment.Decide(process.TeamId, process.EffectiveOn, enrolment, panel, null, false, at);
            return (a, b);
        }, ct);
    }

    private async Task<List<TeamPanel>> Successors(TeamReassignment process, Envelope by, CancellationToken ct)
    {
        var found = new List<TeamPanel>();
        foreach (var team in process.Successors.Where(team => team != process.TeamId))
        {
            if (await seats.Look(team, by, ct) is { TakesResidents: true } panel)
                found.Add(panel);
        }
        return [.. found.OrderByDescending(p => p.Free)];
    }

    /// <summary>Seats of the team that no reassignment was required for yet, though the view may still lag behind.</summary>
    private async Task<int> StillOpen(TeamReassignment process, int page, Envelope by, CancellationToken ct)
    {
        var marked = (await contracts.Query($"select count(*) from {{view}} where team_id = $1 and {Held} and reassigning",
            row => (int)row.GetInt64(0), ct, process.TeamId)).Single();
        return process.Status is ReassignmentStatus.CallingOff ? page : Math.Max(0, (await seats.Look(process.TeamId, by, ct))?.Seats - marked ?? 0);
    }
}
