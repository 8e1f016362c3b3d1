using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>A court says whether a resident can bind himself; who cannot needs a guardian at any age.</summary>
public sealed record RecordLegalCapacity([Required] bool? IsLacking)
{
    public IEnumerable<DomainEvent> Decide(Enrolment? enrolment) =>
        enrolment.Alive().LacksCapacity == IsLacking ? [] : [new LegalCapacityRecorded(IsLacking!.Value)];
}

public static class RecordLegalCapacityEndpoint
{
    public static void MapRecordLegalCapacity(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/legal-capacity", Handle).WithName(nameof(RecordLegalCapacity))
        .WithSummary("Record whether a resident can bind himself").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid residentId, RecordLegalCapacity command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, _) => command.Decide(enrolment), ct));
}
