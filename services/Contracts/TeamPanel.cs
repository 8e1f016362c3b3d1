using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

public sealed record PanelOpened(
    Guid TeamId, Guid InstitutionId, string DistrictCode, int Year, int Cap, bool Accepting, Guid? GpId, long TeamVersion, int Reserved, int Confirmed)
    : DomainEvent;
/// <summary>The team changed: another cap, another leader, or it stopped or resumed signing.</summary>
public sealed record PanelChanged(Guid TeamId, int Cap, bool Accepting, Guid? GpId, long TeamVersion) : DomainEvent;
public sealed record PanelSeatReserved(Guid TeamId, Guid SeatId) : DomainEvent;
public sealed record PanelSeatConfirmed(Guid TeamId, Guid SeatId) : DomainEvent;
public sealed record PanelSeatReleased(Guid TeamId, Guid SeatId, bool WasConfirmed) : DomainEvent;
public sealed record PanelClosed(Guid TeamId, int Year, int Reserved, int Confirmed) : DomainEvent;

/// <summary>A team's seats in one year. The seat follows its contract, in the same transaction.</summary>
/// <param name="TeamVersion">Version of the team whose facts hold here; older ones are ignored.</param>
public sealed record TeamPanel(
    Guid TeamId, Guid InstitutionId, string DistrictCode, int Year, int Cap, bool Accepting, Guid? GpId, long TeamVersion,
    int Reserved, int Confirmed, bool IsClosed) : ILedger<TeamPanel>
{
    public int Free => Cap - Reserved - Confirmed;

    public static Guid StreamOf(Guid subject, int year) => Ids.Of($"TeamPanel:{subject}:{year}");

    public static (DomainEvent Closed, DomainEvent Opened) Turn(TeamPanel closing, int nextYear) => (
        new PanelClosed(closing.TeamId, closing.Year, closing.Reserved, closing.Confirmed),
        new PanelOpened(closing.TeamId, closing.InstitutionId, closing.DistrictCode, nextYear, closing.Cap, closing.Accepting, closing.GpId,
            closing.TeamVersion, closing.Reserved, closing.Confirmed));

    public static TeamPanel Evolve(TeamPanel? panel, DomainEvent @event) => (panel, @event) switch
    {
        (null, PanelOpened e) => new(
            e.TeamId, e.InstitutionId, e.DistrictCode, e.Year, e.Cap, e.Accepting, e.GpId, e.TeamVersion, e.Reserved, e.Confirmed, false),
        ({ IsClosed: false } p, PanelChanged e) => p with { Cap = e.Cap, Accepting = e.Accepting, GpId = e.GpId, TeamVersion = e.TeamVersion },
        ({ IsClosed: false } p, PanelSeatReserved) => p with { Reserved = p.Reserved + 1 },
        ({ IsClosed: false, Reserved: > 0 } p, PanelSeatConfirmed) => p with { Reserved = p.Reserved - 1, Confirmed = p.Confirmed + 1 },
        ({ IsClosed: false } p, PanelSeatReleased { WasConfirmed: true }) => p with { Confirmed = p.Confirmed - 1 },
        ({ IsClosed: false } p, PanelSeatReleased) => p with { Reserved = p.Reserved - 1 },
        ({ IsClosed: false } p, PanelClosed) => p with { IsClosed = true },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on the panel of {panel?.TeamId} in {panel?.Year}."),
    };

    /// <summary>The events that keep a seat for a contract; refuses when there is none.</summary>
    public static IEnumerable<DomainEvent> Reserve(TeamPanel? panel, Guid seat)
    {
        var open = Open(panel);
        if (!open.Accepting)
            throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team does not take new residents now.", new { open.TeamId });
        if (open.Free <= 0)
            throw new RuleBroken("PANEL_FULL", "This team has no free seat.", new { open.TeamId, open.Cap });
        return [new PanelSeatReserved(open.TeamId, seat)];
    }

    /// <summary>The events that give a contract's seat back.</summary>
    public static IEnumerable<DomainEvent> Release(TeamPanel? panel, Contract contract) => contract.HoldsSeat
        ? [new PanelSeatReleased(Open(panel).TeamId, contract.Id, contract.Status is not ContractStatus.PendingConfirmation)]
        : [];

    /// <summary>The ledger that counts now; a closed one sends the command to the next.</summary>
    public static TeamPanel Open(TeamPanel? panel) => panel switch
    {
        null => throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team is not active."),
        { IsClosed: true } => throw new LedgerTurned(),
        _ => panel,
    };
}
