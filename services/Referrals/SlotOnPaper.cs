using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

/// <summary>A slot as people read it: the day, from when to when in the city, and which of the day's it is.</summary>
public static class SlotOnPaper
{
    /// <param name="minutes">How long it lasts, where that is known.</param>
    /// <param name="place">Its place in the day, from 0.</param>
    public static string Say(Language language, TimeZoneInfo city, ChosenSlot slot, int? minutes, int? place)
    {
        var from = TimeZoneInfo.ConvertTime(slot.Start, city);
        var until = minutes is { } length ? FormattableString.Invariant($"–{from.AddMinutes(length):HH:mm}") : "";
        var number = place is null ? "" : language.Say($"（第{place + 1}号）", $" (no. {place + 1})");
        return FormattableString.Invariant($"{language.Say(DateOnly.FromDateTime(from.DateTime))} {from:HH:mm}{until}{number}");
    }

    public static RuleBroken NotReady(string state) =>
        new("SLIP_NOT_READY", "A slip is printed once there is a day and time, and until the patient has come.", new { state });
}
