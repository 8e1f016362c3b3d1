using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The hospital cannot decide yet and says what is missing; meanwhile its clock stands and the slot stays held.</summary>
public sealed record RequestInformation([Required, MinLength(1), CodeList] IReadOnlyList<string>? Missing, [MaxLength(20_000)] string? Question = null)
{
    public IEnumerable<DomainEvent> Decide(Referral? referral, Guid? questionRef, Moment at) =>
        Referral.MayGo(referral, ReferralStatus.InfoRequested, ReferralStatus.Submitted)
            ? [new ReferralReturnedForInformation(referral!.Id, Missing!, questionRef, at.Now)]
            : [];
}

public static class RequestInformationEndpoint
{
    public static void MapRequestInformation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/information-request", Handle).WithName(nameof(RequestInformation))
        .WithSummary("Ask the family doctor for what is missing").For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, RequestInformation command, HttpContext http, Runner runner, ReferralLetters letters, CancellationToken ct)
    {
        var questionRef = await letters.Keep(referralId, ReferralLetters.Question, command.Question, ct);
        return new(await runner.Execute<Referral>(referralId, http.Envelope(), (referral, at) => command.Decide(referral, questionRef, at), ct));
    }
}
