using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Quotas;

/// <summary>A hospital opens a day's slots of a service: some for family doctors, some for urgent cases, the rest for the public.</summary>
public sealed record PublishQuota(
    [Required] Guid? HospitalId, [Required, Code] string? Service, [Required] DateOnly? Date, [Required] TimeOnly? FirstSlot,
    [Range(1, 480)] int SlotMinutes, [Range(0, 500)] int FamilyDoctor, [Range(0, 500)] int Urgent, [Range(0, 500)] int Public)
{
    /// <param name="hospital">What is known of the hospital; unknown does not refuse.</param>
    public IEnumerable<DomainEvent> Decide(QuotaBook? book, HospitalFacts? hospital, Moment at)
    {
        if (hospital is not null && !hospital.Services.Contains(Service!))
            throw new RuleBroken("SERVICE_NOT_OFFERED", "This hospital does not offer the service.", new { hospital.Services });
        if (FamilyDoctor < 0 || Urgent < 0 || Public < 0)
            throw new RuleBroken("RULE_VIOLATION", "A pool cannot have less than no slots.");
        var (pools, date) = (new PoolSizes(FamilyDoctor, Urgent, Public), Date!.Value);
        var first = SlotDay.FirstStart(date, FirstSlot!.Value, SlotMinutes, pools.Total, at);
        if (book is not null)
        {
            return (book.FirstSlot, book.SlotMinutes, book.Slots) == (first, SlotMinutes, pools.Total)
                ? []
                : throw new RuleBroken("INVALID_TRANSITION", "Other slots are published for this day.",
                    new { state = "Published", allowed = Array.Empty<string>() });
        }

        var published = new QuotaPublished(HospitalId!.Value, Service!, date, first, SlotMinutes, pools, first.AddHours(-at.Policy.PoolReleaseHours));
        return [published, .. QuotaBook.Shortfall(pools, date, at, byLead: true), .. ReleasePoolToPublic.Decide(QuotaBook.Evolve(null, published), at)];
    }
}

public static class PublishQuotaEndpoint
{
    public static void MapPublishQuota(this IEndpointRouteBuilder routes) => routes
        .MapPost("/quotas", Handle).WithName(nameof(PublishQuota)).WithSummary("Publish a day's slots of a service").For(Role.Hospital);

    private static async Task<Decided> Handle(
        PublishQuota command, HttpContext http, Runner runner, Copies<HospitalFacts> hospitals, CancellationToken ct)
    {
        var hospital = await hospitals.Find(command.HospitalId!.Value, ct);
        var done = await Take(command, hospital, http.Envelope(), runner, ct);
        return new(done, $"/quotas?hospitalId={command.HospitalId}&service={command.Service}&from={command.Date:O}&to={command.Date:O}");
    }

    internal static Task<Done> Take(PublishQuota command, HospitalFacts? hospital, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<QuotaBook>(QuotaBook.StreamOf(command.HospitalId!.Value, command.Service!, command.Date!.Value), envelope,
            (book, at) => command.Decide(book, hospital, at), ct);
}
