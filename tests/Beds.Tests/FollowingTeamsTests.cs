using System.Net.Http.Json;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Beds.Tests;

/// <summary>Hospitals send residents home, practitioners leave, teams end, institutions close, residents die or are erased: no bed and no visit is nobody's.</summary>
[Collection("beds")]
public sealed class FollowingTeamsTests(BedsFixture city)
{
    private readonly Guid team = Guid.CreateVersion7(), doctor = Guid.CreateVersion7(), second = Guid.CreateVersion7(), nurse = Guid.CreateVersion7(),
        otherNurse = Guid.CreateVersion7();

    [Fact]
    public async Task At_discharge_the_bed_that_rested_goes_on_whichever_is_told_first()
    {
        var institution = await city.Institution(beds: 9);
        foreach (var order in new[] { "ad", "da", "aadd", "dada" })
        {
            var bed = await city.OpenBed(institution);
            var referral = city.Referral((await city.Bed(bed)).ResidentId, institution);
            city.Clock.Now = city.Clock.Now.AddHours(1);
            var arrived = city.Said(new PatientArrived(referral, Admitted: true), referral.ReferralId, 6);
            city.Clock.Now = city.Clock.Now.AddDays(3);
            var discharged = city.Said(new OutcomeReturned(referral, "discharged", null), referral.ReferralId, 8);
            foreach (var word in order)
                await React(word == 'a' ? arrived : discharged);
            Assert.True(BedStatus.Open == (await city.Bed(bed)).Status, $"{order} came to {(await city.Bed(bed)).Status}.");
        }
    }

    [Fact]
    public async Task A_way_back_lets_the_bed_go_on_too_and_another_stay_s_outcome_does_not()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution);
        var resident = (await city.Bed(bed)).ResidentId;
        var (before, now) = (city.Referral(resident, institution), city.Referral(resident, institution));
        await React(city.Said(new PatientArrived(now, Admitted: true), now.ReferralId, 6));
        await React(city.Said(new OutcomeReturned(before, "discharged", null), before.ReferralId, 8)); // of a stay before
        await React(city.Said(new OutcomeReturned(now, "treated", null), now.ReferralId, 7));
        Assert.Equal(BedStatus.Paused, (await city.Bed(bed)).Status);
        var proposed = city.Proposed(resident, institution, bedSuggested: false);
        await React(proposed with { DownReferral = proposed.DownReferral with { UpReferralId = now.ReferralId } });
        Assert.Equal(BedStatus.Open, (await city.Bed(bed)).Status);
    }

    [Fact]
    public async Task A_bed_that_ended_while_he_stayed_too_long_is_offered_anew_once()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution);
        var resident = (await city.Bed(bed)).ResidentId;
        var referral = city.Referral(resident, institution);
        await React(city.Said(new PatientArrived(referral, Admitted: true), referral.ReferralId, 6));
        city.Clock.Now = city.Clock.Now.AddDays(20);
        await city.BedBecomes(bed, BedStatus.Closed);
        var discharged = city.Said(new OutcomeReturned(referral, "discharged", null), referral.ReferralId, 8);
        await React(discharged);
        await React(discharged);
        var proposed = city.Proposed(resident, institution);
        await React(proposed with { DownReferral = proposed.DownReferral with { UpReferralId = referral.ReferralId } }); // the way back of the same stay
        var offer = Ids.Of(referral.ReferralId, "DischargeBedOffer");
        Assert.Equal(["DischargeBedOffered"], (await city.Told(offer)).Select(t => t.Type));
        Assert.Equal(offer, Assert.Single((await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<OfferPage>($"/bed-offers?institutionId={institution}"), p => p.Items.Count > 0)).Items).OfferId);
        await React(city.Said(new OutcomeReturned(city.Referral(Guid.CreateVersion7(), institution), "discharged", null), Guid.CreateVersion7(), 8)); // of nobody known here
    }

    [Fact]
    public async Task Whoever_depended_on_help_before_is_offered_a_bed_though_the_hospital_does_not_suggest_it()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.OpenBed(institution); // Barthel 40
        var resident = (await city.Bed(bed)).ResidentId;
        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "improved" });
        var proposed = city.Proposed(resident, institution, bedSuggested: false);
        await React(proposed);
        Assert.Equal(["DischargeBedOffered"], (await city.Told(Ids.Of(proposed.EventId, "DischargeBedOffer"))).Select(t => t.Type));
    }

    [Fact]
    public async Task The_visit_that_found_him_worse_knows_that_the_hospital_is_called()
    {
        var (institution, bed) = await Bed();
        var visit = (await city.Clinic.Do("/visits", city.VisitOf(bed, nurse, startsInHours: 0.1))).Id;
        var referral = city.Referral((await city.Bed(bed)).ResidentId, institution);
        var made = city.Said(new UrgentStepUpMade(referral, visit, "greenChannel", city.Clock.Now.AddMinutes(30)), referral.ReferralId, 6);
        await React(made); // before anything was found here: another instance told it
        Assert.DoesNotContain("DeteriorationEscalated", (await city.Told(visit)).Select(t => t.Type));
        await city.Clinic.Do($"/visits/{visit}/start");
        await city.Clinic.Do($"/visits/{visit}/observations", new { observations = new[] { new { code = "8867-4", value = 150, unit = "/min" } } });
        await React(made);
        await React(made);
        var escalated = Assert.Single(await city.Told(visit), t => t.Type == "DeteriorationEscalated").Message;
        Assert.Equal(("greenChannel", referral.ReferralId), (escalated.GetProperty("route").GetString(), escalated.GetProperty("referralId").GetGuid()));
        await React(made with { VisitId = Guid.CreateVersion7() }); // a visit nobody knows here
    }

    [Fact]
    public async Task The_visits_and_beds_of_somebody_who_left_are_his_colleagues_at_once()
    {
        var (institution, bed) = await Bed();
        var (soon, later) = (await Plan(bed, nurse, 30), await Plan(bed, nurse, 24 * 20));
        await Plan(bed, otherNurse, 24 * 20); // she is somewhere else then
        var round = await Plan(bed, doctor, 40, "doctor");
        var departed = Said(new PractitionerDeparted(Person(nurse, "Departed"), Today.AddDays(-1), "moved"), nurse, 7);
        await React(departed);
        await React(departed);
        Assert.Equal((otherNurse, otherNurse), await Makes(soon));
        Assert.Equal((Guid.Empty, Guid.Empty), await Makes(later)); // nobody has time: the institution finds somebody
        var work = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<WorklistOfInstitution>($"/worklists/institution?institutionId={institution}"),
            w => w.Items.Any(i => i.VisitId == later && i.Task == "findPractitioner"));
        Assert.Equal(doctor, (await city.Bed(bed)).Terms!.GpId);

        await React(Said(new LicenceLapsed(Person(doctor, "Suspended")), doctor, 4));
        Assert.Equal((second, second), await Makes(round));
        Assert.Equal(second, (await city.Bed(bed)).Terms!.GpId);
        await React(Said(new LicenceRenewed(Person(doctor, "Active")), doctor, 5));
        await React(Said(new LicenceLapsed(Person(doctor, "Suspended")), doctor, 4)); // late
        Assert.Equal(second, (await city.Bed(bed)).Terms!.GpId);

        // Whoever is planned for somebody who has left is a colleague's from the start.
        var planned = await Plan(bed, nurse, 50);
        Assert.Equal((otherNurse, otherNurse), await Makes(planned));
        await React(Said(new PractitionerSuspended(Person(Guid.CreateVersion7(), "Suspended"), "illness", null), Guid.CreateVersion7(), 2)); // nobody known here
    }

    [Fact]
    public async Task A_departure_told_ahead_moves_what_lies_after_the_last_day_only()
    {
        var (_, bed) = await Bed();
        var (before, after) = (await Plan(bed, nurse, 24), await Plan(bed, nurse, 24 * 10));
        await React(Said(new DepartureAnnounced(Person(nurse, "Active"), Today.AddDays(5), "moved"), nurse, 6));
        Assert.Equal((nurse, nurse), await Makes(before));
        Assert.Equal((otherNurse, otherNurse), await Makes(after));
    }

    [Fact]
    public async Task Another_leader_answers_for_the_beds_of_the_one_before()
    {
        var (_, bed) = await Bed();
        var changed = Said(new TeamLeadChanged(Team() with { LeaderId = second }, doctor), team, 9);
        await React(changed);
        await React(changed);
        Assert.Equal(second, (await city.Bed(bed)).Terms!.GpId);
        await React(Said(new TeamLeadChanged(Team(), null), team, 4)); // late
        Assert.Equal(second, (await city.Bed(bed)).Terms!.GpId);
    }

    [Fact]
    public async Task When_a_team_ends_a_bed_without_a_contract_is_the_successor_s_and_one_with_a_contract_follows_it()
    {
        var (institution, bed) = await Bed();
        var proposed = city.Proposed(Guid.CreateVersion7(), institution);
        await React(proposed with { DownReferral = proposed.DownReferral with { TeamId = team } });
        var free = (await city.Clinic.Do($"/bed-offers/{Ids.Of(proposed.EventId, "DischargeBedOffer")}/acceptance", new { type = "therapeutic", conditionCodes = Array.Empty<string>() })).Id;
        var (successor, leader) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await React(Said(new TeamActivated(Team() with { TeamId = successor, LeaderId = leader, Members = [new(leader, "gp", 1)] }), successor, 3));

        var started = Said(new TeamDisbandmentStarted(team, Today.AddDays(40), "merged", [successor], Team() with { Status = "Disbanding" }), team, 8);
        await React(started);
        await React(started);
        Assert.Equal((team, successor), ((await city.Bed(bed)).TeamId, (await city.Bed(free)).TeamId));
        var resident = (await city.Bed(bed)).ResidentId;
        await React(city.Said(new ContractTransferred(city.Facts(resident, institution) with { TeamId = successor, GpId = leader }, team, "teamDisbanded", true, false, Today), resident, 8));
        Assert.Equal((successor, leader), ((await city.Bed(bed)).TeamId, (await city.Bed(bed)).Terms!.GpId));
        await React(Said(new TeamDisbanded(team, Today, 1, 0, null, Team() with { Status = "Disbanded" }), team, 9));
        Assert.Equal(successor, (await city.Bed(free)).TeamId);
    }

    [Fact]
    public async Task A_team_gone_without_its_contracts_leaves_no_bed_behind()
    {
        var (institution, bed) = await Bed();
        var neighbour = Guid.CreateVersion7();
        await React(Said(new TeamActivated(Team() with { TeamId = neighbour, LeaderId = second, Members = [new(second, "gp", 1)] }), neighbour, 3));
        await React(Said(new TeamDisbanded(team, Today, 0, 0, "merged", Team() with { Status = "Disbanded", InstitutionId = institution }), team, 9)); // and nobody named a successor
        Assert.Equal((neighbour, second), ((await city.Bed(bed)).TeamId, (await city.Bed(bed)).Terms!.GpId));
    }

    [Fact]
    public async Task A_closed_institution_s_beds_seats_visits_and_offers_are_the_successor_s()
    {
        var (institution, bed) = await Bed(beds: 2);
        var assessed = await city.AssessedBed(institution);
        await city.Clinic.Do($"/beds/{assessed}/approval", new { gpId = Sample.Gp });
        var waiting = await city.AssessedBed(institution);
        await city.Clinic.Do($"/beds/{waiting}/waiting", new { gpId = Sample.Gp });
        var asked = await city.Request(institution);
        var visit = await Plan(bed, nurse, 30);
        var proposed = city.Proposed(Guid.CreateVersion7(), institution);
        await React(proposed);

        var (next, last) = (await city.Institution(beds: 1), Guid.CreateVersion7());
        var own = await city.OpenBed(next);
        await React(city.Registered(last));
        await React(Closed(next, last, 5));
        var closed = Closed(institution, next, 5); // whose successor has closed before
        await React(closed);
        await React(closed);
        foreach (var moved in new[] { bed, assessed, waiting, asked, own })
            Assert.Equal(last, (await city.Bed(moved)).InstitutionId);
        var capacity = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<BedCapacityOfInstitution>($"/institutions/{last}/bed-capacity"), c => c.Taken == 3);
        Assert.Equal((3, 3, 1), (capacity.Approved, capacity.Taken, capacity.Waiting));
        await city.Clinic.Do($"/beds/{own}/closure", new { reason = "improved" });
        await city.BedBecomes(waiting, BedStatus.Approved); // the line went along
        await city.Clinic.Do($"/beds/{bed}/pause"); // all goes on at the new place
        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "improved" });
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<OfferPage>($"/bed-offers?institutionId={last}"))!.Items.Count == 1);
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<WorklistOfInstitution>($"/worklists/institution?institutionId={last}"))!.Items.Any(i => i.VisitId == visit));
        Assert.Single(await city.Told(bed), t => t.Type == "BedRehomed");
    }

    [Fact]
    public async Task Whoever_died_is_offered_nothing_and_nobody_calls_at_his_home()
    {
        var institution = await city.Institution(beds: 1);
        var resident = await city.Resident(institution);
        var (proposed, late) = (city.Proposed(resident, institution), city.Proposed(resident, institution));
        await React(proposed);
        var call = (await city.Clinic.Do("/visits", new { residentId = resident, practitionerId = nurse, role = "nurse", from = city.Clock.Now.AddHours(2), to = city.Clock.Now.AddHours(3) })).Id;
        var died = city.Said(new ResidentDied(resident, Today), resident, 9);
        await React(died);
        await React(died);
        await React(late);
        Assert.Equal(["DischargeBedOffered", "DischargeBedOfferDeclined"], (await city.Told(Ids.Of(proposed.EventId, "DischargeBedOffer"))).Select(t => t.Type));
        Assert.Empty(await city.Told(Ids.Of(late.EventId, "DischargeBedOffer")));
        Assert.Equal(VisitStatus.Cancelled, (await city.Clinic.GetFromJsonAsync<VisitDetails>($"/visits/{call}"))!.Status);
    }

    [Fact]
    public async Task An_erased_resident_s_findings_are_gone_at_once_and_none_is_kept_any_more()
    {
        var (_, bed) = await Bed();
        var (first, next) = (await Plan(bed, nurse, 0.2), await Plan(bed, nurse, 5));
        await city.Clinic.Do($"/visits/{first}/completion", new { vitals = Array.Empty<object>(), findings = "样例 sample" });
        var resident = (await city.Bed(bed)).ResidentId;
        var documents = city.First.Services.GetRequiredService<Documents>();
        var findings = (await city.Clinic.GetFromJsonAsync<VisitDetails>($"/visits/{first}"))!.FindingsRef!.Value;
        Assert.NotNull(await documents.Find(findings, CancellationToken.None));
        var erased = city.Said(new ResidentErased(resident), resident, 12);
        await React(erased);
        await React(erased);
        Assert.Null(await documents.Find(findings, CancellationToken.None));
        await city.Clinic.Refuses(422, "RESIDENT_ERASED", $"/visits/{next}/completion", new { vitals = Array.Empty<object>(), findings = "样例 sample" });
        await city.Clinic.Do($"/visits/{next}/completion", new { vitals = Array.Empty<object>() }); // what happened is still told
    }

    [Fact]
    public async Task A_priority_group_is_a_hint_until_a_bed_is_asked_for()
    {
        var (institution, resident) = (await city.Institution(beds: 1), Guid.CreateVersion7());
        var facts = city.Facts(resident, institution) with { PriorityGroups = ["hypertension", "disabled"] };
        var assigned = city.Said(new PriorityGroupAssigned(facts, "disabled", Today), resident, 6);
        await React(assigned);
        await React(assigned);
        await React(city.Said(new PriorityGroupAssigned(facts with { PriorityGroups = ["hypertension"] }, "hypertension", Today), resident, 5)); // late
        var hint = Assert.Single(await Talking.Eventually<IReadOnlyList<HintsOfInstitution>>(async () => await Hints(), h => h.Count > 0));
        Assert.Equal((resident, "disabled"), (hint.ResidentId, hint.Groups));
        await React(city.Said(new PriorityGroupEnded(facts with { PriorityGroups = ["hypertension"] }, "disabled", Today), resident, 7));
        await Talking.Until(async () => (await Hints()).Count == 0);
        await React(city.Said(new PriorityGroupAssigned(facts, "disabled", Today), resident, 8));
        await Talking.Until(async () => (await Hints()).Count == 1);
        await React(city.Signed(resident, institution, 9));
        await city.Clinic.Do("/beds", new { residentId = resident, origin = "Team", type = "Rehabilitative", conditionCodes = new[] { "I63.9" } });
        await Talking.Until(async () => (await Hints()).Count == 0);

        async Task<IReadOnlyList<HintsOfInstitution>> Hints() => (await city.Clinic.GetFromJsonAsync<HintPage>($"/bed-hints?institutionId={institution}"))!.Items;
    }

    private DateOnly Today => DateOnly.FromDateTime(city.Clock.Now.AddHours(8).Date);

    /// <summary>An open bed of the team's doctor; the team is known with two doctors and two nurses.</summary>
    private async Task<(Guid Institution, Guid Bed)> Bed(int beds = 9)
    {
        var institution = await city.Institution(beds);
        home = institution;
        await React(Said(new TeamActivated(Team()), team, 3));
        var resident = Guid.CreateVersion7();
        await React(city.Signed(resident, institution, 5) with { Contract = city.Facts(resident, institution) with { TeamId = team } });
        var bed = (await city.Clinic.Do("/beds", new { residentId = resident, origin = "Team", type = "Rehabilitative", conditionCodes = new[] { "I63.9" } })).Id;
        await city.Clinic.Do($"/beds/{bed}/assessment", BedsFixture.Assessment());
        await city.Clinic.Do($"/beds/{bed}/approval", new { gpId = doctor });
        await city.Clinic.Do($"/beds/{bed}/opening", BedsFixture.Opening);
        return (institution, bed);
    }

    private Guid home;

    private TeamFacts Team() => new(team, home, "330203", "样例团队", "Sample team", "Active", doctor,
        [new(doctor, "gp", 1), new(nurse, "nurse", 1), new(second, "gp", 1), new(otherNurse, "nurse", 1)], 2000);

    private PractitionerFacts Person(Guid id, string status) => new(id, "nurse", home, "330203", 0, null, status);

    private T Said<T>(T message, Guid stream, long version) where T : IntegrationEvent => city.Said(message, stream, version);

    private InstitutionClosed Closed(Guid institution, Guid successor, long version) => city.Said(new InstitutionClosed(
        new(institution, "样例机构", "Sample institution", "330205", "Closed", 29.8, 121.5), successor, "merged"), institution, version);

    private async Task<Guid> Plan(Guid bed, Guid practitioner, double inHours, string role = "nurse") => (await city.Clinic.Do("/visits", new
    {
        bedId = bed,
        practitionerId = practitioner,
        role,
        from = city.Clock.Now.AddHours(inHours),
        to = city.Clock.Now.AddHours(inHours + 0.5),
    })).Id;

    private async Task<(Guid MadeBy, Guid Responsible)> Makes(Guid visit)
    {
        var (known, _) = await city.First.Services.GetRequiredService<IEventStore>().Load<HomeVisit>(visit, CancellationToken.None);
        return (known!.PractitionerId, known.Responsible);
    }

    /// <summary>As the message reaches the service, here and now.</summary>
    private async Task React(IntegrationEvent message)
    {
        foreach (var reaction in city.First.Services.GetRequiredService<IReadOnlyList<Reaction>>().Where(r => r.Message == message.GetType()))
            await reaction.React(city.First.Services, message, CancellationToken.None);
    }
}
