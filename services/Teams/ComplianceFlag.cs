using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <param name="Kind">A code: licenceLapsed, compositionBreach, coverMissing, actedUnlicensed ...</param>
/// <param name="Reference">Of the case in the service that owns it.</param>
public sealed record ComplianceFlagRaised(
    Guid FlagId, string Kind, Guid? PractitionerId, Guid? TeamId, Guid? InstitutionId, string? Reference, DateOnly On) : DomainEvent;
public sealed record ComplianceFlagResolved(Guid FlagId, string Resolution) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ComplianceFlagStatus>))]
public enum ComplianceFlagStatus { Open, Resolved }

/// <summary>Something was not as the rules have it; nothing is undone, but somebody has to look. See ComplianceFlag.states.md.</summary>
public sealed record ComplianceFlag(ComplianceFlagRaised Entry, ComplianceFlagStatus Status) : IState<ComplianceFlag>
{
    public static ComplianceFlag Evolve(ComplianceFlag? flag, DomainEvent @event) => (flag, @event) switch
    {
        (null, ComplianceFlagRaised e) => new(e, ComplianceFlagStatus.Open),
        ({ Status: ComplianceFlagStatus.Open } f, ComplianceFlagResolved) => f with { Status = ComplianceFlagStatus.Resolved },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {flag?.Status.ToString() ?? "nothing"}."),
    };
}
