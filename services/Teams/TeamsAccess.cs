using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <summary>The directory is public and each institution changes its own part of it; a question about a resident is his team's and his own.</summary>
public static class TeamsAccess
{
    public static Access Table { get; } = new Access()
        .Self()
        .Row("helpId", OfHelp)
        .Directory("teamId", Role.Clinic, async (services, id, ct) => (await Load<Team>(services, id, ct))?.InstitutionId)
        .Directory("practitionerId", Role.Clinic, async (services, id, ct) => (await Load<Practitioner>(services, id, ct))?.InstitutionId)
        .Directory("institutionId", Role.Clinic, Access.Itself)
        .Directory("hospitalId", Role.Hospital, Access.Itself)
        .Directory("studioId", Role.Clinic, OfStudio)
        .Directory("ownerId", Role.Clinic, async (services, id, ct) => (await Load<Practitioner>(services, id, ct))?.InstitutionId)
        .HistoryOf<Team>(_ => Whose.Anybody).HistoryOf<Practitioner>(_ => Whose.Anybody)
        .HistoryOf<Institution>(_ => Whose.Anybody).HistoryOf<Hospital>(_ => Whose.Anybody)
        .Histories()
        .Names("from", "successorId", "successors", "coveredBy", "by", "askedBy", "leaderId", "appointmentId", "absenceId", "complaintId", "flagId");

    private static async Task<Whose?> OfHelp(IServiceProvider services, Guid id, CancellationToken ct) =>
        await Load<HelpRequest>(services, id, ct) is { } help && await Load<Team>(services, help.Asked.TeamId, ct) is { } team
            ? new(help.Asked.ResidentId, [team.InstitutionId]) : null;

    private static async Task<Guid?> OfStudio(IServiceProvider services, Guid id, CancellationToken ct) =>
        await services.GetRequiredService<IEventStore>().FindAlias(id, ct) is { } leader ? (await Load<Practitioner>(services, leader, ct))?.InstitutionId : null;

    private static async Task<T?> Load<T>(IServiceProvider services, Guid id, CancellationToken ct) where T : class, IState<T> =>
        (await services.GetRequiredService<IEventStore>().Load<T>(id, ct)).State;
}
