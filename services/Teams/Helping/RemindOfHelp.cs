using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Helping;

/// <summary>Nobody has answered a request for help in time: it stays where it is, and the institution hears of it.</summary>
public static class RemindOfHelp
{
    public static IEnumerable<DomainEvent> Decide(HelpRequest? help, Moment at) =>
        help is { Status: HelpStatus.Open, IsOverdue: false } && help.Asked.DueAt <= at.Now ? [new HelpOverdue(help.Id)] : [];
}
