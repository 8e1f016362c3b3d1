using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Governing;

/// <summary>Something was done that the rules do not have so; it stays done, and somebody looks into it.</summary>
/// <param name="Reference">Of the case in the service that owns it.</param>
public sealed record RaiseComplianceFlag(
    Guid? Id, [Required, MaxLength(60)] string? Kind, Guid? PractitionerId = null, Guid? TeamId = null, Guid? InstitutionId = null,
    [MaxLength(100)] string? Reference = null)
{
    public IEnumerable<DomainEvent> Decide(Guid id, ComplianceFlag? flag, Moment at)
    {
        if (PractitionerId is null && TeamId is null && InstitutionId is null)
            throw Refusing.Invalid(nameof(PractitionerId), "A flag is about a practitioner, a team or an institution.");
        return flag is null ? [new ComplianceFlagRaised(id, Kind!, PractitionerId, TeamId, InstitutionId, Reference, at.Today)] : [];
    }
}

public static class RaiseComplianceFlagEndpoint
{
    public static void MapRaiseComplianceFlag(this IEndpointRouteBuilder routes) => routes
        .MapPost("/compliance-flags", Handle).WithName(nameof(RaiseComplianceFlag)).WithSummary("Raise a compliance flag")
        .For(Role.Commission, Role.Clinic, Role.Service);

    private static async Task<Decided> Handle(RaiseComplianceFlag command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, ct), $"/compliance-flags/{id}");
    }

    internal static Task<Done> Take(RaiseComplianceFlag command, Guid id, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<ComplianceFlag>(id, envelope, (flag, at) => command.Decide(id, flag, at), ct);
}
