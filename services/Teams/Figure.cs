using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <param name="Name">usualResidents, hospitalVisits, primaryCareVisits ...</param>
/// <param name="DistrictCode">Null for the whole city.</param>
public sealed record FigureReported(
    string Name, string? DistrictCode, DateOnly From, DateOnly To, double Value, string Unit, string Source, DateOnly PublishedOn) : DomainEvent;

/// <summary>A figure from outside, as one source published it; reported again with another value, it was corrected.</summary>
public sealed record Figure(FigureReported Newest) : IState<Figure>
{
    public static Figure Evolve(Figure? figure, DomainEvent @event) => @event switch
    {
        FigureReported e => new(e),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {(figure is null ? "nothing" : "a figure")}."),
    };
}
