using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Whether the resident takes the bed he is offered at discharge.</summary>
public enum OfferAnswer { Taken, Declined, Unanswered }

/// <summary>Patients on their way back from hospital: taken by their team or by another institution, some into a family bed.</summary>
public sealed class LiveReturns
{
    private readonly Plan plan;
    private readonly LiveBeds beds;
    private readonly Lots<OfferAnswer> answers;
    private readonly double suggested, elsewhere;

    public LiveReturns(Plan plan, LiveBeds beds)
    {
        (this.plan, this.beds) = (plan, beds);
        var (offers, a) = (plan.City.Assumptions.OfferShares.Value, plan.City.Assumptions);
        answers = new(plan.Choice, "answer to offer", offers.Declined, offers.Unanswered);
        elsewhere = a.AnswerShares.Value.SentElsewhere;
        // As many suggestions as the opened beds need that come from one.
        var (wanted, home) = (plan.YearlyRate("bedsOpened") * offers.OfOpened, plan.YearlyRate("referrals") * a.ReferralShares.Value.DownReferral);
        suggested = home > 0 ? wanted / (1 - offers.Declined - offers.Unanswered) / home : 0;
    }

    /// <summary>An admitted patient is sent home; some should be cared for there.</summary>
    public IEnumerable<Step> SendHome(ReferralCase up) =>
        Of(plan.Referring.SendBack(up) with { FamilyBedSuggested = plan.Choice.Fraction("bed suggested", up.Salt) < suggested });

    public IEnumerable<Step> Of(DownReferralCase c)
    {
        var (id, name) = (plan.Referring.Id(c), $"down-referral:{c.Name}");
        Step At(DateTimeOffset at, string what, string step, object? body = null) =>
            new(at, at.AddDays(3), name, what, "referrals", $"/down-referrals/{id}/{step}", body);
        yield return new(c.ProposedAt, c.ProposedAt.AddDays(3), name, "down-referrals", "referrals", "/down-referrals", new
        {
            id,
            residentId = plan.IdOf(c.Up.Resident),
            hospitalId = c.Up.Clinic.Hospital.Id,
            upReferralId = plan.Referring.Id(c.Up),
            redFlags = Array.Empty<string>(),
            familyBedSuggested = c.FamilyBedSuggested,
        });
        var others = plan.Staffing.Institutions.Where(i => i != c.Up.Resident.Team.Institution && i.OpenedOn < plan.City.Today).ToList();
        if (!c.FamilyBedSuggested && c.AcceptedAt >= plan.End && others.Count > 0 && plan.Choice.Fraction("sent elsewhere", c.Up.Salt) < elsewhere)
        {
            yield return At(c.AcceptedAt.AddMinutes(-90), "down-referrals declined", "decline", new { reason = "noCapacity" });
            yield return At(c.AcceptedAt.AddMinutes(-45), "down-referrals sent elsewhere", "reassignment",
                new { institutionId = plan.Choice.One(others, "another institution", c.Up.Salt).Id, reason = "ownHasNoCapacity" });
        }
        yield return At(c.AcceptedAt, "down-referrals accepted", "acceptance");
        yield return At(c.ContactAt, "first contacts", "first-contact", new { mode = c.Mode });
        yield return At(c.ClosedAt, "down-referrals closed", "closure");
        foreach (var step in c.FamilyBedSuggested ? Answer(c, id) : [])
            yield return step;
    }

    private IEnumerable<Step> Answer(DownReferralCase c, Guid downReferralId)
    {
        var at = c.ContactAt.AddHours(1);
        return answers.Next() switch
        {
            OfferAnswer.Taken => beds.AfterDischarge(c, downReferralId, (services, ct) => Offer(services, "acceptance", ct)),
            OfferAnswer.Declined =>
            [
                new(at, at.AddDays(1), $"bed:discharge:{c.Name}", "bed offers declined", "beds", $"/bed-offers of {downReferralId}", new { reason = "caredForByFamily" })
                {
                    FindPath = (services, ct) => Offer(services, "refusal", ct),
                },
            ],
            _ => [],
        };

        async Task<string?> Offer(Services services, string step, CancellationToken ct)
        {
            for (Guid? after = Guid.Empty; after is { } from;)
            {
                var page = await services.Find<OfferPage>("beds", $"/bed-offers?institutionId={c.Up.Resident.Team.Institution.Id}&after={from}&limit=200", ct);
                if (page?.Items.FirstOrDefault(o => o.DownReferralId == downReferralId) is { } offer)
                    return $"/bed-offers/{offer.OfferId}/{step}";
                after = page?.Next;
            }
            return null;
        }
    }

    private sealed record OfferPage(IReadOnlyList<Offered> Items, Guid? Next);

    private sealed record Offered(Guid OfferId, Guid DownReferralId);
}
