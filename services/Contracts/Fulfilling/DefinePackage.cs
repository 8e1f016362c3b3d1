using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Fulfilling;

public sealed record PackageItemForm([Required, MaxLength(40)] string? Kind, [Required, Range(1, 366)] int? TimesAYear);

/// <summary>The commission defines a service package, or its new form from a day on; contracts keep what they were signed with.</summary>
/// <param name="Groups">Priority groups it is for; none for everybody.</param>
public sealed record DefinePackage(
    [Required, MaxLength(40)] string? PackageId, [Required] IReadOnlyList<string>? Groups, [Required] IReadOnlyList<PackageItemForm>? Items,
    [Required] DateOnly? From)
{
    public IEnumerable<DomainEvent> Decide(PackageCatalogue? catalogue, Moment at)
    {
        if (!Groups!.All(Registering.PriorityGroups.Codes.Contains))
            throw new RuleBroken("GROUP_UNKNOWN", "A package is for priority groups.", new { allowed = Registering.PriorityGroups.Codes });
        if (Items!.Any(i => i is null))
            throw new RuleBroken("VALIDATION_FAILED", "A service is missing.");
        if (From < at.Today)
            throw new RuleBroken("EFFECTIVE_DATE_INVALID", "A package takes effect today or later.", new { from = at.Today });
        var defined = new PackageDefined(PackageId!, Groups!, [.. Items!.Select(i => new PackageItem(i.Kind!, i.TimesAYear!.Value))], From!.Value);
        var isKnown = (catalogue ?? PackageCatalogue.Sample).Packages.Any(p => p.PackageId == defined.PackageId && p.From == defined.From
            && p.Groups.SequenceEqual(defined.Groups) && p.Items.SequenceEqual(defined.Items));
        return isKnown ? [] : [defined];
    }
}

public static class DefinePackageEndpoint
{
    public static void MapDefinePackage(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/packages", async (DefinePackage command, HttpContext http, Runner runner, City city, CancellationToken ct) =>
            new Decided(await runner.Execute<PackageCatalogue>(PackageCatalogue.StreamOf(city), http.Envelope(), command.Decide, ct)))
            .WithName(nameof(DefinePackage)).WithSummary("Define a service package").For(Role.Commission);
        routes.MapGet("/packages", async (Packages packages, CancellationToken ct) => (await packages.Now(ct)).Packages)
            .WithName(nameof(PackageCatalogue)).WithSummary("The city's service packages, by the day they take effect")
            .Public(Role.Clinic, Role.Commission, Role.Resident);
    }
}
