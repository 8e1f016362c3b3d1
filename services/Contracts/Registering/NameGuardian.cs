using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>Who acts for a minor or for a resident who cannot bind himself; his name and number lie in the vault of the resident.</summary>
/// <param name="Relation">parent, spouse, child, sibling, court or institution.</param>
public sealed record NameGuardian(
    Guid? Id, [Required, MaxLength(100)] string? Name, [MaxLength(20)] string? Phone,
    [Required, AllowedValues("parent", "spouse", "child", "sibling", "court", "institution")] string? Relation)
{
    public IEnumerable<DomainEvent> Decide(Guid guardianId, Enrolment? enrolment)
    {
        if (guardianId == enrolment.Alive().ResidentId)
            throw new RuleBroken("GUARDIAN_REQUIRED", "Nobody is his own guardian.");
        return enrolment.GuardianRef == guardianId.ToString() ? [] : [new GuardianNamed(guardianId.ToString(), Relation!)];
    }
}

public static class NameGuardianEndpoint
{
    public static void MapNameGuardian(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/guardian", Handle).WithName(nameof(NameGuardian)).WithSummary("Name a resident's guardian")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid residentId, NameGuardian command, HttpContext http, Runner runner, IEventStore store, Documents documents, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        if ((await store.Load<Enrolment>(residentId, ct)).State is null)
            throw new UnknownId(); // before a key is made for nobody
        // The vault first: repeated after a crash it keeps the same document, and the event follows.
        await documents.Keep(Ids.Of(residentId, $"guardian:{id}"), residentId, "application/json",
            JsonSerializer.SerializeToUtf8Bytes(new { command.Name, command.Phone }), ct);
        return new(await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, _) => command.Decide(id, enrolment), ct));
    }
}
