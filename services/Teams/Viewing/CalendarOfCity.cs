using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The city's public holidays on weekdays and the weekend days worked in exchange.</summary>
/// <param name="Version">0 while it is the sample calendar that every service carries.</param>
public sealed record CalendarOfCity(IReadOnlyList<DateOnly> Holidays, IReadOnlyList<DateOnly> MakeUpDays, long Version);

public static class CalendarOfCityEndpoint
{
    public static void MapCalendarOfCity(this IEndpointRouteBuilder routes) => routes
        .MapGet("/calendar", Handle).WithName(nameof(CalendarOfCity)).WithSummary("The city's working days").Public(Readers.Everyone);

    private static async Task<CalendarOfCity> Handle(HttpContext http, City city, IEventStore store, CancellationToken ct)
    {
        var (calendar, version) = await store.Load<CityCalendar>(CityCalendar.StreamOf(city), ct);
        http.Response.Headers.ETag = $"\"{version}\"";
        return calendar is null ? new(CalendarDays.Sample.Holidays, CalendarDays.Sample.MakeUpDays, 0)
            : new(calendar.Days.Holidays, calendar.Days.MakeUpDays, version);
    }
}
