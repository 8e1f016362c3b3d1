using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>Another family doctor of the team takes the lead; nobody leads two teams.</summary>
public sealed record ChangeTeamLead([Required] Guid? PractitionerId)
{
    /// <param name="load">Of the doctor who takes the lead.</param>
    /// <param name="former">Of whoever leads now.</param>
    /// <param name="practitioner">Read when the command came in: a licence is looked at again whenever it counts.</param>
    public (IEnumerable<DomainEvent> Team, IEnumerable<DomainEvent> Load, IEnumerable<DomainEvent> Former) Decide(
        Team? team, PractitionerLoad? load, PractitionerLoad? former, Practitioner? practitioner, Moment at)
    {
        var of = Team.Changing(team);
        if (of.LeaderId == PractitionerId)
            return ([], [], []);
        if (of.LeaderId != former?.PractitionerId)
            throw new Busy(); // somebody else changed it this very moment; asked again, the right loads are at hand
        var next = PractitionerId!.Value;
        if (of.MemberOf(next) is not { Role: Team.Gp })
            throw new RuleBroken("LEAD_NOT_ELIGIBLE", "Only a family doctor of the team can lead it.", new { practitionerId = next });
        Practitioner.Licensed(practitioner, at);
        return (
            of.AndComposition([new TeamLeadChanged(of.Id, of.LeaderId, next, at.Today)], at),
            [PractitionerLoad.Lead(load, next, of.Id)],
            former is null ? [] : [new LeadReleased(former.PractitionerId, of.Id)]);
    }
}

public static class ChangeTeamLeadEndpoint
{
    public static void MapChangeTeamLead(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/leader", Handle).WithName(nameof(ChangeTeamLead)).WithSummary("Give a team another leader")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid teamId, ChangeTeamLead command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await Take(command, teamId, http.Envelope(), runner, store, ct));

    internal static async Task<Done> Take(
        ChangeTeamLead command, Guid teamId, Envelope envelope, Runner runner, IEventStore store, CancellationToken ct)
    {
        var next = command.PractitionerId!.Value;
        var (team, _) = await store.Load<Team>(teamId, ct);
        var (practitioner, _) = await store.Load<Practitioner>(next, ct);
        // A team without a leader has no former load: nobody's stream is empty for ever.
        var former = team?.LeaderId is { } leader && leader != next ? leader : Guid.Empty;
        return await runner.Execute<Team, PractitionerLoad, PractitionerLoad>(
            teamId, PractitionerLoad.StreamOf(next), PractitionerLoad.StreamOf(former), envelope,
            (of, load, formerLoad, at) => command.Decide(of, load, formerLoad, practitioner, at), ct);
    }
}
