using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

public sealed record CalendarChanged(IReadOnlyList<DateOnly> Holidays, IReadOnlyList<DateOnly> MakeUpDays) : DomainEvent;

/// <summary>The city's public holidays on weekdays and the weekend days worked in exchange.</summary>
public sealed record CityCalendar(CalendarDays Days) : IState<CityCalendar>
{
    public static Guid StreamOf(City city) => Ids.Of($"Calendar:{city.Id}");

    public static CityCalendar Evolve(CityCalendar? calendar, DomainEvent @event) => @event switch
    {
        CalendarChanged e => new(new CalendarDays(e.Holidays, e.MakeUpDays)),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow in a calendar."),
    };
}
