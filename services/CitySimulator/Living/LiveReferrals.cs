using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Referrals go through all their steps, by clinics and hospital desks; those of the founding go on where they stand.</summary>
public sealed class LiveReferrals
{
    private readonly Plan plan;
    private readonly LiveAnswers answers;
    private readonly LiveReturns returns;
    private readonly double yearly;
    private readonly Fate[] fates;
    private readonly Lots<Answer> ways;
    private int drawn;

    public LiveReferrals(Plan plan, LiveBeds beds)
    {
        var shares = plan.City.Assumptions.AnswerShares.Value;
        (this.plan, answers, returns, yearly) = (plan, new(plan), new(plan, beds), plan.YearlyRate("referrals"));
        fates = Referring.Fates(plan, 200, plan.City.Assumptions.ReferralShares.Value.Cancelled);
        ways = new(plan.Choice, "answer to referral", shares.Information, shares.Waitlisted, shares.Redirected, shares.Advised);
    }

    /// <summary>The founded referrals that were under way when the city's clock started.</summary>
    public IEnumerable<Step> UnderWay() =>
        [.. plan.Referring.Cases.SelectMany(c => answers.Of(c, Answer.AtOnce, isSentHome: false)), .. plan.Referring.Returns.SelectMany(returns.Of)];

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
            var answer = referral.Fate is Fate.Seen or Fate.Admitted ? ways.Next() : Answer.AtOnce;
            var isSentHome = referral.Fate is Fate.Admitted && answer is Answer.AtOnce or Answer.Information && SendsBack(salt);
            foreach (var step in Refer(referral, isSentWithoutSlot: answer is Answer.Waitlisted && salt % 2 == 0).Concat(answers.Of(referral, answer, isSentHome)))
                yield return step;
            foreach (var step in isSentHome ? returns.SendHome(referral) : [])
                yield return step;
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

    private IEnumerable<Step> Refer(ReferralCase c, bool isSentWithoutSlot)
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
        if (!isSentWithoutSlot)
            yield return new(c.SubmittedAt, until, name, "slots held", "referrals", $"/referrals/{id}/hold", new { date = c.Clinic.Date });
        yield return new(c.SubmittedAt, until, name, "referrals submitted", "referrals", $"/referrals/{id}/submission",
            new { consentRef = $"consent:{c.Salt}", waitlist = isSentWithoutSlot });
    }

    private bool SendsBack(long salt)
    {
        var shares = plan.City.Assumptions.ReferralShares.Value;
        return plan.Choice.Fraction("sent back", salt) * shares.Admitted < shares.DownReferral;
    }
}
