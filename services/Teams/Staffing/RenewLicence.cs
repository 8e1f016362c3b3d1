using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A practitioner's licence is renewed; whoever was suspended without one works again.</summary>
public sealed record RenewLicence([Required] DateOnly? ValidTo)
{
    public IEnumerable<DomainEvent> Decide(Practitioner? known, Moment at)
    {
        var practitioner = Practitioner.Staying(known);
        if (practitioner.LicenceValidTo == ValidTo)
            return [];
        if (ValidTo < at.Today || ValidTo < practitioner.LicenceValidTo || ValidTo > at.Today.AddYears(50))
            throw new RuleBroken("LICENCE_INVALID", "A licence is renewed to a later day than it had, and to one that is not past.",
                new { validTo = ValidTo, practitioner.LicenceValidTo });
        return [new LicenceRenewed(practitioner.Id, ValidTo!.Value, at.EndOf(ValidTo.Value))];
    }
}

public static class RenewLicenceEndpoint
{
    public static void MapRenewLicence(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/licence", Handle).WithName(nameof(RenewLicence)).WithSummary("Renew a licence")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid practitionerId, RenewLicence command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(practitionerId, http.Envelope(), command.Decide, ct));
}
