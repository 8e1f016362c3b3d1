using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals;

/// <summary>The team that answers for a case from now on, and the institution it works at; what it was before stands in the history.</summary>
public sealed record NewOwner(Guid TeamId, Guid InstitutionId, string DistrictCode)
{
    public static NewOwner Of(ContractFacts contract) => new(contract.TeamId, contract.InstitutionId, contract.DistrictCode);

    public static NewOwner Of(TeamFacts team) => new(team.TeamId, team.InstitutionId, team.DistrictCode);

    /// <summary>Whatever kind of case it is.</summary>
    public Task<Done> Take((CaseKind Kind, Guid Id) @case, Runner runner, Envelope cause, CancellationToken ct) => @case.Kind switch
    {
        CaseKind.Referral => runner.Execute<Referral>(@case.Id, cause, (referral, _) => Decide(referral), ct),
        CaseKind.WayBack => runner.Execute<DownReferral>(@case.Id, cause, (down, _) => Decide(down), ct),
        _ => runner.Execute<Exam>(@case.Id, cause, (exam, _) => Decide(exam), ct),
    };

    public IEnumerable<DomainEvent> Decide(Referral? referral) =>
        referral is { Status: not (ReferralStatus.Declined or ReferralStatus.Closed or ReferralStatus.Cancelled), Draft: var d }
            && (d.TeamId, d.FromOrg) != (TeamId, InstitutionId)
            ? [new ReferralOwnerChanged(referral.Id, TeamId, InstitutionId, DistrictCode)]
            : [];

    public IEnumerable<DomainEvent> Decide(DownReferral? down) =>
        down is { Status: not DownReferralStatus.Closed } && (down.TeamId != TeamId || down.InstitutionId != InstitutionId)
            ? [new DownReferralOwnerChanged(down.Proposal.DownReferralId, TeamId, InstitutionId, DistrictCode)]
            : [];

    public IEnumerable<DomainEvent> Decide(Exam? exam) =>
        exam is { IsOver: false, Request: var r } && (r.TeamId, r.InstitutionId) != (TeamId, InstitutionId)
            ? [new ExamOwnerChanged(r.ExamId, TeamId, InstitutionId, DistrictCode)]
            : [];
}
