using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Printing;

/// <summary>The referral or exam whose slip somebody shows at the desk. A wrong code finds nothing, like one of another hospital; after ten of them within a minute nobody is answered.</summary>
/// <param name="Kind">Referral or Exam.</param>
public sealed record PickUp(CaseKind Kind, Guid Id, string Number, string Status, Guid HospitalId, DateTimeOffset? SlotStart);

public static class PickUpEndpoint
{
    public static void MapPickUp(this IEndpointRouteBuilder routes) => routes
        .MapGet("/pick-ups/{code}", Handle).WithName(nameof(PickUp)).WithSummary("The case of a slip's code").For(Role.Clinic, Role.Hospital).OfAll();

    private static Task<PickUp> Handle(string code, HttpContext http, PickUpCodes codes, IEventStore store, CancellationToken ct) =>
        codes.Find(code, http, async (letter, id) => letter is 'R' ? OfReferral(http.OnlyOf(), await store.Load<Referral>(id, ct)) : OfExam(http.OnlyOf(), await store.Load<Exam>(id, ct)), ct);

    private static PickUp? OfReferral(Guid? only, (Referral? State, long) known) => known.State is { } r && IsHis(only, r.HospitalId, r.Draft.FromOrg)
        ? new(CaseKind.Referral, r.Id, r.Number, r.Status.ToString(), r.HospitalId, r.Slot?.Start) : null;

    private static PickUp? OfExam(Guid? only, (Exam? State, long) known) => known.State is { Request: var q } x && IsHis(only, q.HospitalId, q.InstitutionId)
        ? new(CaseKind.Exam, q.ExamId, Ids.Human('E', q.ExamId), x.Status.ToString(), q.HospitalId, x.Slot?.Start) : null;

    /// <param name="only">The house whose cases he may see; null when he may see all.</param>
    private static bool IsHis(Guid? only, Guid hospital, Guid institution) => only is null || only == hospital || only == institution;
}
