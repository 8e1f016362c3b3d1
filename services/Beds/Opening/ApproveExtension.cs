using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Opening;

/// <summary>After a new assessment care goes on for another period; every half year a senior doctor has to agree.</summary>
/// <param name="ReviewedBy">The senior doctor, when the hard review is due.</param>
public sealed record ApproveExtension(
    [Required, Range(0, 100)] int? Barthel, [Required, Range(6, 23)] int? Braden, Guid? ReviewedBy = null)
{
    public IEnumerable<DomainEvent> Decide(FamilyBed? bed, Moment at)
    {
        var open = RequestExtension.Extensible(bed);
        var period = open.Period!;
        if (!period.ExtensionRequested)
            throw new RuleBroken("INVALID_TRANSITION", "No extension was asked for.", new { state = open.Status.ToString(), allowed = new[] { "ExtensionRequested" } });
        var criteria = FamilyBed.Against(open.Request.Type, Barthel!.Value, caregiver: true, recommendation: "familyBed");
        if (criteria.Count > 0)
            throw new RuleBroken("BED_NOT_ELIGIBLE", "A family bed is no longer right here.", new { criteria });
        // A palliative bed may be past its end: then the new period begins today.
        var endsOn = (period.EndsOn > at.Today ? period.EndsOn : at.Today).AddDays(open.Terms!.PeriodDays);
        var reviewDueOn = period.ReviewedOn.AddDays(at.Policy.BedHardReviewDays);
        if (ReviewedBy is null && endsOn > reviewDueOn)
            throw new RuleBroken("PERIOD_LIMIT", "A senior doctor has to review the bed before it goes on.",
                new { reviewDueOn });
        return [new BedExtended(open.Id, period.Number + 1, at.Today, endsOn, at.StartOf(endsOn.AddDays(-at.Policy.BedWarnDays)), at.EndOf(endsOn),
            Barthel.Value, Braden!.Value, ReviewedBy)];
    }
}

public static class ApproveExtensionEndpoint
{
    public static void MapApproveExtension(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/extension", Handle).WithName(nameof(ApproveExtension)).WithSummary("Approve another period").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid bedId, ApproveExtension command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), command.Decide, ct));
}
