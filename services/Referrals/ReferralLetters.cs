using System.Text;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

/// <summary>The texts of a referral, sealed with the resident's key; events carry only where they are.</summary>
public sealed class ReferralLetters(Documents documents, IEventStore store)
{
    public const string ClinicalSummary = "clinicalSummary", Question = "question", Advice = "advice", Report = "report", Plan = "plan", DischargeSummary = "dischargeSummary";

    /// <summary>Keeps a text about a known referral; null stays null.</summary>
    public async Task<Guid?> Keep(Guid referralId, string kind, string? text, CancellationToken ct)
    {
        if (text is null)
            return null;
        var (referral, _) = await store.Load<Referral>(referralId, ct);
        return await Keep(referralId, referral?.Draft.ResidentId ?? throw new UnknownId(), kind, text, ct);
    }

    /// <summary>The same text of the same case has the same reference, so that a repeated request keeps one document.</summary>
    public async Task<Guid?> Keep(Guid caseId, Guid residentId, string kind, string? text, CancellationToken ct)
    {
        if (text is null)
            return null;
        var reference = Ids.Of(caseId, $"{kind}:{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))}");
        await documents.Keep(reference, residentId, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text), ct);
        return reference;
    }
}
