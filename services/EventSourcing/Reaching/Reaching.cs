using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.EventSourcing;

/// <summary>Lets a request through to what its caller reaches: his own, what he broke the glass for, or what the commission has a purpose for.</summary>
public static class Reaching
{
    /// <summary>What the commission may look at single rows for.</summary>
    public static IReadOnlyList<string> Purposes { get; } = ["complaint", "inspection", "audit", "fraud", "publicHealth", "correction"];

    internal const string Header = "Purpose";
    private const string Kept = "reached";

    /// <summary>Directory data and counts: whoever may call it may ask for anybody's.</summary>
    public static TBuilder Public<TBuilder>(this TBuilder endpoint, params string[] roles) where TBuilder : IEndpointConventionBuilder =>
        endpoint.For(roles).WithMetadata(new PublicData());

    /// <summary>These ids may be anybody's: they are only named.</summary>
    public static TBuilder OnlyNames<TBuilder>(this TBuilder endpoint, params string[] names) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new OnlyNamed(names));

    /// <summary>Rows of the whole city, which no id stands for.</summary>
    public static TBuilder OfAll<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new RowsOfAll());

    /// <summary>Shows nobody's row, so the commission needs no purpose.</summary>
    public static TBuilder OfNobody<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new NoRows());

    /// <summary>What the command of this request was let through for.</summary>
    internal static IReadOnlyList<Reached> Reached(this HttpContext http) => http.Items[Kept] as List<Reached> ?? [];

    internal static EndpointFilterDelegate Guard(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next, string[] roles)
    {
        if (endpoint.ApplicationServices.GetService<Access>() is not { } access)
            return next;
        var ids = NamedIds.Of(endpoint.MethodInfo);
        return async request =>
        {
            var caller = Caller.Of(request.HttpContext.User);
            if (!caller.HasCity)
                await Require(access, caller, ids, roles, request);
            return await next(request);
        };
    }

    private static async Task Require(Access access, Caller caller, NamedIds ids, string[] roles, EndpointFilterInvocationContext request)
    {
        var (http, metadata) = (request.HttpContext, request.HttpContext.GetEndpoint()!.Metadata);
        if (metadata.GetMetadata<PublicData>() is not null)
            return;
        string[] his = [.. roles.Where(caller.Roles.Contains)];
        var asks = new Asking(access, caller, his, http);
        var binding = access.Binding(ids, his, metadata).ToHashSet();
        var given = ids.Given(request).Where(i => binding.Contains(i.Name)).Distinct().ToList();
        if (metadata.GetMetadata<RowsOfAll>() is not null && asks.IsCommission)
            await asks.ForPurpose("city", Guid.Empty, null);
        else if (given.Count == 0 && binding.Count > 0 && !asks.IsCommand)
            throw new RuleBroken("FORBIDDEN_SCOPE", "Say whose: a list of the whole city is not for everybody.", new { names = binding });
        foreach (var (name, id) in given)
            await asks.For(name, id);
        http.Items[Kept] = asks.Reached;
    }

    /// <summary>One caller's request for some ids.</summary>
    private sealed class Asking(Access access, Caller caller, IReadOnlyCollection<string> roles, HttpContext http)
    {
        private readonly IServiceProvider services = http.RequestServices;

        public List<Reached> Reached { get; } = [];

        public bool IsCommission => roles.Contains(Role.Commission);

        public bool IsCommand { get; } = !HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method);

        public async Task For(string name, Guid id)
        {
            if (access.Of(name) is not { } line)
                throw new UnknownId();
            var found = await Look(line, id, fresh: !IsCommand);
            if (IsCommand && !Reaches(found.Whose, line, id))
                found = await Look(line, id, fresh: true); // another instance may have heard more
            if (Reaches(found.Whose, line, id))
            {
                if (IsCommand && found is { Stream: { } stream, Judge: { } judge })
                    Reached.Add(new(stream, state => Reaches(judge(state), line, id)));
                return;
            }
            var resident = line.IsResident ? id : found.Whose?.Resident;
            if (line.AlsoOf is { } alsoOf && caller.Organization is { } organization && roles.Contains(Role.Hospital)
                && (await alsoOf(services, id, http.RequestAborted)).Contains(organization))
                return;
            if (found.Whose is { OrWho: true, Resident: { } him } && Reaches((await Look(access.OfResident, him, fresh: true)).Whose, access.OfResident, him))
                return;
            if (found.Whose is not null && resident is { } patient && await BreakGlass.IsOpen(services, patient, caller.Id, roles, http.RequestAborted))
                await Record("breakGlass", name, id, patient);
            else if (IsCommission)
                await ForPurpose(name, id, resident);
            else if (!await WasAnsweredBefore())
                throw new UnknownId();
        }

        /// <summary>The commission says why it looks, whether or not there is anything to see.</summary>
        public async Task ForPurpose(string name, Guid id, Guid? resident)
        {
            var purpose = http.Request.Headers[Header].ToString();
            if (purpose.Length == 0)
                throw new RuleBroken("PURPOSE_REQUIRED", "The commission says for which purpose it looks at single rows.", new { header = Header, allowed = Purposes });
            if (!Purposes.Contains(purpose))
                throw new BadHttpRequestException($"{Header} must be one of {string.Join(", ", Purposes)}.");
            await Record(purpose, name, id, resident);
        }

        /// <summary>Of whom nothing is known yet, nobody sees to; he reaches himself all the same.</summary>
        private bool Reaches(Whose? whose, Access.Line line, Guid id) => (whose ?? (line.IsResident ? new Whose(id, [], IsFree: true) : null)) is { } known
            && caller.Reaches(known, roles, IsCommand);

        private Task<Access.Found> Look(Access.Line line, Guid id, bool fresh) => line.Find(services, id, fresh, http.RequestAborted);

        private Task Record(string why, string name, Guid id, Guid? resident) => AccessBook.Enter(services, http.Envelope() with { ExpectedVersion = null, Idempotency = null },
            new RowsReached(caller.Id, why, name, id, resident, http.GetEndpoint()!.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? ""), http.RequestAborted);

        /// <summary>He asked the same before, when it was still his: he gets the same answer.</summary>
        private async Task<bool> WasAnsweredBefore() => IsCommand && http.Envelope().Idempotency is { } key
            && (await services.GetRequiredService<IEventStore>().FindAnswers([key.Key], http.RequestAborted)).Count > 0;
    }
}
