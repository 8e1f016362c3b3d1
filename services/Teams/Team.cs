using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

public sealed record TeamFormed(Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn) : DomainEvent;
/// <param name="Role">gp, nurse, or an X role of the city.</param>
public sealed record TeamMemberJoined(Guid TeamId, Guid PractitionerId, string Role, decimal Fte, DateOnly From) : DomainEvent;
public sealed record TeamMemberLeft(Guid TeamId, Guid PractitionerId, DateOnly On, string Reason) : DomainEvent;
/// <param name="To">Null when the leader left and nobody leads yet.</param>
public sealed record TeamLeadChanged(Guid TeamId, Guid? From, Guid? To, DateOnly On) : DomainEvent;
public sealed record TeamActivated(Guid TeamId, DateOnly From) : DomainEvent;
public sealed record TeamCapacitySet(Guid TeamId, int MaxPanel, IReadOnlyList<CapacityShare> Basis, int PolicyVersion) : DomainEvent;
public sealed record TeamSuspended(Guid TeamId, string Reason) : DomainEvent;
public sealed record TeamResumed(Guid TeamId) : DomainEvent;

/// <summary>How much one family doctor adds to the capacity: the cap of a whole working time, and his part of it.</summary>
public sealed record CapacityShare(Guid PractitionerId, int Cap, decimal Fte);

public sealed record Member(Guid PractitionerId, string Role, decimal Fte, DateOnly From);

[JsonConverter(typeof(JsonStringEnumConverter<TeamStatus>))]
public enum TeamStatus { Forming, Active, Suspended }

/// <summary>A "2+X" team: a family doctor who leads, a community nurse, and others as needed.</summary>
/// <param name="CompositionBreachSince">The day since which a team that was activated lacks its leader or its nurse.</param>
public sealed record Team(
    Guid Id, Guid InstitutionId, string DistrictCode, string Name, string NameEn, TeamStatus Status, ImmutableList<Member> Members, Guid? LeaderId,
    int MaxPanel, IReadOnlyList<CapacityShare> Basis, DateOnly? CompositionBreachSince) : IState<Team>
{
    public const string Gp = "gp", Nurse = "nurse";

    public static Team Evolve(Team? team, DomainEvent @event) => (team, @event) switch
    {
        (null, TeamFormed e) => new(e.TeamId, e.InstitutionId, e.DistrictCode, e.Name, e.NameEn, TeamStatus.Forming, [], null, 0, [], null),
        ({ } t, TeamMemberJoined e) => (t with { Members = t.Members.Add(new(e.PractitionerId, e.Role, e.Fte, e.From)) }).Watched(e.From),
        ({ } t, TeamMemberLeft e) => (t with { Members = t.Members.RemoveAll(m => m.PractitionerId == e.PractitionerId) }).Watched(e.On),
        ({ } t, TeamLeadChanged e) => (t with { LeaderId = e.To }).Watched(e.On),
        ({ Status: TeamStatus.Forming } t, TeamActivated) => t with { Status = TeamStatus.Active },
        ({ Status: not TeamStatus.Forming } t, TeamCapacitySet e) => t with { MaxPanel = e.MaxPanel, Basis = e.Basis },
        ({ Status: TeamStatus.Active } t, TeamSuspended) => t with { Status = TeamStatus.Suspended },
        ({ Status: TeamStatus.Suspended } t, TeamResumed) => t with { Status = TeamStatus.Active },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {team?.Status.ToString() ?? "nothing"}."),
    };

    public Member? MemberOf(Guid practitionerId) => Members.FirstOrDefault(m => m.PractitionerId == practitionerId);

    /// <summary>What of the "2" is missing: a family doctor who leads, a community nurse.</summary>
    public IEnumerable<string> MissingRoles()
    {
        if (LeaderId is not { } leader || MemberOf(leader) is not { Role: Gp })
            yield return Gp;
        if (!Members.Any(m => m.Role == Nurse))
            yield return Nurse;
    }

    /// <summary>What its family doctors may answer for under the policy of the day.</summary>
    public static IReadOnlyList<CapacityShare> BasisOf(IEnumerable<Member> members, Moment at) =>
        [.. members.Where(m => m.Role == Gp).Select(m => new CapacityShare(m.PractitionerId, at.Policy.ContractsPerGp, m.Fte))];

    public static int Highest(IEnumerable<CapacityShare> basis) => (int)basis.Sum(b => b.Cap * b.Fte);

    /// <summary>The capacity after its members changed: it follows the doctors, unless it was set lower on purpose.</summary>
    public IEnumerable<TeamCapacitySet> CapacityAfter(IEnumerable<Member> members, Moment at)
    {
        var basis = BasisOf(members, at);
        if (Status is TeamStatus.Forming || basis.SequenceEqual(Basis))
            yield break;
        var highest = Highest(basis);
        yield return new(Id, MaxPanel == Highest(Basis) ? highest : Math.Min(MaxPanel, highest), basis, at.PolicyVersion);
    }

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Team? team, TeamStatus to, TeamStatus from)
    {
        if (team is null)
            throw new UnknownId();
        if (team.Status == to)
            return false;
        return team.Status == from ? true : throw Refusing.Transition("a team", team.Status, from);
    }

    /// <summary>The team, whose members may change only while it forms or works.</summary>
    public static Team Changing(Team? team) => team switch
    {
        null => throw new UnknownId(),
        { Status: TeamStatus.Suspended } => throw Refusing.Transition("a team", team.Status, TeamStatus.Forming, TeamStatus.Active),
        _ => team,
    };

    private Team Watched(DateOnly day) => this with
    {
        CompositionBreachSince = Status is TeamStatus.Forming || !MissingRoles().Any() ? null : CompositionBreachSince ?? day,
    };
}
