using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <param name="Leaving">Of a team that is being disbanded: what has left it so far.</param>
public sealed record PanelOpened(
    Guid TeamId, Guid InstitutionId, string DistrictCode, int Year, int Cap, bool Accepting, Guid? GpId, long TeamVersion, int Reserved, int Confirmed,
    PanelLeaving? Leaving = null, bool IsStopped = false) : DomainEvent;
/// <summary>The team changed: another cap, another leader, or it stopped or resumed signing.</summary>
public sealed record PanelChanged(Guid TeamId, int Cap, bool Accepting, Guid? GpId, long TeamVersion) : DomainEvent;
/// <summary>The team belongs to another institution now; its contracts follow.</summary>
public sealed record PanelRehomed(Guid TeamId, Guid From, Guid InstitutionId, string DistrictCode) : DomainEvent;
/// <summary>The team's institution is suspended or closed, so nobody signs with it; false when it works again.</summary>
public sealed record PanelStopped(Guid TeamId, bool IsStopped) : DomainEvent;
/// <summary>The team is being disbanded: nobody joins, everybody leaves.</summary>
public sealed record PanelDisbandmentStarted(Guid TeamId, DateOnly EffectiveOn, long TeamVersion) : DomainEvent;
public sealed record PanelDisbandmentCancelled(Guid TeamId, long TeamVersion) : DomainEvent;
public sealed record PanelSeatReserved(Guid TeamId, Guid SeatId) : DomainEvent;
public sealed record PanelSeatConfirmed(Guid TeamId, Guid SeatId) : DomainEvent;
/// <param name="Transferred">The contract goes on elsewhere.</param>
public sealed record PanelSeatReleased(Guid TeamId, Guid SeatId, bool WasConfirmed, bool Transferred = false) : DomainEvent;
/// <summary>A mandated transfer, a correction or a lower cap left the panel over its cap: not hidden, an overload to look at.</summary>
public sealed record PanelOverCapacityDetected(Guid TeamId, int Cap, int Seats) : DomainEvent;
public sealed record PanelClosed(Guid TeamId, int Year, int Reserved, int Confirmed) : DomainEvent;

/// <param name="Transferred">Contracts that went on with another team.</param>
/// <param name="Terminated">Contracts and applications that ended.</param>
public sealed record PanelLeaving(int Transferred, int Terminated);

/// <summary>A team's seats in one year. The seat follows its contract, in the same transaction.</summary>
/// <param name="TeamVersion">Version of the team whose facts hold here; older ones are ignored.</param>
public sealed record TeamPanel(
    Guid TeamId, Guid InstitutionId, string DistrictCode, int Year, int Cap, bool Accepting, Guid? GpId, long TeamVersion,
    int Reserved, int Confirmed, bool IsClosed) : ILedger<TeamPanel>
{
    public PanelLeaving? Leaving { get; init; }

    public bool IsStopped { get; init; }

    public int Seats => Reserved + Confirmed;

    public int Free => Cap - Seats;

    /// <summary>A team that is being disbanded cares for its residents to the last.</summary>
    public bool IsWorking => (Accepting || Leaving is not null) && !IsStopped;

    public bool TakesResidents => Accepting && !IsStopped && Leaving is null;

    public static Guid StreamOf(Guid subject, int year) => Ids.Of($"TeamPanel:{subject}:{year}");

    public static (DomainEvent Closed, DomainEvent Opened) Turn(TeamPanel closing, int nextYear) => (
        new PanelClosed(closing.TeamId, closing.Year, closing.Reserved, closing.Confirmed),
        new PanelOpened(closing.TeamId, closing.InstitutionId, closing.DistrictCode, nextYear, closing.Cap, closing.Accepting, closing.GpId,
            closing.TeamVersion, closing.Reserved, closing.Confirmed, closing.Leaving, closing.IsStopped));

    public static TeamPanel Evolve(TeamPanel? panel, DomainEvent @event) => (panel, @event) switch
    {
        (null, PanelOpened e) => new(
            e.TeamId, e.InstitutionId, e.DistrictCode, e.Year, e.Cap, e.Accepting, e.GpId, e.TeamVersion, e.Reserved, e.Confirmed, false)
        { Leaving = e.Leaving, IsStopped = e.IsStopped },
        ({ IsClosed: false } p, PanelChanged e) => p with { Cap = e.Cap, Accepting = e.Accepting, GpId = e.GpId, TeamVersion = e.TeamVersion },
        ({ IsClosed: false } p, PanelRehomed e) => p with { InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode },
        ({ IsClosed: false } p, PanelStopped e) => p with { IsStopped = e.IsStopped },
        ({ IsClosed: false } p, PanelDisbandmentStarted e) => p with { Leaving = new(0, 0), TeamVersion = Math.Max(p.TeamVersion, e.TeamVersion) },
        // Newer news of the team, if it was faster, says whether it takes residents.
        ({ IsClosed: false } p, PanelDisbandmentCancelled e) => p with
        {
            Leaving = null,
            Accepting = e.TeamVersion > p.TeamVersion || p.Accepting,
            TeamVersion = Math.Max(p.TeamVersion, e.TeamVersion),
        },
        ({ IsClosed: false } p, PanelSeatReserved) => p with { Reserved = p.Reserved + 1 },
        ({ IsClosed: false, Reserved: > 0 } p, PanelSeatConfirmed) => p with { Reserved = p.Reserved - 1, Confirmed = p.Confirmed + 1 },
        ({ IsClosed: false, Confirmed: > 0 } p, PanelSeatReleased { WasConfirmed: true } e) => (p with { Confirmed = p.Confirmed - 1 }).Left(e),
        ({ IsClosed: false, Reserved: > 0 } p, PanelSeatReleased { WasConfirmed: false } e) => (p with { Reserved = p.Reserved - 1 }).Left(e),
        ({ IsClosed: false } p, PanelOverCapacityDetected) => p,
        ({ IsClosed: false } p, PanelClosed) => p with { IsClosed = true },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on the panel of {panel?.TeamId} in {panel?.Year}."),
    };

    /// <summary>The events that keep a seat for a contract; refuses when there is none.</summary>
    /// <param name="overCap">For a mandated transfer or the correction of an error: over the cap if it must be, and flagged.</param>
    public static IEnumerable<DomainEvent> Reserve(TeamPanel? panel, Guid seat, bool overCap = false)
    {
        var open = Open(panel);
        if (!open.TakesResidents)
            throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team does not take new residents now.", new { open.TeamId });
        if (open.Free <= 0 && !overCap)
            throw new RuleBroken("PANEL_FULL", "This team has no free seat.", new { open.TeamId, open.Cap });
        return open.Free > 0
            ? [new PanelSeatReserved(open.TeamId, seat)]
            : [new PanelSeatReserved(open.TeamId, seat), new PanelOverCapacityDetected(open.TeamId, open.Cap, open.Seats + 1)];
    }

    /// <summary>The same, with the seat taken at once.</summary>
    public static IEnumerable<DomainEvent> Take(TeamPanel? panel, Guid seat, bool overCap = false) =>
        [.. Reserve(panel, seat, overCap), new PanelSeatConfirmed(panel!.TeamId, seat)];

    /// <summary>The events that give a contract's seat back.</summary>
    public static IEnumerable<DomainEvent> Release(TeamPanel? panel, Contract contract, bool transferred = false) => contract.HoldsSeat
        ? [new PanelSeatReleased(Open(panel).TeamId, contract.Id, contract.Status is not ContractStatus.PendingConfirmation, transferred)]
        : [];

    /// <summary>A contract on this panel belongs to the institution that its team belongs to.</summary>
    public static IEnumerable<DomainEvent> Rehomed(TeamPanel? panel, Contract contract) =>
        panel is not null && panel.TeamId == contract.TeamId && panel.InstitutionId != contract.InstitutionId
            ? [new ContractRehomed(contract.Id, panel.TeamId, contract.InstitutionId, panel.InstitutionId)]
            : [];

    /// <summary>The events that give back the seat which a successor keeps for a contract.</summary>
    public static IEnumerable<DomainEvent> ReleaseKept(TeamPanel? successor, Contract contract) => contract.Reassignment?.ToTeam is not null
        ? [new PanelSeatReleased(Open(successor).TeamId, contract.Id, false)]
        : [];

    /// <summary>The ledger that counts now; a closed one sends the command to the next.</summary>
    public static TeamPanel Open(TeamPanel? panel) => panel switch
    {
        null => throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team is not active."),
        { IsClosed: true } => throw new LedgerTurned(),
        _ => panel,
    };

    private TeamPanel Left(PanelSeatReleased seat) => Leaving is null ? this : this with
    {
        Leaving = seat.Transferred ? Leaving with { Transferred = Leaving.Transferred + 1 } : Leaving with { Terminated = Leaving.Terminated + 1 },
    };
}
