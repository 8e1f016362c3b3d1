using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Governing;
using FamilyDoctor.Teams.Rating;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class ComplaintStatesTests() : StatesTable<Complaint>("Complaint", Subject, "2024-03-01 09:00")
{
    private static readonly ComplaintRaised Raised = new(Subject, Gp, TeamId, Clinic, "330203", "access", Today);

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Raised"] = [Raised],
        ["Upheld"] = [Raised, new ComplaintUpheld(Subject, Gp, "justified")],
        ["Dismissed"] = [Raised, new ComplaintDismissed(Subject, Gp, "unfounded")],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RaiseComplaint"] = c => Raise(c, Gp, "access"),
        ["UpholdComplaint"] = c => UpholdComplaintEndpoint.Take(new("justified"), Subject, c.By, c.Runner, c.Store, default),
        ["DismissComplaint"] = c => c.Runner.Execute<Complaint>(Subject, c.By, (complaint, _) => new DismissComplaint("unfounded").Decide(complaint), default),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RaiseComplaint VALIDATION_FAILED"] = c => Raise(c, Gp, "weather"),
        ["RaiseComplaint NOT_FOUND"] = c => Raise(c, Unknown, "access"),
    };

    internal override string StatusOf(Complaint state) => state.Status.ToString();

    private static Task Raise(MemoryCity city, Guid practitioner, string kind) =>
        RaiseComplaintEndpoint.Take(new(Subject, practitioner, TeamId, kind), Subject, city.By, city.Runner, default);
}

public sealed class ComplianceFlagStatesTests() : StatesTable<ComplianceFlag>("ComplianceFlag", Subject, "2024-03-01 09:00")
{
    private static readonly ComplianceFlagRaised Raised = new(Subject, "actedUnlicensed", Gp, null, null, "visit 7", Today);

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Open"] = [Raised],
        ["Resolved"] = [Raised, new ComplianceFlagResolved(Subject, "explained")],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RaiseComplianceFlag"] = c => Raise(c, new(Subject, "actedUnlicensed", Gp)),
        ["ResolveComplianceFlag"] = c => c.Runner.Execute<ComplianceFlag>(Subject, c.By, (f, _) => new ResolveComplianceFlag("explained").Decide(f), default),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RaiseComplianceFlag VALIDATION_FAILED"] = c => Raise(c, new(Subject, "actedUnlicensed")),
    };

    internal override string StatusOf(ComplianceFlag state) => state.Status.ToString();

    private static Task Raise(MemoryCity city, RaiseComplianceFlag command) =>
        RaiseComplianceFlagEndpoint.Take(command, Subject, city.By, city.Runner, default);
}

public sealed class PolicyVersionsStatesTests() : StatesTable<PolicyVersions>("PolicyVersions", PolicyVersions.StreamOf(TheCity), "2024-03-01 09:00")
{
    private static readonly City TheCity = new("330200");
    private static readonly DateTimeOffset Summer = DateTimeOffset.Parse("2024-05-31T16:00:00Z");
    private static readonly PolicyVersionActivated First = new(1, Summer, Policy.Default with { ContractsPerGp = 1800 });

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["version 0"] = [new PolicyVersionActivated(0, DateTimeOffset.MinValue, Policy.Default)],
        ["version 1"] = [First],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["ConfigurePolicy"] = c => Do(c, (v, _) => ConfigurePolicy.Decide(v, Changes("""{"contractsPerGp":1500}"""))),
        ["ActivatePolicyVersion"] = c => Do(c, Activate(1, Summer, """{"contractsPerGp":1800}""")),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["ConfigurePolicy VALIDATION_FAILED"] = c => Do(c, (v, _) => ConfigurePolicy.Decide(v, Changes("""{"unknown":1}"""))),
        ["ActivatePolicyVersion VALIDATION_FAILED"] = c => Do(c, Activate(1, Summer, """{"starWeights":{"fulfilment":99}}""")),
        ["ActivatePolicyVersion POLICY_FROM_PAST"] = c => Do(c, Activate(1, c.Clock.Now.AddMinutes(-1), "{}")),
        ["ActivatePolicyVersion POLICY_VERSION_KNOWN"] = c => Do(c, Activate(1, Summer, """{"contractsPerGp":1900}""")),
    };

    internal override string StatusOf(PolicyVersions state) => $"version {state.All[^1].Version}";

    private static Func<PolicyVersions?, Moment, IEnumerable<DomainEvent>> Activate(int version, DateTimeOffset from, string policy) =>
        new ActivatePolicyVersion(version, from, Changes(policy)).Decide;

    private static JsonElement Changes(string json) => JsonDocument.Parse(json).RootElement;

    private static Task Do(MemoryCity city, Func<PolicyVersions?, Moment, IEnumerable<DomainEvent>> decide) =>
        city.Runner.Execute<PolicyVersions>(PolicyVersions.StreamOf(TheCity), city.By, decide, default);
}
