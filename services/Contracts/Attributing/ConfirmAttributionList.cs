using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Attributing;

/// <summary>The payer has the list of a team's residents and agrees with it as it is.</summary>
/// <param name="Digest">Of the list that it has.</param>
public sealed record ConfirmAttributionList([Required, MaxLength(64)] string? Digest)
{
    public IEnumerable<DomainEvent> Decide(Guid teamId, AttributionList? list, string current, int members)
    {
        if (Digest != current)
            throw new RuleBroken("LIST_CHANGED", "The list is another one by now; read it again.", new { digest = current, members });
        return list?.Confirmed == current ? [] : [new AttributionListConfirmed(teamId, current, members)];
    }
}

public static class ConfirmAttributionListEndpoint
{
    public static void MapConfirmAttributionList(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/attribution-list/confirmation", Handle).WithName(nameof(ConfirmAttributionList))
        .WithSummary("Confirm the list of a team's residents").For(Role.Payer);

    private static async Task<Decided> Handle(
        Guid teamId, ConfirmAttributionList command, HttpContext http, Runner runner, Rows<ContractsOfTeam> rows, Rows<PanelOfTeam> panels, CancellationToken ct)
    {
        if (await panels.Find(teamId, ct) is null)
            throw new UnknownId();
        var (digest, members) = await rows.WholeList(teamId, ct);
        return new(await runner.Execute<AttributionList>(AttributionList.StreamOf(teamId), http.Envelope(),
            (list, _) => command.Decide(teamId, list, digest, members), ct) with
        { Id = teamId });
    }
}
