using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A resident has another team: it refers him from now on, and what is under way about him is its own.</summary>
public sealed class WhenContractTransferredThenOwner(Runner runner, Copies<KnownContract> contracts, CasesOfResident cases) : IReaction<ContractTransferred>
{
    public async Task React(ContractTransferred message, Envelope cause, CancellationToken ct)
    {
        var contract = message.Contract;
        await contracts.Apply(contract.ResidentId, message.StreamVersion, new(contract, message.StreamVersion), ct);
        await Task.WhenAll((await cases.Of(contract.ResidentId, ct)).Select(c => c.Kind switch
        {
            CaseKind.Referral => runner.Execute<Referral>(c.Id, cause, (referral, _) => Decide(referral, contract), ct),
            CaseKind.WayBack => runner.Execute<DownReferral>(c.Id, cause, (down, _) => Decide(down, contract), ct),
            _ => runner.Execute<Exam>(c.Id, cause, (exam, _) => Decide(exam, contract), ct),
        }));
    }

    public static IEnumerable<DomainEvent> Decide(Referral? referral, ContractFacts contract) =>
        referral is { Status: not (ReferralStatus.Declined or ReferralStatus.Closed or ReferralStatus.Cancelled) } && referral.Draft.TeamId != contract.TeamId
            ? [new ReferralOwnerChanged(referral.Id, contract.TeamId, contract.InstitutionId, contract.DistrictCode)]
            : [];

    public static IEnumerable<DomainEvent> Decide(DownReferral? down, ContractFacts contract) =>
        down is { Status: not DownReferralStatus.Closed } && down.TeamId != contract.TeamId
            ? [new DownReferralOwnerChanged(down.Proposal.DownReferralId, contract.TeamId, contract.InstitutionId, contract.DistrictCode)]
            : [];

    public static IEnumerable<DomainEvent> Decide(Exam? exam, ContractFacts contract) =>
        exam is { IsOver: false } && exam.Request.TeamId != contract.TeamId
            ? [new ExamOwnerChanged(exam.Request.ExamId, contract.TeamId, contract.InstitutionId, contract.DistrictCode)]
            : [];
}
