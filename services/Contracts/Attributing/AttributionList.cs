using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Attributing;

/// <param name="Digest">Of the list as the payer has it.</param>
public sealed record AttributionListConfirmed(Guid TeamId, string Digest, int Members) : DomainEvent;
/// <param name="Claim">What the payer says of a member of the list.</param>
/// <param name="Answer">What we say to that; anything but Agrees is a case for the clinic.</param>
public sealed record MemberClaimed(Guid TeamId, Guid MemberId, MemberClaim Claim, ClaimAnswer Answer) : DomainEvent;
/// <param name="Outcome">listIsRight, contractCorrected or residentAsked.</param>
public sealed record MemberDifferenceResolved(Guid TeamId, Guid MemberId, string Outcome) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<MemberClaim>))]
public enum MemberClaim { Belongs, DoesNotBelong }

[JsonConverter(typeof(JsonStringEnumConverter<ClaimAnswer>))]
public enum ClaimAnswer { Agrees, HasContract, NoContract, OtherTeam, Unknown, Deceased }

/// <summary>What the payer last said of a member, and whether somebody has to look into it.</summary>
public sealed record Claimed(MemberClaim Claim, ClaimAnswer Answer, bool IsOpen);

/// <summary>
/// A team's panel as the payer sees it: what it confirmed, and where it says otherwise. A payer signs nobody up and ends
/// nothing; contracts stay as they are until somebody decides on them. What can follow from where: AttributionList.states.md.
/// </summary>
public sealed record AttributionList(Guid TeamId, string? Confirmed, ImmutableDictionary<Guid, Claimed> Claims) : IState<AttributionList>
{
    public static Guid StreamOf(Guid teamId) => Ids.Of($"AttributionList:{teamId}");

    public static AttributionList Evolve(AttributionList? list, DomainEvent @event) => (list, @event) switch
    {
        (_, AttributionListConfirmed e) => (list ?? New(e.TeamId)) with { Confirmed = e.Digest },
        (_, MemberClaimed e) => (list ?? New(e.TeamId)).With(e.MemberId, new(e.Claim, e.Answer, e.Answer is not ClaimAnswer.Agrees)),
        ({ } l, MemberDifferenceResolved e) when l.Claims.GetValueOrDefault(e.MemberId) is { IsOpen: true } open => l.With(e.MemberId, open with { IsOpen = false }),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow."),
    };

    private static AttributionList New(Guid teamId) => new(teamId, null, ImmutableDictionary<Guid, Claimed>.Empty);

    private AttributionList With(Guid member, Claimed claimed) => this with { Claims = Claims.SetItem(member, claimed) };
}
