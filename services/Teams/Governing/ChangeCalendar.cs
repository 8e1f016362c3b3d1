using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Governing;

/// <summary>The city's public holidays and make-up working days are set; clocks that count working days follow.</summary>
public sealed record ChangeCalendar(
    [Required, MaxLength(2000)] IReadOnlyList<DateOnly>? Holidays, [Required, MaxLength(2000)] IReadOnlyList<DateOnly>? MakeUpDays)
{
    public IEnumerable<DomainEvent> Decide(CityCalendar? calendar)
    {
        var (holidays, makeUpDays) = (Holidays!.Distinct().Order().ToList(), MakeUpDays!.Distinct().Order().ToList());
        if (holidays.Intersect(makeUpDays).Any())
            throw Refusing.Invalid(nameof(MakeUpDays), "No day is a holiday and a working day at once.");
        return calendar is not null && calendar.Days.Holidays.SequenceEqual(holidays) && calendar.Days.MakeUpDays.SequenceEqual(makeUpDays)
            ? []
            : [new CalendarChanged(holidays, makeUpDays)];
    }
}

public static class ChangeCalendarEndpoint
{
    public static void MapChangeCalendar(this IEndpointRouteBuilder routes) => routes
        .MapPut("/calendar", Handle).WithName(nameof(ChangeCalendar)).WithSummary("Set the city's working days").For(Role.Commission);

    private static async Task<Decided> Handle(ChangeCalendar command, HttpContext http, Runner runner, City city, CancellationToken ct) =>
        new(await runner.Execute<CityCalendar>(CityCalendar.StreamOf(city), http.Envelope(), (calendar, _) => command.Decide(calendar), ct));
}
