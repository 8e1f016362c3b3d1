using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Documenting;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Referrals.Returning;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Referrals.Tests.Tables;

/// <summary>DownReferral.states.md is what the code does.</summary>
public sealed class DownReferralTableTests
{
    private static readonly InstitutionFacts Nearest = new(OtherId, "样例中心", "Sample center", "330205", "Active", 29.9, 121.5);
    private static readonly ProposeDownReferral Propose = new(Id, Resident, HospitalId, null, null, ["fall"], true);
    private static readonly DownReferralProposed Proposed = new(Id, Resident, ContractId, 4, Team, Institution, "330203", HospitalId, null, null, ["fall"], true,
        Time("2024-03-01 09:00"), Time("2024-03-03 09:00"), Time("2024-03-04 09:00"));
    private static readonly DownReferralReassigned Reassigned =
        new(Id, HospitalId, OtherId, "330205", "nearer", Time("2024-03-04 12:00"));
    private static readonly DomainEvent[] TakenBack = [Proposed, new DownReferralAccepted(Id)];
    private static readonly FirstContactMade Contact = new(Id, ContactMode.Phone, Time("2024-03-02 10:00"));

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Proposed"] = [Proposed],
        ["Declined"] = [Proposed, new DownReferralDeclined(Id, Institution, "noCapacity", Time("2024-03-04 10:00"))],
        ["Reassigned"] = [Proposed, Reassigned],
        ["FollowUpScheduled"] = TakenBack,
        ["Contacted"] = [.. TakenBack, Contact],
        ["ClosedByDeath"] = [Proposed, new DownReferralCancelled(Id, EndedByDeath.Reason, Time("2024-03-01 10:00"))],
        ["Closed"] = [.. TakenBack, Contact, new DownReferralClosed(Id)],
    };

    private static readonly Dictionary<string, Func<DownReferral?, Moment, Decided>> Commands = new()
    {
        [nameof(ProposeDownReferral)] = (d, at) => Propose.Decide(Id, d, null, Contract(), null, null, at),
        ["ProposeDownReferral: without a contract"] = (d, at) => Propose.Decide(Id, d, null, null, Nearest, null, at),
        [nameof(AcceptDownReferral)] = (d, _) => AcceptDownReferral.Decide(d),
        [nameof(DeclineDownReferral)] = new DeclineDownReferral("noCapacity").Decide,
        [nameof(ReassignDownReferral)] = (d, at) => new ReassignDownReferral(OtherId, "nearer").Decide(d, Nearest, at),
        [nameof(EscalateDownReferral)] = (d, at) => EscalateDownReferral.Decide(d, at with { Now = Time("2024-03-08 09:00") }),
        [nameof(RecordFirstContact)] = new RecordFirstContact(ContactMode.Phone).Decide,
        [nameof(WhenContractTransferredThenOwner)] = (d, _) => NewOwner.Of(Contract().Facts with { TeamId = OtherId }).Decide(d),
        [nameof(WhenInstitutionClosedThenCases)] = (d, _) => WhenInstitutionClosedThenCases.Decide(d, Institution, OtherId, "330205"),
        [nameof(WhenResidentDiedThenCancelled)] = WhenResidentDiedThenCancelled.Decide,
        [nameof(WhenDeathReversedThenReopened)] = WhenDeathReversedThenReopened.Decide,
        [nameof(CloseDownReferral)] = (d, _) => CloseDownReferral.Decide(d),
        [nameof(AddDownReferralDocument)] = (d, _) => AddDownReferralDocument.Decide(d, Id, OtherId, DocumentKind.DischargeSummary),
    };

    private static readonly TransitionTable Table = new("Referrals/DownReferral.states.md", States.Keys, Commands.Keys);

    [Fact]
    public void Every_command_does_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var down = Fold(States[state]);
        var decided = Commands[command](down, At("2024-03-02 10:00")).ToList();
        var after = decided.Aggregate(down, DownReferral.Evolve);
        Assert.NotEqual(Guid.Empty, after?.OwnerOrganizationId ?? Id); // whatever happens, somebody owns it
        return (decided, StateOf(after));
    });

    [Fact]
    public void No_event_follows_where_it_cannot() => Following.Only<DownReferral>("""
        DownReferralAccepted: Proposed, Reassigned
        DownReferralCancelled: all but -, ClosedByDeath, Closed
        DownReferralClosed: FollowUpScheduled, Contacted
        DownReferralDeclined: Proposed, Reassigned
        DownReferralDocumentAdded: all but -
        DownReferralOverdue: Proposed, Declined, Reassigned
        DownReferralOwnerChanged: all but -, ClosedByDeath, Closed
        DownReferralProposed: -
        DownReferralReassigned: Proposed, Declined, Reassigned
        DownReferralRehomed: all but -, ClosedByDeath, Closed
        DownReferralReopened: ClosedByDeath
        FirstContactMade: FollowUpScheduled
        """, States, new DownReferralOverdue(Id, 1, "institution", null), new DownReferralDocumentAdded(Id, OtherId, DocumentKind.Report), new DownReferralReopened(Id, null),
        new DownReferralOwnerChanged(Id, OtherId, Institution, "330203"), new DownReferralRehomed(Id, Institution, OtherId, "330203"));

    [Fact]
    public void Every_code_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Case("-", nameof(ProposeDownReferral), "NO_ACTIVE_CONTRACT", (d, at) => Propose.Decide(Id, d, null, null, null, null, at)),
        Case("-", nameof(ProposeDownReferral), "NO_ACTIVE_CONTRACT", (d, at) => Propose.Decide(Id, d, null, null, Nearest with { Status = "Closed" }, null, at)),
        Case("-", nameof(ProposeDownReferral), "RULE_VIOLATION",
            (d, at) => Propose.Decide(Id, d, Referral.Evolve(null, Drafted() with { ResidentId = OtherId }), Contract(), null, null, at)),
        Case("Proposed", nameof(ReassignDownReferral), "RULE_VIOLATION", (d, at) => new ReassignDownReferral(OtherId, "nearer").Decide(d, null, at)),
        Case("Proposed", nameof(ReassignDownReferral), "RULE_VIOLATION",
            (d, at) => new ReassignDownReferral(Institution, "nearer").Decide(d, Nearest with { InstitutionId = Institution }, at)),
        Case("Declined", nameof(ReassignDownReferral), "RULE_VIOLATION",
            (d, at) => new ReassignDownReferral(OtherId, "nearer").Decide(d, Nearest with { Status = "Suspended" }, at)),
    ]);

    [Fact]
    public void The_owner_is_the_institution_then_the_hospital_then_whoever_takes_him()
    {
        Assert.Equal([Institution, HospitalId, OtherId, Institution],
            new[] { "Proposed", "Declined", "Reassigned", "FollowUpScheduled" }.Select(s => Fold(States[s])!.OwnerOrganizationId));
        var invited = (DownReferralProposed)Propose.Decide(Id, null, null, null, Nearest, null, At("2024-03-02 10:00")).Single();
        Assert.Equal((OtherId, true, null, null), (invited.ToOrg, invited.InvitedToSign, invited.ContractId, invited.TeamId));
        // A contract always goes before the institution nearby.
        Assert.Equal(Institution, ((DownReferralProposed)Propose.Decide(Id, null, null, Contract(), Nearest, null, At("2024-03-02 10:00")).Single()).ToOrg);
    }

    private static string StateOf(DownReferral? down) => down switch
    {
        null => "-",
        { Status: DownReferralStatus.Closed, ByDeath: not null } => "ClosedByDeath",
        { Status: DownReferralStatus.FollowUpScheduled, ContactedAt: not null } => "Contacted",
        _ => down.Status.ToString(),
    };

    private static (string, string, string, Action) Case(string state, string command, string code, Func<DownReferral?, Moment, Decided> ask) =>
        (state, command, code, () => _ = ask(Fold(States[state]), At("2024-03-02 10:00")).Count());

    private static DownReferral? Fold(IEnumerable<DomainEvent> history) => history.Aggregate(default(DownReferral), DownReferral.Evolve);
}
