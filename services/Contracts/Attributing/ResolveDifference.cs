using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Attributing;

/// <summary>The clinic has looked into what the payer says of somebody, and says what came of it; contracts change by their own use cases only.</summary>
public sealed record ResolveDifference([Required, AllowedValues("listIsRight", "contractCorrected", "residentAsked")] string? Outcome)
{
    public IEnumerable<DomainEvent> Decide(Guid teamId, Guid memberId, AttributionList? list) => list?.Claims.GetValueOrDefault(memberId) switch
    {
        null => throw new UnknownId(),
        { IsOpen: false } => [],
        _ => [new MemberDifferenceResolved(teamId, memberId, Outcome!)],
    };
}

public static class ResolveDifferenceEndpoint
{
    public static void MapResolveDifference(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/attribution-list/differences/{memberId:guid}/resolution", Handle).WithName(nameof(ResolveDifference))
        .WithSummary("Say what came of a difference with the payer").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid teamId, Guid memberId, ResolveDifference command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<AttributionList>(AttributionList.StreamOf(teamId), http.Envelope(),
            (list, _) => command.Decide(teamId, memberId, list), ct) with
        { Id = memberId });
}
