using FamilyDoctor.EventSourcing;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams.Governing;

/// <summary>A licence lapsed, a team is without its leader or nurse, or a disbandment is overdue: each raises a flag of its own, once.</summary>
public sealed class WhenRulesWereBroken(Runner runner)
    : IReaction<Published.LicenceLapsed>, IReaction<Published.TeamCompositionBreached>, IReaction<Published.TeamDisbandmentOverdue>
{
    public Task React(Published.LicenceLapsed message, Envelope cause, CancellationToken ct) => Raise(message.EventId, message.OccurredAt,
        new(null, "licenceLapsed", message.Practitioner.PractitionerId, InstitutionId: message.Practitioner.InstitutionId), cause, ct);

    public Task React(Published.TeamCompositionBreached message, Envelope cause, CancellationToken ct) => Raise(message.EventId, message.OccurredAt,
        new(null, "compositionBreach", TeamId: message.Team.TeamId, InstitutionId: message.Team.InstitutionId), cause, ct);

    public Task React(Published.TeamDisbandmentOverdue message, Envelope cause, CancellationToken ct) => Raise(message.EventId, message.OccurredAt,
        new(null, "disbandmentOverdue", TeamId: message.Team.TeamId, InstitutionId: message.Team.InstitutionId), cause, ct);

    private Task Raise(Guid because, DateTimeOffset on, RaiseComplianceFlag flag, Envelope cause, CancellationToken ct) =>
        RaiseComplianceFlagEndpoint.Take(flag, Ids.Of(because, nameof(ComplianceFlag)), cause with { OccurredAt = on }, runner, ct);
}
