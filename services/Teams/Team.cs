using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

/// <summary>How much one family doctor adds to the capacity: the cap of a whole working time, and his part of it.</summary>
public sealed record CapacityShare(Guid PractitionerId, int Cap, decimal Fte);

/// <param name="IsBarred">May not work today: no licence, or suspended.</param>
public sealed record Member(Guid PractitionerId, string Role, decimal Fte, DateOnly From, bool IsBarred = false);

/// <summary>How far a disbandment has come; counted by Contracts, which moves the residents.</summary>
/// <param name="IsOverdue">Its day has come, but not all contracts have gone.</param>
public sealed record Disbandment(TeamDisbandmentStarted Start, int Remaining, int Transferred, int Terminated, DateTimeOffset? AsOf, bool IsOverdue);

[JsonConverter(typeof(JsonStringEnumConverter<TeamStatus>))]
public enum TeamStatus { Forming, Active, Suspended, Disbanding, Disbanded }

/// <summary>A "2+X" team: a family doctor who leads, a community nurse, and others as needed. See Team.states.md.</summary>
/// <param name="CompositionBreachSince">The day since which a team that was activated lacks its leader or its nurse.</param>
/// <param name="SuspendsAt">An active team in breach is suspended then.</param>
public sealed record Team(
    Guid Id, Guid InstitutionId, string DistrictCode, string Name, string NameEn, TeamStatus Status, ImmutableList<Member> Members, Guid? LeaderId,
    int MaxPanel, IReadOnlyList<CapacityShare> Basis, DateOnly? CompositionBreachSince, DateTimeOffset? SuspendsAt, DateTimeOffset? ResumesAt,
    Disbandment? Disbandment) : IState<Team>
{
    public const string Gp = "gp", Nurse = "nurse";

    /// <summary>Where it signs residents, its own district first.</summary>
    public IReadOnlyList<string> Districts { get; init; } = [];

    public static Team Evolve(Team? team, DomainEvent @event) => (team, @event) switch
    {
        (null, TeamFormed e) => new(e.TeamId, e.InstitutionId, e.DistrictCode, e.Name, e.NameEn, TeamStatus.Forming, [], null, 0, [], null, null, null, null)
        {
            Districts = e.DistrictIds ?? [e.DistrictCode],
        },
        ({ Status: not TeamStatus.Disbanded } t, _) => Going(t, @event),
        _ => throw CannotFollow(team, @event),
    };

    private static Team Going(Team t, DomainEvent @event) => @event switch
    {
        TeamMemberJoined e => (t with { Members = t.Members.Add(new(e.PractitionerId, e.Role, e.Fte, e.From)) }).Watched(e.From),
        TeamMemberLeft e => (t with { Members = t.Members.RemoveAll(m => m.PractitionerId == e.PractitionerId) }).Watched(e.On),
        TeamLeadChanged e => (t with { LeaderId = e.To }).Watched(e.On),
        TeamMemberBarred e => t.With(e.PractitionerId, m => m with { IsBarred = true }).Watched(e.On),
        TeamMemberCleared e => t.With(e.PractitionerId, m => m with { IsBarred = false }).Watched(e.On),
        TeamRehomed e => t with
        {
            InstitutionId = e.InstitutionId,
            DistrictCode = e.DistrictCode,
            Districts = [e.DistrictCode, .. t.Districts.Where(d => d != t.DistrictCode && d != e.DistrictCode)],
        },
        TeamActivated when t.Status is TeamStatus.Forming => t with { Status = TeamStatus.Active },
        TeamCapacitySet e when t.Status is not TeamStatus.Forming => t with { MaxPanel = e.MaxPanel, Basis = e.Basis },
        TeamCompositionBreached e when t.Status is TeamStatus.Active => t with { SuspendsAt = e.SuspendsAt },
        TeamCompositionRestored when t.CompositionBreachSince is null => t,
        TeamSuspended e when t.Status is TeamStatus.Active or TeamStatus.Suspended =>
            t with { Status = TeamStatus.Suspended, SuspendsAt = null, ResumesAt = e.EndsAt },
        TeamResumed when t.Status is TeamStatus.Suspended => t with { Status = TeamStatus.Active, ResumesAt = null },
        TeamDisbandmentStarted e when t.Status is TeamStatus.Active or TeamStatus.Suspended => t with
        {
            Status = TeamStatus.Disbanding,
            SuspendsAt = null,
            ResumesAt = null,
            Disbandment = new(e, e.Contracts, 0, 0, null, false),
        },
        TeamDisbandmentProgressed e when t.Disbandment is { } d =>
            t with { Disbandment = d with { Remaining = e.Remaining, Transferred = e.Transferred, Terminated = e.Terminated, AsOf = e.AsOf } },
        TeamDisbandmentOverdue when t.Disbandment is { } d => t with { Disbandment = d with { IsOverdue = true } },
        TeamDisbandmentCancelled when t.Status is TeamStatus.Disbanding => t with { Status = TeamStatus.Active, Disbandment = null },
        TeamDisbanded when t.Status is TeamStatus.Disbanding => t with { Status = TeamStatus.Disbanded },
        _ => throw CannotFollow(t, @event),
    };

    private static InvalidOperationException CannotFollow(Team? team, DomainEvent @event) =>
        new($"{@event.GetType().Name} cannot follow {team?.Status.ToString() ?? "nothing"}.");

    public static IEnumerable<Deadline> Deadlines(Team team)
    {
        if (team is { Status: TeamStatus.Active, SuspendsAt: { } suspends })
            yield return new(nameof(Forming.SuspendIncompleteTeam), suspends);
        if (team is { Status: TeamStatus.Suspended, ResumesAt: { } resumes })
            yield return new(nameof(Forming.EndTeamSuspension), resumes);
        if (team is { Status: TeamStatus.Disbanding, Disbandment: { IsOverdue: false, Start.EffectiveAt: var effective } })
            yield return new(nameof(Disbanding.CompleteDueDisbandment), effective);
    }

    public Member? MemberOf(Guid practitionerId) => Members.FirstOrDefault(m => m.PractitionerId == practitionerId);

    /// <summary>What of the "2" is missing: a family doctor who leads, a community nurse. Who may not work does not count.</summary>
    public IEnumerable<string> MissingRoles()
    {
        if (LeaderId is not { } leader || MemberOf(leader) is not { Role: Gp, IsBarred: false })
            yield return Gp;
        if (!Members.Any(m => m is { Role: Nurse, IsBarred: false }))
            yield return Nurse;
    }

    /// <summary>The team, which must be a leading family doctor, a nurse, and others as needed.</summary>
    public static Team Complete(Team team) => team.MissingRoles().ToList() is { Count: > 0 } missing
        ? throw new RuleBroken("TEAM_INCOMPLETE", "A team is a family doctor who leads, a community nurse, and others as needed.", new { missingRoles = missing })
        : team;

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

    /// <summary>These events, and what they mean for the "2": a breach that starts counts the days, one that is over is told.</summary>
    public IEnumerable<DomainEvent> AndComposition(IReadOnlyList<DomainEvent> events, Moment at)
    {
        var after = events.Aggregate(this, (t, e) => Evolve(t, e));
        return [.. events, .. after switch
        {
            { Status: TeamStatus.Active, CompositionBreachSince: { } since, SuspendsAt: null } =>
                [new TeamCompositionBreached(Id, since, [.. after.MissingRoles()], at.StartOf(at.Today.AddDays(at.Policy.CompositionBreachDays)), at.PolicyVersion)],
            { Status: not TeamStatus.Forming, CompositionBreachSince: null } when CompositionBreachSince is not null =>
                (IEnumerable<DomainEvent>)[new TeamCompositionRestored(Id, at.Today)],
            _ => [],
        }];
    }

    /// <summary>A member goes: the lead and the part of the working time are given back. A disbanded team keeps its last members on record.</summary>
    public (IEnumerable<DomainEvent> Team, IEnumerable<DomainEvent> Load) Leave(Guid practitionerId, PractitionerLoad? load, string reason, Moment at)
    {
        IEnumerable<DomainEvent> given = load?.Teams.ContainsKey(Id) is true ? [new PractitionerReleased(practitionerId, Id)] : [];
        if (load?.Leads == Id)
            given = [new LeadReleased(practitionerId, Id), .. given];
        if (Status is TeamStatus.Disbanded || MemberOf(practitionerId) is null)
            return ([], given);
        DomainEvent[] lead = LeaderId == practitionerId ? [new TeamLeadChanged(Id, practitionerId, null, at.Today)] : [];
        return (AndComposition([.. lead, new TeamMemberLeft(Id, practitionerId, at.Today, reason),
            .. CapacityAfter(Members.Where(m => m.PractitionerId != practitionerId), at)], at), given);
    }

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Team? team, TeamStatus to, params TeamStatus[] from)
    {
        if (team is null)
            throw new UnknownId();
        if (team.Status == to)
            return false;
        return from.Contains(team.Status) ? true : throw Refusing.Transition("a team", team.Status, from);
    }

    /// <summary>The team, whose members may change while it forms or works, or to become complete again.</summary>
    public static Team Changing(Team? team) => team switch
    {
        null => throw new UnknownId(),
        { Status: TeamStatus.Forming or TeamStatus.Active } or { Status: TeamStatus.Suspended, CompositionBreachSince: not null } => team,
        _ => throw Refusing.Transition("a team", team.Status, TeamStatus.Forming, TeamStatus.Active),
    };

    private Team With(Guid practitionerId, Func<Member, Member> change) =>
        this with { Members = [.. Members.Select(m => m.PractitionerId == practitionerId ? change(m) : m)] };

    private Team Watched(DateOnly day)
    {
        DateOnly? since = Status is TeamStatus.Forming || !MissingRoles().Any() ? null : CompositionBreachSince ?? day;
        return this with { CompositionBreachSince = since, SuspendsAt = since is null ? null : SuspendsAt };
    }
}
