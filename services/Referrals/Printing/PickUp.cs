using System.Security.Claims;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Printing;

/// <summary>The referral or exam whose slip somebody shows at the desk. A wrong code finds nothing, like one of another hospital; after ten of them within a minute nobody is answered.</summary>
/// <param name="Kind">Referral or Exam.</param>
public sealed record PickUp(CaseKind Kind, Guid Id, string Number, string Status, Guid HospitalId, DateTimeOffset? SlotStart);

public static class PickUpEndpoint
{
    public static void MapPickUp(this IEndpointRouteBuilder routes) => routes
        .MapGet("/pick-ups/{code}", Handle).WithName(nameof(PickUp)).WithSummary("The case of a slip's code").For(Role.Clinic, Role.Hospital);

    private static Task<PickUp> Handle(string code, HttpContext http, PickUpCodes codes, IEventStore store, CancellationToken ct) =>
        codes.Find(code, http, async (letter, id) => letter is 'R' ? OfReferral(http.User, await store.Load<Referral>(id, ct)) : OfExam(http.User, await store.Load<Exam>(id, ct)), ct);

    private static PickUp? OfReferral(ClaimsPrincipal user, (Referral? State, long) known) => known.State is { } r && IsHis(user, r.HospitalId, r.Draft.FromOrg)
        ? new(CaseKind.Referral, r.Id, r.Number, r.Status.ToString(), r.HospitalId, r.Slot?.Start) : null;

    private static PickUp? OfExam(ClaimsPrincipal user, (Exam? State, long) known) => known.State is { Request: var q } x && IsHis(user, q.HospitalId, q.InstitutionId)
        ? new(CaseKind.Exam, q.ExamId, Ids.Human('E', q.ExamId), x.Status.ToString(), q.HospitalId, x.Slot?.Start) : null;

    /// <summary>Whoever says for whom he works finds only the cases of that house.</summary>
    private static bool IsHis(ClaimsPrincipal user, Guid hospital, Guid institution) =>
        !Guid.TryParse(user.FindFirstValue("org"), out var house) || house == hospital || house == institution;
}
