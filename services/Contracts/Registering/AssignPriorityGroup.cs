using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <param name="Group">A code of <see cref="PriorityGroups.Codes"/>.</param>
/// <param name="Evidence">birthDate, pregnancyRecord, condition, register, certificate, notification or list: each group has its own.</param>
/// <param name="To">Last day, where it is known.</param>
public sealed record GroupEvidence(
    [Required, MaxLength(40)] string? Group, [Required, MaxLength(40)] string? Evidence, DateOnly? From = null, DateOnly? To = null)
{
    internal PriorityGroupAssigned Assigned(Moment at)
    {
        if (!PriorityGroups.Evidence.TryGetValue(Group!, out var accepted))
            throw new RuleBroken("GROUP_UNKNOWN", $"'{Group}' is not a priority group.", new { allowed = PriorityGroups.Codes });
        if (!accepted.Contains(Evidence))
            throw new RuleBroken("EVIDENCE_INVALID", $"'{Evidence}' does not show that a resident belongs to this group.", new { accepted });
        if (To < (From ?? at.Today) || To > at.Today.AddYears(100))
            throw new RuleBroken("EFFECTIVE_DATE_INVALID", "A group ends after it began.", new { From, To });
        return new(Group!, Evidence!, From ?? at.Today, To, To is { } to ? at.EndOf(to) : null);
    }
}

public static class PriorityGroups
{
    /// <summary>What shows that a resident belongs to a group.</summary>
    public static IReadOnlyDictionary<string, string[]> Evidence { get; } = new Dictionary<string, string[]>
    {
        ["elderly"] = ["birthDate"],
        ["child0to6"] = ["birthDate"],
        ["pregnantPostpartum"] = ["pregnancyRecord", "condition"],
        ["hypertension"] = ["condition"],
        ["diabetesT2"] = ["condition"],
        ["copd"] = ["condition"],
        ["tumour"] = ["condition"],
        ["tuberculosis"] = ["notification"],
        ["severeMentalDisorder"] = ["register"],
        ["disabled"] = ["certificate"],
        ["lowIncome"] = ["list"],
        ["familyPlanningSpecial"] = ["list"],
        ["honouredVeteran"] = ["list"],
    };

    public static IReadOnlyList<string> Codes { get; } = [.. Evidence.Keys];
}

/// <summary>A resident belongs to a priority group, with evidence; from then on its services are due to him.</summary>
public static class AssignPriorityGroup
{
    public static IEnumerable<DomainEvent> Decide(GroupEvidence group, Enrolment? enrolment, PackageCatalogue catalogue, Moment at)
    {
        if (enrolment.Alive().IsIn(group.Group!))
            return [];
        var assigned = group.Assigned(at);
        if (enrolment.Contract is not { HoldsSeat: true } contract)
            return [assigned];
        var packages = catalogue.On(at.Today).Where(p => p.Groups.Contains(group.Group!)).Select(p => p.PackageId).Except(contract.PackageIds).ToList();
        return packages.Count == 0
            ? [assigned]
            : [assigned, new PackageChanged(contract.Id, [.. contract.PackageIds, .. packages]),
                .. contract.IsCurrent ? ChangePackages.Added(contract, packages, catalogue, at) : []]; // of an application they are due once it is signed
    }

    public static void MapAssignPriorityGroup(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/priority-groups", Handle).WithName(nameof(AssignPriorityGroup))
        .WithSummary("Assign a priority group").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid residentId, GroupEvidence command, HttpContext http, Runner runner, Packages packages, CancellationToken ct)
    {
        var catalogue = await packages.Now(ct);
        return new(await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, at) => Decide(command, enrolment, catalogue, at), ct));
    }
}
