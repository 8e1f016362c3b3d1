using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Rating;

/// <summary>Somebody complains about a practitioner; only its kind is kept here, the commission looks into it.</summary>
/// <param name="Kind">safety, service, access, attitude, fee or other.</param>
public sealed record RaiseComplaint(Guid? Id, [Required] Guid? PractitionerId, Guid? TeamId, [Required, MaxLength(40)] string? Kind)
{
    public IEnumerable<DomainEvent> Decide(Guid id, Complaint? complaint, Practitioner? practitioner, Moment at)
    {
        if (complaint is not null)
            return [];
        if (practitioner is null)
            throw new UnknownId();
        if (!Complaint.Kinds.Contains(Kind))
            throw Refusing.Invalid(nameof(Kind), $"A complaint is one of {string.Join(", ", Complaint.Kinds)}.");
        return [new ComplaintRaised(id, practitioner.Id, TeamId, practitioner.InstitutionId, practitioner.DistrictCode, Kind!, at.Today)];
    }
}

public static class RaiseComplaintEndpoint
{
    public static void MapRaiseComplaint(this IEndpointRouteBuilder routes) => routes
        .MapPost("/complaints", Handle).WithName(nameof(RaiseComplaint)).WithSummary("Raise a complaint").For(Role.Resident, Role.Clinic, Role.Commission);

    private static async Task<Decided> Handle(RaiseComplaint command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, ct), $"/complaints/{id}");
    }

    internal static Task<Done> Take(RaiseComplaint command, Guid id, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Complaint, Practitioner>(id, command.PractitionerId!.Value, envelope,
            (complaint, practitioner, at) => (command.Decide(id, complaint, practitioner, at), []), ct);
}
