using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <param name="Role">The X role whose help is asked for: pharmacist, nutritionist, counsellor ...</param>
/// <param name="AskedBy">The family doctor who asks; null when the resident asks himself.</param>
/// <param name="Question">A code; what there is to say about it stays with the people.</param>
/// <param name="DueAt">An answer is expected by then.</param>
public sealed record HelpRequested(
    Guid HelpId, Guid TeamId, string Role, Guid? AskedBy, Guid? ResidentId, string Question, bool Clinical, DateTimeOffset DueAt) : DomainEvent;
/// <param name="Responsible">Whose task it is.</param>
/// <param name="Owner">Who does it now: the responsible member, or whoever stands in; null while nobody can.</param>
public sealed record HelpAssigned(Guid HelpId, Guid? Responsible, Guid? Owner) : DomainEvent;
public sealed record HelpOverdue(Guid HelpId) : DomainEvent;
/// <param name="OnBehalfOf">For whom the answer was given, when somebody stood in.</param>
public sealed record HelpAnswered(Guid HelpId, Guid By, Guid? OnBehalfOf, string Outcome) : DomainEvent;
public sealed record HelpDeclined(Guid HelpId, Guid By, Guid? OnBehalfOf, string Reason) : DomainEvent;
public sealed record HelpWithdrawn(Guid HelpId, string Reason) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<HelpStatus>))]
public enum HelpStatus { Open, Answered, Declined, Withdrawn }

/// <summary>A question to one of the X of a team. Its owner is never somebody absent. See HelpRequest.states.md.</summary>
public sealed record HelpRequest(HelpRequested Asked, Guid? Responsible, Guid? Owner, HelpStatus Status, bool IsOverdue) : IState<HelpRequest>
{
    /// <summary>Roles that help, but hold no clinical authority.</summary>
    public static readonly string[] NeverClinical = ["volunteer", "gridAdministrator"];

    public Guid Id => Asked.HelpId;

    /// <summary>For whom the owner acts; null when he acts for himself.</summary>
    public Guid? OnBehalfOf => Owner != Responsible ? Responsible : null;

    public static HelpRequest Evolve(HelpRequest? help, DomainEvent @event) => (help, @event) switch
    {
        (null, HelpRequested e) => new(e, null, null, HelpStatus.Open, false),
        ({ Status: HelpStatus.Open } h, HelpAssigned e) => h with { Responsible = e.Responsible, Owner = e.Owner },
        ({ Status: HelpStatus.Open } h, HelpOverdue) => h with { IsOverdue = true },
        ({ Status: HelpStatus.Open } h, HelpAnswered) => h with { Status = HelpStatus.Answered },
        ({ Status: HelpStatus.Open } h, HelpDeclined) => h with { Status = HelpStatus.Declined },
        ({ Status: HelpStatus.Open } h, HelpWithdrawn) => h with { Status = HelpStatus.Withdrawn },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {help?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(HelpRequest help) =>
        help is { Status: HelpStatus.Open, IsOverdue: false } ? [new(nameof(Helping.RemindOfHelp), help.Asked.DueAt)] : [];

    /// <summary>The request, open for whoever owns it now; refuses everybody else.</summary>
    public static HelpRequest OwnedBy(HelpRequest? help, Guid practitionerId) => help switch
    {
        null => throw new UnknownId(),
        { Status: not HelpStatus.Open } => throw Refusing.Transition("a request for help", help.Status, HelpStatus.Open),
        _ when help.Owner != practitionerId => throw new RuleBroken("NOT_THE_OWNER", "Somebody else sees to this now.", new { help.Owner, help.Responsible }),
        _ => help,
    };
}
