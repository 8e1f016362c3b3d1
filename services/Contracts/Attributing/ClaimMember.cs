using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Attributing;

/// <summary>The payer says that somebody belongs on a team's list, or does not: it is told what we know, and where we differ the clinic looks into it.</summary>
public sealed record ClaimMember([Required] Guid? MemberId)
{
    public ClaimAnswer Answer(Guid teamId, MemberClaim claim, Enrolment? member)
    {
        var known = member is { Erasure: null, MergedInto: null };
        var isOnList = known && member!.Contract is { IsCurrent: true } contract && contract.TeamId == teamId;
        return (claim, isOnList) switch
        {
            (MemberClaim.Belongs, true) or (MemberClaim.DoesNotBelong, false) => ClaimAnswer.Agrees,
            (MemberClaim.DoesNotBelong, true) => ClaimAnswer.HasContract,
            _ when !known => ClaimAnswer.Unknown,
            _ when member!.Death is not null => ClaimAnswer.Deceased,
            _ => member!.Contract is { IsCurrent: true } ? ClaimAnswer.OtherTeam : ClaimAnswer.NoContract,
        };
    }

    /// <summary>Said twice with the same answer it is said once.</summary>
    public IEnumerable<DomainEvent> Decide(Guid teamId, MemberClaim claim, ClaimAnswer answer, AttributionList? list) =>
        list?.Claims.GetValueOrDefault(MemberId!.Value) is { } before && before.Claim == claim && before.Answer == answer
            ? []
            : [new MemberClaimed(teamId, MemberId!.Value, claim, answer)];
}

/// <param name="Answer">Agrees, or what we know of him instead.</param>
public sealed record ClaimResult(Guid MemberId, MemberClaim Claim, ClaimAnswer Answer, long Version);

public static class ClaimMemberEndpoint
{
    public static void MapClaimMember(this IEndpointRouteBuilder routes)
    {
        Map("member-additions", nameof(ClaimMember), "Say that somebody belongs on a team's list", MemberClaim.Belongs);
        Map("member-removals", "ClaimNoMember", "Say that somebody does not belong on a team's list", MemberClaim.DoesNotBelong);

        void Map(string noun, string name, string summary, MemberClaim claim) => routes
            .MapPost($"/teams/{{teamId:guid}}/attribution-list/{noun}",
                (Guid teamId, ClaimMember command, HttpContext http, Runner runner, Rows<PanelOfTeam> panels, CancellationToken ct) =>
                    Handle(teamId, command, claim, http, runner, panels, ct))
            .WithName(name).WithSummary(summary).For(Role.Payer);
    }

    private static async Task<ClaimResult> Handle(
        Guid teamId, ClaimMember command, MemberClaim claim, HttpContext http, Runner runner, Rows<PanelOfTeam> panels, CancellationToken ct)
    {
        if (await panels.Find(teamId, ct) is null)
            throw new UnknownId();
        var (member, answer) = (command.MemberId!.Value, default(ClaimAnswer));
        var done = await runner.Execute<AttributionList, Enrolment>(AttributionList.StreamOf(teamId), member, http.Envelope(), (list, enrolment, _) =>
        {
            answer = command.Answer(teamId, claim, enrolment);
            return (command.Decide(teamId, claim, answer, list), []);
        }, ct);
        http.Response.Headers.ETag = $"\"{done.Version}\"";
        return new(member, claim, answer, done.Version);
    }
}
