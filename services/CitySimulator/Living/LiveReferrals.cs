using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Referrals go through all their steps, by clinics and hospital desks; those of the founding go on where they stand.</summary>
public sealed class LiveReferrals(Plan plan, LiveBeds beds)
{
    private readonly double yearly = plan.YearlyRate("referrals");
    private readonly Fate[] fates = Referring.Fates(plan, 200, plan.City.Assumptions.ReferralShares.Value.Cancelled);
    private int drawn;

    /// <summary>The founded referrals that were under way when the city's clock started.</summary>
    public IEnumerable<Step> UnderWay() => [.. plan.Referring.Cases.SelectMany(Answer), .. plan.Referring.Returns.SelectMany(Return)];

    public IEnumerable<Step> Day(DateOnly day, int number)
    {
        foreach (var step in PublishQuotas(day))
            yield return step;
        var moments = plan.Days.Spread(DailyShare.Of(yearly, number), day, day).ToList();
        for (var i = 0; i < moments.Count; i++)
        {
            var salt = ((long)day.DayNumber << 20) + i;
            var referral = plan.Referring.Refer($"{day:yyyy-MM-dd}:{i}", salt, moments[i], fates[drawn++ % fates.Length],
                plan.Choice.One(plan.Staffing.Teams, "live referring team", salt));
            foreach (var step in Refer(referral).Concat(Answer(referral)))
                yield return step;
            if (referral.Fate is Fate.Admitted && SendsBack(salt))
            {
                foreach (var step in Return(plan.Referring.SendBack(referral)))
                    yield return step;
            }
        }
    }

    /// <summary>The days that come into reach today: those after the last working day's reach.</summary>
    private IEnumerable<Step> PublishQuotas(DateOnly day)
    {
        for (var date = plan.Days.Back(day, 1).AddDays(Referring.DaysAhead + 1); date <= day.AddDays(Referring.DaysAhead); date = date.AddDays(1))
        {
            foreach (var clinic in plan.Referring.Clinics.On(date).Where(_ => date > plan.City.Today.AddDays(Referring.DaysAhead)))
            {
                var quota = plan.Referring.Quota(new(clinic.Hospital, clinic.What, clinic.Date)); // sized for what is usual
                yield return new(plan.Days.At(day, 8 * 60), plan.Days.At(date, 8 * 60), quota.Id, "quotas published", "referrals", "/quotas",
                    new { quota.HospitalId, quota.Service, quota.Date, quota.FirstSlot, quota.SlotMinutes, quota.FamilyDoctor, quota.Urgent, quota.Public })
                { IsForOthers = true };
            }
        }
    }

    private IEnumerable<Step> Refer(ReferralCase c)
    {
        var (id, name, until) = (plan.Referring.Id(c), $"referral:{c.Name}", c.SubmittedAt.AddDays(3));
        yield return new(c.SubmittedAt.AddMinutes(-10), until, name, "referrals drafted", "referrals", "/referrals", new
        {
            id,
            residentId = plan.IdOf(c.Resident),
            hospitalId = c.Clinic.Hospital.Id,
            service = c.Clinic.What,
            priority = c.Priority,
            reasonCode = c.Reason,
            conditionCodes = new[] { c.Reason },
            skipLevelReason = c.Clinic.Hospital.Level == 3 ? "notOfferedNearer" : null,
        });
        yield return new(c.SubmittedAt, until, name, "slots held", "referrals", $"/referrals/{id}/hold", new { date = c.Clinic.Date });
        yield return new(c.SubmittedAt, until, name, "referrals submitted", "referrals", $"/referrals/{id}/submission", new { consentRef = $"consent:{c.Salt}" });
    }

    private IEnumerable<Step> Answer(ReferralCase c)
    {
        var (path, name) = ($"/referrals/{plan.Referring.Id(c)}", $"referral:{c.Name}");
        Step At(DateTimeOffset at, string what, string step, object? body = null) => new(at, at.AddDays(3), name, what, "referrals", $"{path}/{step}", body);
        if (c.Fate is Fate.Cancelled)
            return [At(c.AnsweredAt, "referrals cancelled", "cancellation", new { reason = "residentRequest" })];
        if (c.Fate is Fate.Declined)
            return [At(c.AnsweredAt, "referrals declined", "decline", new { reason = "betterTreatedInPrimaryCare" })];
        var accepted = At(c.AnsweredAt, "referrals accepted", "acceptance");
        if (c.Fate is Fate.NoShow)
            return [accepted, At(c.ArrivedAt, "referrals not attended", "no-show")];
        return
        [
            accepted, At(c.ArrivedAt, "arrivals", "arrival", new { admitted = c.Fate is Fate.Admitted }),
            At(c.OutcomeAt, "outcomes returned", "outcome", new { disposition = c.Disposition }),
            At(c.AcknowledgedAt, "outcomes acknowledged", "acknowledgement"),
        ];
    }

    private IEnumerable<Step> Return(DownReferralCase c)
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
        yield return At(c.AcceptedAt, "down-referrals accepted", "acceptance");
        yield return At(c.ContactAt, "first contacts", "first-contact", new { mode = c.Mode });
        yield return At(c.ClosedAt, "down-referrals closed", "closure");
        if (!c.FamilyBedSuggested)
            yield break;
        var institution = c.Up.Resident.Team.Institution.Id;
        foreach (var step in beds.AfterDischarge(c, id, Offer))
            yield return step;

        async Task<string?> Offer(Services services, CancellationToken ct)
        {
            for (Guid? after = Guid.Empty; after is { } from;)
            {
                var page = await services.Find<OfferPage>("beds", $"/bed-offers?institutionId={institution}&after={from}&limit=200", ct);
                if (page?.Items.FirstOrDefault(o => o.DownReferralId == id) is { } offer)
                    return $"/bed-offers/{offer.OfferId}/acceptance";
                after = page?.Next;
            }
            return null;
        }
    }

    private bool SendsBack(long salt)
    {
        var shares = plan.City.Assumptions.ReferralShares.Value;
        return plan.Choice.Fraction("sent back", salt) * shares.Admitted < shares.DownReferral;
    }

    private sealed record OfferPage(IReadOnlyList<Offer> Items, Guid? Next);

    private sealed record Offer(Guid OfferId, Guid DownReferralId);
}
