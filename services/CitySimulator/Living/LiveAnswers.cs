using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>What else happens before a hospital sees a patient.</summary>
public enum Answer { AtOnce, Information, Waitlisted, Redirected, Advised }

/// <summary>From a referral's arrival at the hospital to the outcome that the family doctor has read.</summary>
public sealed class LiveAnswers(Plan plan)
{
    private readonly double rebooked = plan.City.Assumptions.AnswerShares.Value.Rebooked;

    /// <param name="isSentHome">Care goes on with the team.</param>
    public IEnumerable<Step> Of(ReferralCase c, Answer answer, bool isSentHome)
    {
        if (c.Fate is Fate.Cancelled)
            return [At(c, c.AnsweredAt, "referrals cancelled", "cancellation", new { reason = "residentRequest" })];
        if (c.Fate is Fate.Declined)
            return [At(c, c.AnsweredAt, "referrals declined", "decline", new { reason = "betterTreatedInPrimaryCare" })];
        var accepted = At(c, c.AnsweredAt, "referrals accepted", "acceptance");
        if (c.Fate is Fate.NoShow)
            return [accepted, At(c, c.ArrivedAt, "referrals not attended", "no-show"), .. AfterNoShow(c)];
        return answer switch
        {
            Answer.Information => [.. Ask(c), accepted, .. See(c, isSentHome)],
            Answer.Waitlisted => Wait(c, isSentHome),
            Answer.Redirected => SendOn(c, isSentHome),
            Answer.Advised =>
            [
                At(c, c.AnsweredAt, "referrals answered with advice", "advice", new { advice = "Adjust the dose, then see him again in four weeks." }),
                At(c, plan.Days.InHours(Later(c.AnsweredAt, 1), 0.4), "advice read", "acknowledgement"),
            ],
            _ => [accepted, .. See(c, isSentHome)],
        };
    }

    private IEnumerable<Step> See(ReferralCase c, bool isSentHome) =>
    [
        At(c, c.ArrivedAt, "arrivals", "arrival", new { admitted = c.Fate is Fate.Admitted }),
        At(c, c.OutcomeAt, "outcomes returned", "outcome", new { disposition = isSentHome ? "Discharged" : c.Disposition }),
        At(c, c.AcknowledgedAt, "outcomes acknowledged", "acknowledgement"),
    ];

    private IEnumerable<Step> Ask(ReferralCase c) =>
    [
        At(c, c.AnsweredAt.AddMinutes(-40), "referrals returned for information", "information-request", new { missing = new[] { "medication" } }),
        At(c, c.AnsweredAt.AddMinutes(-5), "information supplied", "information", new { clinicalSummary = "Takes bisoprolol 2.5 mg once a day." }),
    ];

    /// <summary>No slot yet: a week later the hospital has one.</summary>
    private IEnumerable<Step> Wait(ReferralCase c, bool isSentHome)
    {
        var then = plan.Referring.On(c, plan.Referring.Clinics.From(c.Clinic.Hospital, c.Clinic.What, c.Clinic.Date.AddDays(1)));
        yield return At(c, c.AnsweredAt, "referrals put on a waiting list", "waitlisting", new { targetBy = then.Clinic.Date });
        yield return At(c, plan.Days.InHours(Later(c.AnsweredAt, 2), 0.3), "referrals accepted", "acceptance", new { date = then.Clinic.Date });
        foreach (var step in See(then, isSentHome))
            yield return step;
    }

    private IEnumerable<Step> SendOn(ReferralCase c, bool isSentHome)
    {
        var others = plan.Hospitals.Where(h => h != c.Clinic.Hospital && h.Services.Contains(c.Clinic.What)).ToList();
        var to = others.Count == 0 ? null : plan.Choice.One(others, "sent on to", c.Salt);
        if (to is null)
            return [At(c, c.AnsweredAt, "referrals accepted", "acceptance"), .. See(c, isSentHome)];
        var then = plan.Referring.On(c, plan.Referring.Clinics.From(to, c.Clinic.What, Later(c.AnsweredAt, 4)));
        return
        [
            At(c, c.AnsweredAt, "referrals sent on", "decline", new { reason = "betterEquippedElsewhere", redirectTo = to.Id }),
            At(c, plan.Days.InHours(Later(c.AnsweredAt, 1), 0.5), "referrals accepted", "acceptance", new { date = then.Clinic.Date }),
            .. See(then, isSentHome),
        ];
    }

    private IEnumerable<Step> AfterNoShow(ReferralCase c)
    {
        var at = plan.Days.InHours(Later(c.ArrivedAt, 1), 0.2);
        if (plan.Choice.Fraction("rebooks", c.Salt) >= rebooked)
            return [At(c, at, "no-shows closed", "acknowledgement")];
        var then = plan.Referring.On(c with { Fate = Fate.Seen }, plan.Referring.Clinics.From(c.Clinic.Hospital, c.Clinic.What, Later(at, 3)));
        return [At(c, at, "referrals rebooked", "rebooking", new { date = then.Clinic.Date }), .. See(then, false)];
    }

    private DateOnly Later(DateTimeOffset at, int workingDays) => plan.Days.Add(plan.Days.DateOf(at), workingDays);

    private Step At(ReferralCase c, DateTimeOffset at, string what, string step, object? body = null) =>
        new(at, at.AddDays(3), $"referral:{c.Name}", what, "referrals", $"/referrals/{plan.Referring.Id(c)}/{step}", body);
}
