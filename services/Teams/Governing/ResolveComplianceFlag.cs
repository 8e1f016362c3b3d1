using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Governing;

/// <summary>Somebody has looked into a flag, and says what came of it.</summary>
/// <param name="Resolution">A code: explained, corrected, warned ...</param>
public sealed record ResolveComplianceFlag([Required, MaxLength(60)] string? Resolution)
{
    public IEnumerable<DomainEvent> Decide(ComplianceFlag? flag) => flag switch
    {
        null => throw new UnknownId(),
        { Status: ComplianceFlagStatus.Open } => [new ComplianceFlagResolved(flag.Entry.FlagId, Resolution!)],
        _ => [],
    };
}

public static class ResolveComplianceFlagEndpoint
{
    public static void MapResolveComplianceFlag(this IEndpointRouteBuilder routes) => routes
        .MapPost("/compliance-flags/{flagId:guid}/resolution", Handle).WithName(nameof(ResolveComplianceFlag)).WithSummary("Resolve a compliance flag")
        .For(Role.Commission);

    private static async Task<Decided> Handle(Guid flagId, ResolveComplianceFlag command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<ComplianceFlag>(flagId, http.Envelope(), (flag, _) => command.Decide(flag), ct));
}
