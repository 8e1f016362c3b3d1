using FamilyDoctor.EventSourcing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>A contract ends: care at home goes on for a week, then it ends too, unless the resident signs again; what was under way at the hospital goes on to its end.</summary>
[Collection("city")]
public sealed class ContractEndJourneyTests(RunningCity running, ITestOutputHelper output)
{
    [Fact]
    public async Task After_a_contract_a_bed_is_closed_when_the_week_of_care_is_over_and_stays_for_whoever_signs_again()
    {
        using var here = new Neighbourhood(running.City);
        await here.Found();
        var team = await here.FormTeam();
        await using var mischief = await Mischief.Begin(running.City, output);
        await using var owners = new Owners(here);
        Patient leaver = await here.Sign(team), returner = await here.Sign(team), swift = await here.Sign(team), asker = await here.Sign(team);
        Guid left = await here.OpenBed(leaver), kept = await here.OpenBed(returner), stayed = await here.OpenBed(swift), asked = await here.RequestBed(asker);
        foreach (var bed in (Guid[])[left, kept, stayed, asked])
            owners.OfBed(bed);
        Guid soon = await here.PlanVisit(left, leaver, team.Nurse, 9), later = await here.PlanVisit(left, leaver, team.Nurse, 9, days: 20);
        var referral = await here.Refer(leaver);
        owners.OfVisit(soon);
        owners.OfVisit(later);
        owners.OfReferral(referral);

        await mischief.Kills("referrals", async () =>
        {
            await Ends(leaver, "MovedOut");
            await Ends(asker, "ResidentRequest");
            await here.Becomes("beds", $"/beds/{left}", "status", "ClosingDue");
            await here.Becomes("beds", $"/beds/{asked}", "status", "Cancelled");
        });
        await Ends(returner, "NoContact");
        await here.Becomes("beds", $"/beds/{kept}", "status", "ClosingDue");
        await mischief.Kills("dashboard", async () =>
        {
            await here.SignAgain(returner.Id, team);
            await here.Becomes("beds", $"/beds/{kept}", "status", "Open");
        });
        await mischief.Kills("beds", async () =>
        {
            await Ends(swift, "ResidentRequest");
            await here.SignAgain(swift.Id, team);
        });
        await mischief.Kills("teams", () => here.AtHospital(referral, "acceptance"));
        await mischief.Kills("contracts", () => here.Do("beds", Role.Clinic, $"/visits/{soon}/completion", new { actionCodes = new[] { "check" } }));
        await mischief.Echo();
        await mischief.Passes(TimeSpan.FromDays(8));

        await here.Becomes("beds", $"/visits/{later}", "status", "Cancelled");
        await here.AtHospital(referral, "arrival", new { admitted = false });
        await here.AtHospital(referral, "outcome", new { disposition = "treated" });
        await here.Do("referrals", Role.Clinic, $"/referrals/{referral}/acknowledgement");
        await mischief.ChangesNothing();

        await here.Is("beds", $"/beds/{left}", "closeReason", "ContractEnded");
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_closure_due bed_visited bed_closed", await here.History("beds", left));
        Assert.Equal("bed_requested bed_assessed bed_approved bed_opened bed_closure_due bed_closure_cancelled", await here.History("beds", kept));
        await here.Is("beds", $"/beds/{stayed}", "status", "Open");
        Assert.Equal("bed_requested bed_request_cancelled", await here.History("beds", asked));
        Assert.Equal("visit_planned visit_assigned visit_completed", await here.History("beds", soon));
        Assert.Equal("visit_planned visit_assigned visit_cancelled", await here.History("beds", later));
        Assert.Equal("referral_drafted referral_slot_held referral_submitted referral_accepted referral_scheduled referral_authorised patient_arrived outcome_returned referral_closed",
            await here.History("referrals", referral));
        await here.Is("contracts", $"/contracts/{leaver.Contract}", "status", "Terminated");
        await here.Is("beds", $"/institutions/{here.Institution}/bed-capacity", "taken", "2");
        await here.Refuses("referrals", Role.Clinic, "/referrals", new
        {
            residentId = leaver.Id,
            hospitalId = here.Hospital,
            service = "emergency",
            priority = "routine",
            reasonCode = "specialistOpinion",
        }, "NO_ACTIVE_CONTRACT");
        await owners.WereAlwaysThere();

        await here.DashboardKnows("known_bed", left, "Closed");
        await here.DashboardKnows("known_bed", kept, "Open");
        await here.DashboardKnows("known_bed", stayed, "Open");
        await here.DashboardKnows("known_referral", referral, "Closed");
        await here.Counts($"team:{team.Id}", "K3", 2);
        await here.Counts($"team:{team.Id}", "K27", 2);
        await here.Counts($"team:{team.Id}", "K27-opened", 3);

        Task Ends(Patient patient, string reason) => here.Do("contracts", Role.Clinic, $"/contracts/{patient.Contract}/termination", new { reason });
    }
}
