using System.Collections;
using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace FamilyDoctor.EventSourcing;

/// <summary>The ids with which an endpoint can be asked for something: of its route, its query and its body, by name.</summary>
public sealed class NamedIds
{
    private readonly List<(string Name, int Argument, Func<object, IEnumerable<Guid>> Read)> readers = [];

    private NamedIds(MethodInfo handler)
    {
        var parameters = handler.GetParameters();
        for (var i = 0; i < parameters.Length; i++)
        {
            if (IsId(parameters[i].ParameterType))
                readers.Add((parameters[i].Name!, i, value => [(Guid)value]));
            else if (IsBody(parameters[i].ParameterType))
                Read(parameters[i].ParameterType, i, value => [value], depth: 0);
        }
    }

    public static NamedIds Of(MethodInfo handler) => new(handler);

    /// <summary>As the API calls them; the id of what is new is not among them.</summary>
    public IEnumerable<string> Names => readers.Select(r => r.Name).Distinct();

    /// <summary>Those that this request names.</summary>
    public IEnumerable<(string Name, Guid Id)> Given(EndpointFilterInvocationContext request)
    {
        foreach (var (name, argument, read) in readers)
        {
            if (request.Arguments[argument] is { } value)
            {
                foreach (var id in read(value))
                    yield return (name, id);
            }
        }
    }

    private void Read(Type body, int argument, Func<object, IEnumerable<object>> find, int depth)
    {
        foreach (var property in body.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            IEnumerable<object> Values(object value) => find(value).Select(property.GetValue).SelectMany(v => v switch
            {
                null => [],
                IEnumerable items and not string => items.OfType<object>(),
                _ => [v],
            });
            var type = property.PropertyType.IsGenericType && property.PropertyType.IsAssignableTo(typeof(IEnumerable))
                ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
            if (IsId(type) && (property.Name != "Id" || depth > 0))
                readers.Add((char.ToLowerInvariant(property.Name[0]) + property.Name[1..], argument, value => Values(value).Cast<Guid>()));
            else if (IsBody(type) && depth < 3)
                Read(type, argument, Values, depth + 1);
        }
    }

    private static bool IsId(Type type) => type == typeof(Guid) || type == typeof(Guid?);

    /// <summary>Commands are records of ours; what is injected never is.</summary>
    private static bool IsBody(Type type) =>
        type.Namespace?.StartsWith("FamilyDoctor.", StringComparison.Ordinal) == true && type.GetMethod("<Clone>$") is not null;
}
