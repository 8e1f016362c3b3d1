using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Closing;
using FamilyDoctor.Teams.Registering;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class InstitutionStatesTests() : StatesTable<Institution>("Institution", Subject, "2024-03-01 09:00")
{
    private static readonly InstitutionRegistered Entry = Registered with { InstitutionId = Subject };

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Registered"] = [Entry],
        ["Active"] = [Entry, new InstitutionActivated(Subject)],
        ["Suspended"] = [Entry, new InstitutionActivated(Subject), new InstitutionSuspended(Subject, "inspection")],
        ["Closed"] = [Entry, new InstitutionActivated(Subject), new InstitutionClosed(Subject, Clinic, "retired")],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RegisterInstitution"] = c => Do(c, i => Register.Decide(Subject, i)),
        ["ActivateInstitution"] = c => Do(c, ActivateInstitution.Decide),
        ["SuspendInstitution"] = c => Do(c, new SuspendInstitution("inspection").Decide),
        ["ResumeInstitution"] = c => Do(c, ResumeInstitution.Decide),
        ["CloseInstitution"] = c => Close(c, Clinic),
        ["MergeInstitutions"] = c => MergeInstitutionsEndpoint.Take(new([OtherClinic]), Subject, c.By, c.Runner, default),
        ["MergeInstitutions into another"] = c => MergeInstitutionsEndpoint.Take(new([Subject, OtherClinic]), Clinic, c.By, c.Runner, default),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RegisterInstitution VALIDATION_FAILED"] = c => Do(c, i => (Register with { OpeningHours = [new(Weekday.Monday, new(17, 0), new(8, 0))] }).Decide(Subject, i)),
        ["CloseInstitution INSTITUTION_NOT_ACTIVE"] = c => Close(c, NewClinic),
        ["CloseInstitution RULE_VIOLATION"] = c => Do(c, i => new CloseInstitution(Subject, "retired").Decide(i, c.State<Institution>(Subject))),
        ["CloseInstitution NOT_FOUND"] = c => Close(c, Unknown),
        ["CloseInstitution INVALID_TRANSITION"] = c => Close(c, OtherClinic),
        ["MergeInstitutions RULE_VIOLATION"] = c => MergeInstitutionsEndpoint.Take(new([Subject]), Subject, c.By, c.Runner, default),
        ["MergeInstitutions INVALID_TRANSITION"] = c => MergeInstitutionsEndpoint.Take(new([OtherClinic, NewClinic]), Subject, c.By, c.Runner, default),
        ["MergeInstitutions VALIDATION_FAILED"] = c => Do(c, i => new MergeInstitutions([]).Decide(i, null, null).Into),
        ["MergeInstitutions NOT_FOUND"] = c => MergeInstitutionsEndpoint.Take(new([Unknown]), Subject, c.By, c.Runner, default),
        ["MergeInstitutions into another INSTITUTION_NOT_ACTIVE"] =
            c => MergeInstitutionsEndpoint.Take(new([Subject]), NewClinic, c.By, c.Runner, default),
    };

    private static RegisterInstitution Register => new(Subject, Entry.Name, Entry.NameEn, "330203", "1 Sample Road", 29.87, 121.55);

    internal override string StatusOf(Institution state) => state.Status.ToString();

    private static Task Do(MemoryCity city, Func<Institution?, IEnumerable<DomainEvent>> decide) =>
        city.Runner.Execute<Institution>(Subject, city.By, (institution, _) => decide(institution), default);

    private static Task Close(MemoryCity city, Guid successor) =>
        CloseInstitutionEndpoint.Take(new(successor, "retired"), Subject, city.By, city.Runner, default);
}
