using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Contracts.Panels;

/// <summary>What is known here of an institution.</summary>
public sealed record KnownInstitution(InstitutionFacts Facts);

/// <summary>An institution is suspended or works again: its teams stop or resume signing and offering sessions; care goes on.</summary>
public sealed class WhenInstitutionChanged(Copies<KnownInstitution> copies, Rows<PanelOfTeam> panels, Runner runner)
    : IReaction<InstitutionSuspended>, IReaction<InstitutionResumed>
{
    public Task React(InstitutionSuspended message, Envelope cause, CancellationToken ct) => Follow(message.Institution, message, cause, ct);
    public Task React(InstitutionResumed message, Envelope cause, CancellationToken ct) => Follow(message.Institution, message, cause, ct);

    private async Task Follow(InstitutionFacts facts, IntegrationEvents.IntegrationEvent message, Envelope cause, CancellationToken ct)
    {
        await copies.Apply(facts.InstitutionId, message.StreamVersion, new(facts), ct);
        KnownInstitution? followed = null;
        while (await copies.Find(facts.InstitutionId, ct) is { } newest && newest != followed) // later news may come in meanwhile
        {
            foreach (var row in await panels.Where("institution_id = $1 order by team_id", ct, facts.InstitutionId))
            {
                await runner.OnLedger<TeamPanel>(row.TeamId, cause, ledger => runner.Execute<TeamPanel>(ledger, cause,
                    (panel, _) => Decide(panel, stopped: newest.Facts.Status is not "Active"), ct), ct);
            }
            followed = newest;
        }
    }

    public static IEnumerable<DomainEvent> Decide(TeamPanel? panel, bool stopped) => panel switch
    {
        null => [],
        { IsClosed: true } => throw new LedgerTurned(),
        _ => panel.IsStopped == stopped ? [] : [new PanelStopped(panel.TeamId, stopped)],
    };
}
