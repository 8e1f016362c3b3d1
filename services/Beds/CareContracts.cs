using FamilyDoctor.Beds.Ending;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds;

/// <summary>What is known here of a resident's newest contract.</summary>
/// <param name="Since">When the contract became what it is.</param>
/// <param name="EndReason">Why it was terminated.</param>
public sealed record CareContract(ContractFacts Facts, long Version, DateTimeOffset Since, string? EndReason = null)
{
    public bool IsCurrent => Facts.Status is "Active" or "InGrace" or "AwaitingReassignment";

    /// <summary>The right to a family bed that a current contract gives.</summary>
    public CareRight? Right => IsCurrent
        ? new(Facts.ContractId, Version, Facts.ResidentId, Facts.TeamId, Facts.InstitutionId, Facts.DistrictCode)
        : null;
}

/// <summary>What is known here of a resident's death, or of its having been told in error.</summary>
public sealed record KnownDeath(bool IsDead, DateTimeOffset Since);

/// <summary>Why a resident may have care at home, and from whom.</summary>
/// <param name="ContractId">Null when the right comes from an offer at discharge alone.</param>
public sealed record CareRight(Guid? ContractId, long Version, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode);

/// <summary>The local copies of contracts, and the beds that rest on them.</summary>
public sealed class CareContracts(Copies<CareContract> copies, Copies<KnownDeath> deaths, BedSeats seats, IEventStore store)
{
    public Task<CareContract?> Find(Guid residentId, CancellationToken ct) => copies.Find(residentId, ct);

    /// <summary>Takes news of a contract in, then lets the resident's bed follow the newest that is known.</summary>
    public async Task Learn(CareContract contract, Envelope cause, CancellationToken ct)
    {
        await copies.Apply(contract.Facts.ResidentId, contract.Version, contract, ct);
        await Follow(contract.Facts.ResidentId, cause, ct);
    }

    /// <summary>
    /// Messages come twice and in any order, so the bed follows the newest copy, not the message; and looks again
    /// afterwards, because a newer copy may have come while it was deciding.
    /// </summary>
    public async Task Follow(Guid residentId, Envelope cause, CancellationToken ct)
    {
        var followed = 0L;
        while (await copies.Find(residentId, ct) is { } newest && newest.Version != followed)
        {
            var (resident, _) = await store.Load<ResidentBeds>(ResidentBeds.StreamOf(residentId), ct);
            if (resident?.Current is not { } bedId)
                return;
            await seats.Execute(bedId, cause with { OccurredAt = await NotBefore(bedId, newest.Since, ct), ExpectedVersion = null, Idempotency = null },
                (bed, _, capacity, at) => FollowContract.Decide(bed, capacity, newest, at), ct);
            followed = newest.Version;
        }
    }

    /// <summary>Takes news of a death in, then lets the bed follow the newest that is known.</summary>
    public async Task LearnDeath(Guid residentId, long version, KnownDeath death, Envelope cause, CancellationToken ct)
    {
        await deaths.Apply(residentId, version, death, ct);
        var newest = (await deaths.Find(residentId, ct))!;
        var (resident, _) = await store.Load<ResidentBeds>(ResidentBeds.StreamOf(residentId), ct);
        if ((newest.IsDead ? resident?.Current : resident?.Last) is not { } bedId)
            return;
        await seats.Execute(bedId, cause with { OccurredAt = await NotBefore(bedId, newest.Since, ct) },
            (bed, guard, capacity, at) => FollowDeath.Decide(bed, guard, capacity, newest, at), ct);
    }

    /// <summary>Late news counts from when it happened, but never before what the bed has gone through since.</summary>
    public async Task<DateTimeOffset> NotBefore(Guid bedId, DateTimeOffset occurredAt, CancellationToken ct)
    {
        var history = await store.Read(bedId, ct);
        return history.Count > 0 && history[^1].OccurredAt > occurredAt ? history[^1].OccurredAt : occurredAt;
    }
}
