using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

public sealed record PractitionerAssigned(Guid PractitionerId, Guid TeamId, Guid InstitutionId, string Role, decimal Fte) : DomainEvent;
public sealed record PractitionerReleased(Guid PractitionerId, Guid TeamId) : DomainEvent;
public sealed record LeadTaken(Guid PractitionerId, Guid TeamId) : DomainEvent;
public sealed record LeadReleased(Guid PractitionerId, Guid TeamId) : DomainEvent;

/// <summary>What one person gives to all his teams together: a whole working time at most, and the lead of one team at most.</summary>
public sealed record PractitionerLoad(Guid PractitionerId, ImmutableDictionary<Guid, decimal> Teams, Guid? Leads) : IState<PractitionerLoad>
{
    public const decimal WholeTime = 1.0m;

    public static Guid StreamOf(Guid practitionerId) => Ids.Of($"PractitionerLoad:{practitionerId}");

    public decimal Fte => Teams.Values.Sum();

    public static PractitionerLoad Evolve(PractitionerLoad? load, DomainEvent @event) => (load, @event) switch
    {
        (_, PractitionerAssigned e) => (load ?? new(e.PractitionerId, ImmutableDictionary<Guid, decimal>.Empty, null)).With(e.TeamId, e.Fte),
        ({ } l, PractitionerReleased e) => l with { Teams = l.Teams.Remove(e.TeamId) },
        ({ Leads: null } l, LeadTaken e) => l with { Leads = e.TeamId },
        ({ Leads: not null } l, LeadReleased) => l with { Leads = null },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on the load of {load?.PractitionerId.ToString() ?? "nobody"}."),
    };

    /// <summary>The event that takes a share of the working time; refuses when there is not so much left.</summary>
    public static PractitionerAssigned Assign(PractitionerLoad? load, Practitioner practitioner, Team team, string role, decimal fte)
    {
        var free = WholeTime - (load?.Fte ?? 0);
        return fte <= free
            ? new(practitioner.Id, team.Id, team.InstitutionId, role, fte)
            : throw new RuleBroken("FTE_EXCEEDED", "This practitioner has not so much working time left.", new { practitionerId = practitioner.Id, free });
    }

    /// <summary>The event that takes the lead of a team; refuses when another team is led already.</summary>
    public static LeadTaken Lead(PractitionerLoad? load, Guid practitionerId, Guid teamId) => load?.Leads is { } other
        ? throw new RuleBroken("PRACTITIONER_ALREADY_LEADS", "This practitioner leads another team.", new { practitionerId, teamId = other })
        : new(practitionerId, teamId);

    private PractitionerLoad With(Guid teamId, decimal fte) => this with { Teams = Teams.Add(teamId, fte) };
}
