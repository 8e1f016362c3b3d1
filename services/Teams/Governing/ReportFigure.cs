using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Governing;

/// <summary>A figure that others measure (census, hospital visits, insurer) is taken in as a fact with its source and date.</summary>
/// <param name="Figure">usualResidents, hospitalVisits, primaryCareVisits ...</param>
/// <param name="DistrictCode">Without it, the whole city.</param>
public sealed record ReportFigure(
    Guid? Id, [Required, MaxLength(60)] string? Figure, [MaxLength(40)] string? DistrictCode, [Required] DateOnly? From, [Required] DateOnly? To,
    [Required] double? Value, [Required, MaxLength(40)] string? Unit, [Required, MaxLength(300)] string? Source, [Required] DateOnly? PublishedOn)
{
    /// <summary>What one source published on one day about one time is one figure, however often it is sent.</summary>
    internal Guid StreamId => Id ?? Ids.Of($"Figure:{Figure}:{DistrictCode}:{From:yyyy-MM-dd}:{To:yyyy-MM-dd}:{Source}:{PublishedOn:yyyy-MM-dd}");

    public IEnumerable<DomainEvent> Decide(Teams.Figure? known, Moment at)
    {
        if (From > To || PublishedOn > at.Today)
            throw Refusing.Invalid(From > To ? nameof(To) : nameof(PublishedOn), "A figure covers a time from its start to its end and is published already.");
        var reported = new FigureReported(Figure!, DistrictCode, From!.Value, To!.Value, Value!.Value, Unit!, Source!, PublishedOn!.Value);
        return known?.Newest == reported ? [] : [reported];
    }
}

public static class ReportFigureEndpoint
{
    public static void MapReportFigure(this IEndpointRouteBuilder routes) => routes
        .MapPost("/figures", Handle).WithName(nameof(ReportFigure)).WithSummary("Report a figure from outside").For(Role.Commission);

    private static async Task<Decided> Handle(ReportFigure command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await Take(command, http.Envelope(), runner, ct), $"/figures/{command.StreamId}");

    internal static Task<Done> Take(ReportFigure command, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Teams.Figure>(command.StreamId, envelope, command.Decide, ct);
}
