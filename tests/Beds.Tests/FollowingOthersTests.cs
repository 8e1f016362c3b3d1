using System.Net.Http.Json;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Offering;
using FamilyDoctor.Beds.Opening;
using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.Beds.Tests;

/// <summary>What the service does when others say something: twice, late, in any order, or while it was down.</summary>
[Collection("beds")]
public sealed class FollowingOthersTests(BedsFixture city)
{
    [Fact]
    public async Task When_a_contract_ends_the_bed_is_closed_after_the_bridge_unless_the_resident_signs_again()
    {
        var (bed, resident, institution) = await OpenBed();
        await city.Publish(city.Terminated(resident, institution, 6));
        var due = await city.BedBecomes(bed, BedStatus.ClosingDue);
        Assert.Equal(Local().AddDays(7), due.CloseBy);
        city.Clock.Now = city.Clock.Now.AddDays(3);
        await city.Publish(city.Signed(resident, institution, 8));
        await city.BedBecomes(bed, BedStatus.Open);
        city.Clock.Now = city.Clock.Now.AddDays(10);
        Assert.Equal(BedStatus.Open, (await city.Bed(bed)).Status);

        await city.Publish(city.Terminated(resident, institution, 9));
        var closeBy = (await city.BedBecomes(bed, BedStatus.ClosingDue)).CloseBy!.Value;
        city.Clock.Now = city.Clock.Now.AddDays(8);
        var closed = await city.BedBecomes(bed, BedStatus.Closed);
        Assert.Equal((CloseReason.ContractEnded, closeBy.AddDays(1)), (closed.CloseReason, closed.ClosedOn));
        Assert.Equal(["BedRequested", "BedApproved", "BedOpened", "BedAuthorisationRequested", "BedClosureDue", "BedClosureCancelled", "BedClosureDue", "BedClosed"],
            (await city.Told(bed)).Select(t => t.Type));
    }

    [Fact]
    public async Task A_bridge_that_ended_while_the_service_was_down_ended_when_it_was_due()
    {
        var (bed, resident, institution) = await OpenBed();
        await React<WhenContractEnded, ContractTerminated>(city.Terminated(resident, institution, 6));
        var closeBy = (await city.Bed(bed)).CloseBy!.Value;
        city.Clock.Now = city.Clock.Now.AddDays(40);
        await city.Clinic.Refuses(409, "BED_CLOSED", $"/beds/{bed}/pause"); // whoever comes first finds it decided
        Assert.Equal(closeBy.AddDays(1), (await city.Bed(bed)).ClosedOn);
    }

    [Theory]
    [InlineData(BedStatus.Open, "signed5", "terminated6", "signed8")]
    [InlineData(BedStatus.ClosingDue, "signed5", "renewed6", "terminated9")]
    [InlineData(BedStatus.ClosingDue, "signed8", "terminated9", "terminated6")]
    public async Task Messages_in_any_order_and_twice_come_to_the_same(BedStatus expected, params string[] words)
    {
        var institution = await city.Institution(beds: 20);
        foreach (var order in Orders(words))
        {
            var (bed, resident) = await OpenBedOf(institution);
            var messages = order.Select(word => Message(word, resident, institution)).ToList();
            foreach (var message in messages.Concat(messages))
                await React(message);
            Assert.True(expected == (await city.Bed(bed)).Status, $"{string.Join(", ", order)} came to {(await city.Bed(bed)).Status}.");
        }
    }

    [Fact]
    public async Task Messages_all_at_once_come_to_the_same()
    {
        var institution = await city.Institution(beds: 20);
        for (var i = 0; i < 10; i++)
        {
            var (bed, resident) = await OpenBedOf(institution);
            string[] words = ["terminated6", "signed8", "terminated9", "signed10"];
            await Task.WhenAll(words.Concat(words).Select(word => Task.Run(() => React(Message(word, resident, institution)))));
            Assert.Equal(BedStatus.Open, (await city.Bed(bed)).Status);
        }
    }

    [Fact]
    public async Task A_bed_asked_for_just_when_the_contract_ends_does_not_stay()
    {
        var institution = await city.Institution(beds: 20);
        for (var i = 0; i < 10; i++)
        {
            var resident = await city.Resident(institution);
            city.Clock.Now = city.Clock.Now.AddMinutes(1);
            var ended = city.Terminated(resident, institution, 6, city.Clock.Now.AddSeconds(1));
            var asked = city.Clinic.PostAsJsonAsync("/beds", new { residentId = resident, origin = "Team", type = "Therapeutic", conditionCodes = Array.Empty<string>() });
            await Task.WhenAll(asked, React(ended));
            using var answer = await asked;
            if (answer.IsSuccessStatusCode)
                Assert.Equal(BedStatus.Cancelled, (await city.Bed((await answer.Content.ReadFromJsonAsync<Done>())!.Id)).Status);
        }
    }

    [Fact]
    public async Task When_the_resident_died_the_bed_is_closed_at_once()
    {
        var (bed, resident, institution) = await OpenBed();
        await city.Publish(city.Terminated(resident, institution, 6, reason: "Died"));
        Assert.Equal(CloseReason.Died, (await city.BedBecomes(bed, BedStatus.Closed)).CloseReason);
    }

    [Fact]
    public async Task A_request_that_is_not_open_ends_with_the_contract_and_gives_its_seat_back()
    {
        var institution = await city.Institution(beds: 1);
        var bed = await city.AssessedBed(institution);
        await city.Clinic.Do($"/beds/{bed}/approval", new { gpId = Sample.Gp });
        await city.Publish(city.Terminated((await city.Bed(bed)).ResidentId, institution, 6));
        await city.BedBecomes(bed, BedStatus.Cancelled);
        await city.OpenBed(institution);
    }

    [Fact]
    public async Task An_admission_pauses_the_bed_and_two_weeks_later_it_ends()
    {
        var (bed, resident, institution) = await OpenBed();
        var arrived = city.Said(new PatientArrived(city.Referral(resident, institution), Admitted: true), Guid.CreateVersion7(), 4);
        await city.Publish(arrived);
        await city.BedBecomes(bed, BedStatus.Paused);
        city.Clock.Now = city.Clock.Now.AddDays(2);
        await city.Clinic.Do($"/beds/{bed}/resumption");
        await React<WhenPatientArrived, PatientArrived>(arrived);
        Assert.Equal(BedStatus.Open, (await city.Bed(bed)).Status);

        await React<WhenPatientArrived, PatientArrived>(city.Said(new PatientArrived(city.Referral(resident, institution), Admitted: false), Guid.CreateVersion7(), 4));
        Assert.Equal(BedStatus.Open, (await city.Bed(bed)).Status);
        await city.Publish(city.Said(new PatientArrived(city.Referral(resident, institution), Admitted: true), Guid.CreateVersion7(), 4));
        await city.BedBecomes(bed, BedStatus.Paused);
        city.Clock.Now = city.Clock.Now.AddDays(13);
        Assert.Equal(CloseReason.Transferred, (await city.BedBecomes(bed, BedStatus.Closed)).CloseReason);
    }

    [Fact]
    public async Task A_period_is_announced_extended_and_in_the_end_over()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 1));
        city.Clock.Now = city.Clock.Now.AddDays(54);
        await Talking.Until(async () => (await city.Told(bed)).Any(t => t.Type == "BedPeriodEndingSoon"));
        await city.Clinic.Do($"/beds/{bed}/extension-request");
        await city.Clinic.Do($"/beds/{bed}/extension", new { barthel = 45, braden = 16 });
        city.Clock.Now = city.Clock.Now.AddDays(10);
        Assert.Equal((BedStatus.Open, 2), ((await city.Bed(bed)).Status, (await city.Bed(bed)).Period!.Number));
        city.Clock.Now = city.Clock.Now.AddDays(60);
        Assert.Equal(CloseReason.PeriodEnded, (await city.BedBecomes(bed, BedStatus.Closed)).CloseReason);
        var told = await city.Told(bed);
        Assert.Equal(["BedRequested", "BedApproved", "BedOpened", "BedAuthorisationRequested", "BedPeriodEndingSoon", "BedExtended", "BedAuthorisationRequested",
            "BedPeriodEndingSoon", "BedClosed"], told.Select(t => t.Type));
        Assert.Equal(told.Count, told.Select(t => t.Message.GetProperty("eventId").GetGuid()).Distinct().Count());
        var (first, second) = (told[3].Message, told[6].Message);
        Assert.Equal((1, 2), (first.GetProperty("periodNo").GetInt32(), second.GetProperty("periodNo").GetInt32()));
        Assert.Equal(first.GetProperty("bed").GetProperty("plannedEndOn").GetString(), second.GetProperty("from").GetString());
    }

    [Fact]
    public async Task The_insurer_s_answers_count_by_period_in_any_order_and_twice()
    {
        var (bed, resident, _) = await OpenBed();
        Assert.Null((await city.Bed(bed)).Insurance);
        await city.Publish(city.Said(new BedAuthorisationRejected(bed, 4, resident, "NEED_NOT_SHOWN"), Guid.CreateVersion7(), 1));
        await Talking.Until(async () => (await city.Bed(bed)).Insurance is not null);
        Assert.Equal(new BedInsurance(4, SelfPay: true, "NEED_NOT_SHOWN"), (await city.Bed(bed)).Insurance);

        var granted = city.Said(new BedAuthorisationGranted(bed, 8, resident, "REF-2"), Guid.CreateVersion7(), 1);
        await React<WhenBedAuthorisationAnswered, BedAuthorisationGranted>(granted);
        var version = (await city.Bed(bed)).Version;
        await React<WhenBedAuthorisationAnswered, BedAuthorisationGranted>(granted);
        await React<WhenBedAuthorisationAnswered, BedAuthorisationRejected>(city.Said(new BedAuthorisationRejected(bed, 4, resident, "NEED_NOT_SHOWN"), Guid.CreateVersion7(), 1));
        await React<WhenBedAuthorisationAnswered, BedAuthorisationRejected>(
            city.Said(new BedAuthorisationRejected(Guid.CreateVersion7(), 4, resident, "NEED_NOT_SHOWN"), Guid.CreateVersion7(), 1)); // of no bed that is known
        Assert.Equal((new BedInsurance(8, SelfPay: false, "REF-2"), version), ((await city.Bed(bed)).Insurance, (await city.Bed(bed)).Version));
    }

    [Fact]
    public async Task A_palliative_bed_stays_beyond_its_period()
    {
        var bed = await city.OpenBed(await city.Institution(beds: 1), type: "Palliative");
        city.Clock.Now = city.Clock.Now.AddDays(70);
        await Talking.Until(async () => (await city.Told(bed)).Any(t => t.Type == "BedPeriodEndingSoon"));
        Assert.Equal(BedStatus.Open, (await city.Bed(bed)).Status);
        await city.Clinic.Do($"/beds/{bed}/extension-request");
        await city.Clinic.Do($"/beds/{bed}/extension", new { barthel = 10, braden = 10 });
        await city.Clinic.Do($"/beds/{bed}/closure", new { reason = "died" });
    }

    [Fact]
    public async Task A_bed_is_offered_at_discharge_once_and_accepted()
    {
        var institution = await city.Institution(beds: 1);
        var resident = Guid.CreateVersion7();
        var proposed = city.Proposed(resident, institution);
        await city.Publish(proposed);
        await city.Publish(proposed);
        var page = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<OfferPage>($"/bed-offers?institutionId={institution}"), p => p.Items.Count > 0);
        var offer = Assert.Single(page.Items);
        Assert.Equal(Ids.Of(proposed.EventId, "DischargeBedOffer"), offer.OfferId);

        var accept = new { type = "therapeutic", conditionCodes = new[] { "I63.9" } };
        var bed = (await city.Clinic.Do($"/bed-offers/{offer.OfferId}/acceptance", accept)).Id;
        Assert.Equal(bed, (await city.Clinic.Do($"/bed-offers/{offer.OfferId}/acceptance", accept)).Id);
        var details = await city.Bed(bed);
        Assert.Equal((BedStatus.Requested, BedOrigin.HospitalDischarge, null as Guid?), (details.Status, details.Origin, details.ContractId));
        await React<WhenDownReferralProposed, DownReferralProposed>(proposed);
        Assert.Equal(["DischargeBedOffered", "DischargeBedOfferAccepted"], (await city.Told(offer.OfferId)).Select(t => t.Type));
    }

    [Fact]
    public async Task An_offer_that_nobody_answers_expires_after_three_days()
    {
        var institution = await city.Institution(beds: 1);
        var (ignored, unsuggested) = (city.Proposed(Guid.CreateVersion7(), institution), city.Proposed(Guid.CreateVersion7(), institution, bedSuggested: false));
        await React<WhenDownReferralProposed, DownReferralProposed>(ignored);
        await React<WhenDownReferralProposed, DownReferralProposed>(unsuggested);
        var offer = Ids.Of(ignored.EventId, "DischargeBedOffer");
        var due = city.Clock.Now.AddHours(72);
        city.Clock.Now = city.Clock.Now.AddHours(100);
        await Talking.Until(async () => (await city.Told(offer)).Any(t => t.Type == "DischargeBedOfferExpired"));
        Assert.Equal(due, (await city.Told(offer))[^1].Message.GetProperty("occurredAt").GetDateTimeOffset());
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/bed-offers/{offer}/acceptance", new { type = "therapeutic", conditionCodes = Array.Empty<string>() });
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/bed-offers/{Ids.Of(unsuggested.EventId, "DischargeBedOffer")}/refusal", new { reason = "none" });
    }

    [Fact]
    public async Task A_late_message_takes_effect_when_it_happened()
    {
        var (bed, resident, institution) = await OpenBed();
        var ended = city.Clock.Now.AddDays(1);
        city.Clock.Now = city.Clock.Now.AddDays(20);
        await React<WhenContractEnded, ContractTerminated>(city.Terminated(resident, institution, 6, ended));
        var closed = await city.BedBecomes(bed, BedStatus.Closed);
        Assert.Equal(DateOnly.FromDateTime(ended.AddHours(8).Date).AddDays(8), closed.ClosedOn);
    }

    private async Task<(Guid Bed, Guid Resident, Guid Institution)> OpenBed()
    {
        var institution = await city.Institution(beds: 1);
        var (bed, resident) = await OpenBedOf(institution);
        return (bed, resident, institution);
    }

    private async Task<(Guid Bed, Guid Resident)> OpenBedOf(Guid institution)
    {
        var bed = await city.OpenBed(institution);
        return (bed, (await city.Bed(bed)).ResidentId);
    }

    private DateOnly Local() => DateOnly.FromDateTime(city.Clock.Now.AddHours(8).Date);

    private IntegrationEvent Message(string word, Guid resident, Guid institution) => word switch
    {
        "signed5" => city.Signed(resident, institution, 5),
        "renewed6" => city.Said(new ContractRenewed(city.Facts(resident, institution), Guid.CreateVersion7(), 0), resident, 6),
        "terminated6" => city.Terminated(resident, institution, 6),
        "signed8" => city.Signed(resident, institution, 8),
        "terminated9" => city.Terminated(resident, institution, 9),
        _ => city.Signed(resident, institution, 10),
    };

    private Task React(IntegrationEvent message) => message switch
    {
        ContractTerminated m => React<WhenContractEnded, ContractTerminated>(m),
        ContractRenewed m => React<WhenContractSigned, ContractRenewed>(m),
        _ => React<WhenContractSigned, ContractSigned>((ContractSigned)message),
    };

    private Task React<TReaction, TMessage>(TMessage message) where TReaction : class, IReaction<TMessage> where TMessage : IntegrationEvent =>
        city.First.Services.GetRequiredService<TReaction>()
            .React(message, new(new("beds", "service"), message.CorrelationId, message.EventId.ToString()), CancellationToken.None);

    private static IEnumerable<string[]> Orders(string[] words) => words.Length == 1 ? [words]
        : words.SelectMany((word, i) => Orders([.. words.Where((_, j) => j != i)]).Select(rest => (string[])[word, .. rest]));
}
