using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>Before a resident signs or renews, his age is looked up in the vault: children grow up and then sign for themselves, and priority groups by age begin and end.</summary>
public sealed class FollowAge(ResidentVault vault, Runner runner, PolicyBook policies, TimeProvider clock)
{
    public async Task Follow(Guid residentId, Envelope cause, PackageCatalogue catalogue, CancellationToken ct)
    {
        if (await vault.Find(residentId, ct) is not { } identity)
            return;
        var now = policies.At(cause.OccurredAt ?? clock.GetUtcNow());
        if (await runner.Look<Enrolment>(residentId, ct) is { } known && !Decide(known, BandOf(identity.BirthDate, now), catalogue, now).Any())
            return; // nothing to write, so nothing to wait for
        await runner.Execute<Enrolment>(residentId, cause with { ExpectedVersion = null, Idempotency = null },
            (enrolment, at) => Decide(enrolment, BandOf(identity.BirthDate, at), catalogue, at), ct);
    }

    public static IEnumerable<DomainEvent> Decide(Enrolment? enrolment, string band, PackageCatalogue catalogue, Moment at)
    {
        if (enrolment is not { IsHere: true })
            yield break;
        if (enrolment.AgeBand != band)
            yield return new AgeBandChanged(band);
        if (enrolment.IsIn("child0to6") && band is not "child")
            yield return new PriorityGroupEnded("child0to6", "outgrown", at.Today);
        if (GroupOf(band) is { } group)
        {
            foreach (var assigned in AssignPriorityGroup.Decide(new(group, "birthDate"), enrolment, catalogue, at))
                yield return assigned;
        }
    }

    /// <summary>The priority group that a resident belongs to by his age alone.</summary>
    internal static string? GroupOf(string band) => band switch
    {
        "child" => "child0to6",
        "elder" => "elderly",
        _ => null,
    };

    /// <summary>child (0-6), minor, adult or elder.</summary>
    public static string BandOf(DateOnly birthDate, Moment at) => at.Today switch
    {
        var today when birthDate > today.AddYears(-7) => "child",
        var today when birthDate > today.AddYears(-at.Policy.GuardianUntilAge) => "minor",
        var today when birthDate > today.AddYears(-at.Policy.ElderlyAge) => "adult",
        _ => "elder",
    };
}
