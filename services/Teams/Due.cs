using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Covering;
using FamilyDoctor.Teams.Disbanding;
using FamilyDoctor.Teams.Forming;
using FamilyDoctor.Teams.Helping;
using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Teams.Staffing;

namespace FamilyDoctor.Teams;

/// <summary>What is decided when something becomes due.</summary>
public static class Due
{
    public static void Decide(Runner runner, IEventStore store)
    {
        On<Practitioner>(nameof(BeginWork), BeginWork.Decide);
        On<Practitioner>(nameof(LapseLicence), LapseLicence.Decide);
        On<Practitioner>(nameof(EndSuspension), EndSuspension.Decide);
        On<Practitioner>(nameof(CompleteDeparture), CompleteDeparture.Decide);
        On<Practitioner>(nameof(EndStudio), EndStudio.Decide);
        On<Absences>(nameof(StartAbsence), StartAbsence.Decide);
        On<Absences>(nameof(FinishAbsence), FinishAbsence.Decide);
        On<HelpRequest>(nameof(RemindOfHelp), RemindOfHelp.Decide);
        On<Team>(nameof(SuspendIncompleteTeam), SuspendIncompleteTeam.Decide);
        On<Team>(nameof(CompleteDueDisbandment), CompleteDueDisbandment.Decide);
        runner.OnDeadline<Team>(nameof(EndTeamSuspension), (due, by, ct) => EndTeamSuspension.Take(due, by, runner, store, ct));

        void On<T>(string name, Func<T?, Moment, IEnumerable<DomainEvent>> decide) where T : class, IState<T> =>
            runner.OnDeadline<T>(name, (due, by, ct) => runner.Execute<T>(due.StreamId, by, decide, ct));
    }
}
