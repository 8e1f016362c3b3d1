using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Who may reach which row of a service: one line for each name by which rows are asked for, wherever it stands, in a
/// route, a query or a body. What is out of reach is answered like what does not exist.
/// </summary>
public sealed class Access
{
    internal static readonly string[] Staff = [Role.Clinic, Role.Hospital], Everybody = [Role.Clinic, Role.Hospital, Role.Resident, Role.Commission];

    private readonly Dictionary<string, Line> lines = [];
    private readonly HashSet<string> only = [];
    private readonly Dictionary<string, (StreamKind Kind, Func<object?, Whose?> Whose)> histories = [];

    internal delegate Task<Found> Finding(IServiceProvider services, Guid id, bool fresh, CancellationToken ct);

    /// <param name="Stream">The stream that says whose it is, if one does: a command on it is decided on that too.</param>
    internal sealed record Found(Whose? Whose, Guid? Stream = null, Func<object?, Whose?>? Judge = null);

    /// <param name="Binds">The roles that the name binds; for others it only names something.</param>
    /// <param name="AlsoOf">Organisations that it costs a question of its own to know of.</param>
    internal sealed record Line(
        IReadOnlyCollection<string> Binds, bool IsResident, Finding Find, Func<IServiceProvider, Guid, CancellationToken, Task<IReadOnlyCollection<Guid>>>? AlsoOf = null);

    /// <summary>A row that a stream tells the owner of.</summary>
    /// <param name="stream">The stream behind the id, when it is another one.</param>
    public Access Row<T>(string name, Func<T, Whose> whose, Func<IServiceProvider, Guid, CancellationToken, Task<Guid?>>? stream = null)
        where T : class, IState<T> => HistoryOf(whose).Add(name, new(Everybody, false, OfStream(whose, stream)));

    /// <summary>A row whose owner is told by something else.</summary>
    public Access Row(string name, Func<IServiceProvider, Guid, CancellationToken, Task<Whose?>> whose) =>
        Add(name, new(Everybody, false, async (services, id, _, ct) => new(await whose(services, id, ct))));

    /// <summary>A resident; further names by which he is asked for.</summary>
    /// <param name="alsoOf">Hospitals that see to him, where his state does not tell.</param>
    public Access Resident<T>(
        Func<T, Whose> whose, Func<IServiceProvider, Guid, CancellationToken, Task<IReadOnlyCollection<Guid>>> alsoOf, params string[] alsoAs)
        where T : class, IState<T> => HistoryOf(whose).Resident(new(Everybody, true, OfStream(whose, null), alsoOf), alsoAs);

    /// <summary>What else has a history, and whose that is.</summary>
    public Access HistoryOf<T>(Func<T, Whose> whose) where T : class, IState<T>
    {
        histories[StreamKind.Of<T>().Name] = (StreamKind.Of<T>(), state => state is T known ? whose(known) : null);
        return this;
    }

    /// <summary>A history by the id of anything, and an event by its own: whose it is, the state behind it tells; of anything else it is for nobody.</summary>
    public Access Histories() => Row("streamId", OfHistory).Row("eventId", async (services, id, ct) =>
        await services.GetRequiredService<Rows<StretchOfLog>>().WhereIs(id, ct) is { } place ? await OfHistory(services, place.Stream, ct) : null);

    private async Task<Whose?> OfHistory(IServiceProvider services, Guid id, CancellationToken ct)
    {
        var store = services.GetRequiredService<IEventStore>();
        var kinds = await services.GetRequiredService<Rows<StretchOfLog>>().Query("select type from mt_streams where id = $1 and type is not null", row => row.GetString(0), ct, id);
        if (kinds.Count == 0)
            return await store.FindAlias(id, ct) is { } stream && stream != id ? await OfHistory(services, stream, ct) : null;
        if (!histories.TryGetValue(kinds[0], out var known))
            return null;
        object? state = null;
        foreach (var recorded in (await store.Read([(id, 0)], ct, withHeaders: false)).GetValueOrDefault(id) ?? [])
            state = known.Kind.Evolve(state, recorded.Event);
        return known.Whose(state);
    }

    public Access Resident(Func<IServiceProvider, Guid, CancellationToken, Task<Whose?>> whose) =>
        Resident(new(Everybody, true, async (services, id, _, ct) => new(await whose(services, id, ct))), []);

    /// <summary>Where nothing is known of residents: one who asks for somebody asks for himself.</summary>
    public Access Self() => Resident(new([Role.Resident], true, (_, _, _, _) => Task.FromResult(new Found(null))), []);

    /// <summary>What belongs to an organisation and binds only those who work in one of that kind; the commission says why it looks.</summary>
    public Access Place(string name, string role, Func<IServiceProvider, Guid, CancellationToken, Task<Guid?>> organization) =>
        Add(name, new([role, Role.Commission], false, OfPlace(organization)));

    /// <summary>Public as it is, but only the organisation that it belongs to changes it.</summary>
    public Access Directory(string name, string role, Func<IServiceProvider, Guid, CancellationToken, Task<Guid?>> organization) =>
        Add(name, new([role], false, OfPlace(organization)));

    /// <summary>An organisation itself.</summary>
    public static Task<Guid?> Itself(IServiceProvider services, Guid id, CancellationToken ct) => Task.FromResult<Guid?>(id);

    /// <summary>Names that open nothing: a page, a device, a person of the staff, a case that lies elsewhere.</summary>
    public Access Names(params string[] names)
    {
        only.UnionWith(names);
        return this;
    }

    /// <summary>Nobody has forgotten to say who reaches it.</summary>
    public bool Knows(string name) => lines.ContainsKey(name) || only.Contains(name);

    /// <summary>The names that bind somebody with these roles at an endpoint; one that nobody has said anything of binds everybody.</summary>
    internal IEnumerable<string> Binding(NamedIds ids, IReadOnlyCollection<string> roles, IEnumerable<object> metadata)
    {
        if (metadata.OfType<PublicData>().Any() || (roles.Contains(Role.Commission) && metadata.OfType<NoRows>().Any()))
            return [];
        var named = metadata.OfType<OnlyNamed>().SelectMany(n => n.Names).ToHashSet();
        return ids.Names.Where(name => !named.Contains(name) && !only.Contains(name)
            && (!lines.TryGetValue(name, out var line) || roles.All(line.Binds.Contains)));
    }

    /// <summary>For what is asked for in a list: whether this one of it is within the caller's reach, or anybody's who oversees all.</summary>
    public async Task<bool> Reaches(HttpContext http, string name, Guid id, CancellationToken ct)
    {
        var caller = Caller.Of(http.User);
        if (caller.HasCity || caller.Roles.Contains(Role.Commission))
            return true;
        var whose = (await lines[name].Find(http.RequestServices, id, true, ct)).Whose;
        return whose is not null && (caller.Reaches(whose, caller.Roles, toChange: true)
            || (whose is { OrWho: true, Resident: { } resident } && await Reaches(http, BreakGlass.Resident, resident, ct)));
    }

    /// <summary>Whether there is such a row at all, whoever's it is.</summary>
    public async Task<bool> IsKnown(HttpContext http, string name, Guid id, CancellationToken ct) =>
        (await lines[name].Find(http.RequestServices, id, true, ct)).Whose is not null;

    internal Line? Of(string name) => lines.GetValueOrDefault(name);

    internal Line OfResident => lines[BreakGlass.Resident];

    private Access Resident(Line line, string[] alsoAs)
    {
        foreach (var name in alsoAs.Append(BreakGlass.Resident))
            Add(name, line);
        return this;
    }

    private Access Add(string name, Line line)
    {
        lines.Add(name, line);
        return this;
    }

    private static Finding OfPlace(Func<IServiceProvider, Guid, CancellationToken, Task<Guid?>> organization) => async (services, id, _, ct) =>
        new(await organization(services, id, ct) is { } owner ? new Whose(null, [owner]) : null);

    /// <summary>A command looks at the state that it is decided on, which costs nothing more; whoever only reads gets what is stored.</summary>
    private static Finding OfStream<T>(Func<T, Whose> whose, Func<IServiceProvider, Guid, CancellationToken, Task<Guid?>>? streamOf) where T : class, IState<T> =>
        async (services, id, fresh, ct) =>
        {
            if ((streamOf is null ? id : await streamOf(services, id, ct)) is not { } stream)
                return new(null);
            var state = fresh
                ? (await services.GetRequiredService<IEventStore>().Load<T>(stream, ct)).State
                : await services.GetRequiredService<Runner>().Look<T>(stream, ct);
            return new(state is null ? null : whose(state), stream, judged => judged is T known ? whose(known) : null);
        };
}

/// <summary>What a command was let through for: decided on anything else, it is as if there were nothing.</summary>
public sealed record Reached(Guid Stream, Func<object?, bool> StillReaches);

/// <summary>An endpoint that gives directory data or counts and no rows: whoever may call it may ask for anybody's.</summary>
public sealed record PublicData;

/// <summary>Ids that an endpoint only names, whoever they belong to.</summary>
public sealed record OnlyNamed(IReadOnlyCollection<string> Names);

/// <summary>Rows that no id stands for.</summary>
public sealed record RowsOfAll;

/// <summary>An endpoint that shows nobody's row: it binds those who work there, but the commission needs no purpose for it.</summary>
public sealed record NoRows;
