using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>Before a resident signs, his age band is looked up in the vault: children grow up, and then sign for themselves.</summary>
public sealed class FollowAge(ResidentVault vault, Runner runner, PolicyBook policies, TimeProvider clock)
{
    public async Task Follow(Guid residentId, Envelope cause, CancellationToken ct)
    {
        if (await vault.Find(residentId, ct) is not { } identity)
            return;
        if (await runner.Look<Enrolment>(residentId, ct) is { } known && known.AgeBand == BandOf(identity.BirthDate, policies.At(cause.OccurredAt ?? clock.GetUtcNow())))
            return; // nothing to write, so nothing to wait for
        await runner.Execute<Enrolment>(residentId, cause with { ExpectedVersion = null, Idempotency = null },
            (enrolment, at) => Decide(enrolment, BandOf(identity.BirthDate, at)), ct);
    }

    public static IEnumerable<DomainEvent> Decide(Enrolment? enrolment, string band) =>
        enrolment is { Death: null, MergedInto: null } && enrolment.AgeBand != band ? [new AgeBandChanged(band)] : [];

    /// <summary>child (0-6), minor, adult or elder.</summary>
    public static string BandOf(DateOnly birthDate, Moment at) => at.Today switch
    {
        var today when birthDate > today.AddYears(-7) => "child",
        var today when birthDate > today.AddYears(-at.Policy.GuardianUntilAge) => "minor",
        var today when birthDate > today.AddYears(-at.Policy.ElderlyAge) => "adult",
        _ => "elder",
    };
}
