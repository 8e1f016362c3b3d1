using FamilyDoctor.EventSourcing;
using Published = FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Opening;

/// <summary>The insurer pays its share of a bed's period, or the resident pays himself and is asked whether it shall go on.</summary>
public sealed class WhenBedAuthorisationAnswered(Runner runner)
    : IReaction<Published.BedAuthorisationGranted>, IReaction<Published.BedAuthorisationRejected>
{
    public Task React(Published.BedAuthorisationGranted message, Envelope cause, CancellationToken ct) =>
        runner.Execute<FamilyBed>(message.BedId, cause,
            (bed, _) => Decide(bed, message.Version, new BedInsured(message.BedId, message.Version, message.Reference)), ct);

    public Task React(Published.BedAuthorisationRejected message, Envelope cause, CancellationToken ct) =>
        runner.Execute<FamilyBed>(message.BedId, cause,
            (bed, _) => Decide(bed, message.Version, new BedInsuranceRefused(message.BedId, message.Version, message.Code)), ct);

    /// <summary>An answer about an earlier period than the one answered last says nothing new.</summary>
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, long version, DomainEvent answer) =>
        bed?.Period is not null && !(bed.Insurance?.Version >= version) ? [answer] : [];
}
