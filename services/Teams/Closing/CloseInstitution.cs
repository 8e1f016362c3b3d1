using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Closing;

/// <summary>An institution closes for good; its teams and people go on under a successor, and so do their contracts.</summary>
public sealed record CloseInstitution([Required] Guid? SuccessorId, [Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Institution? institution, Institution? successor) =>
        Institution.Close(institution, institution?.Status is InstitutionStatus.Closed && successor is not null ? successor : Institution.Active(successor), Reason!);
}

public static class CloseInstitutionEndpoint
{
    public static void MapCloseInstitution(this IEndpointRouteBuilder routes) => routes
        .MapPost("/institutions/{institutionId:guid}/closure", Handle).WithName(nameof(CloseInstitution)).WithSummary("Close an institution")
        .For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid institutionId, CloseInstitution command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await Take(command, institutionId, http.Envelope(), runner, ct));

    internal static Task<Done> Take(CloseInstitution command, Guid institutionId, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Institution, Institution>(institutionId, command.SuccessorId!.Value, envelope,
            (institution, successor, _) => (command.Decide(institution, successor), []), ct);
}
