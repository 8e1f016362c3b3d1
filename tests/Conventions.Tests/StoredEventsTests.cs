using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.Conventions.Tests;

/// <summary>What is stored or published is read for ever: a shape that moves is a new record beside the old.</summary>
public sealed class StoredEventsTests
{
    private const string Access = "Access";

    public static TheoryData<string> Services => [.. Repository.StoredEvents.Keys, Access];

    [Theory, MemberData(nameof(Services))]
    public void Stored_events_keep_their_names_and_shapes(string service)
    {
        var types = new EventTypes(ContextOf(service));
        Repository.IsAsApproved($"StoredEvents.{service}.approved.json", Describe(types.All, EventTypes.AliasOf));
    }

    [Theory, MemberData(nameof(Services))]
    public void Every_event_of_a_service_is_registered(string service)
    {
        var context = ContextOf(service);
        var written = context.GetType().Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(DomainEvent)) && !t.IsAbstract && t != typeof(UnknownEvent));
        Assert.Equal(written.Select(t => t.FullName).Order(), new EventTypes(context).All.Select(t => t.FullName).Order());
    }

    [Fact]
    public void The_published_language_keeps_its_names_and_shapes() =>
        Repository.IsAsApproved("PublishedLanguage.approved.json", Describe(Subscriptions.AllMessages, t => $"{t.Namespace!.Split('.')[^1]}.{t.Name}"));

    [Fact]
    public void Messages_name_places_and_teams_but_never_people()
    {
        string[] personal = ["birth", "phone", "address", "certificate", "sex", "guardian", "note", "text", "letter", "diagnosis"];
        var suspects = Subscriptions.AllMessages.SelectMany(Members).Where(m => !m.Path.Contains(".Policy.", StringComparison.Ordinal)).Where(m => personal.Any(p => m.Path.Contains(p, StringComparison.OrdinalIgnoreCase)));
        Assert.Empty(suspects.Select(m => m.Path));
        var named = Subscriptions.AllMessages.SelectMany(Members).Where(m => m.Path.EndsWith(".Name", StringComparison.Ordinal)).Select(m => m.Path);
        Assert.All(named, path => Assert.Matches("(Institution|Hospital|Team)\\.Name$", path));
    }

    /// <summary>Who looked at what is stored alike by all services.</summary>
    private static JsonSerializerContext ContextOf(string service) => service == Access ? AccessEvents.Default : Repository.StoredEvents[service];

    private static string Describe(IEnumerable<Type> types, Func<Type, string> name)
    {
        var shapes = new JsonObject(types.OrderBy(name, StringComparer.Ordinal).Select(type => KeyValuePair.Create(name(type),
            (JsonNode?)new JsonObject(Members(type).Select(m => KeyValuePair.Create(m.Path[(type.Name.Length + 1)..], (JsonNode?)m.Type))))));
        return shapes.ToJsonString(new() { WriteIndented = true }) + "\n";
    }

    /// <summary>Every member of a record and of the records in it, by path; of an enum also its names, since they are stored.</summary>
    private static IEnumerable<(string Path, string Type)> Members(Type type) => Members(type, type.Name);

    private static IEnumerable<(string Path, string Type)> Members(Type type, string path)
    {
        foreach (var property in type.GetProperties().Where(p => p.GetMethod!.IsPublic && !p.GetMethod.IsStatic && p.Name != "EqualityContract")
            .Where(p => p.CanWrite).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            var (inner, suffix) = Unwrap(property.PropertyType);
            yield return ($"{path}.{property.Name}", (inner.IsEnum ? $"{inner.Name}({string.Join('|', Enum.GetNames(inner))})" : inner.Name) + suffix);
            if (inner.Namespace!.StartsWith("FamilyDoctor", StringComparison.Ordinal) && !inner.IsEnum)
            {
                foreach (var member in Members(inner, $"{path}.{property.Name}"))
                    yield return member;
            }
        }
    }

    private static (Type Inner, string Suffix) Unwrap(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value)
            return (value, "?");
        if (type.IsGenericType && type.GetGenericArguments() is [var item])
            return (item, "[]");
        return (type, "");
    }
}
