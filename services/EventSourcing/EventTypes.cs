using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// The stored names of a service's events: Marten's alias rule (snake case of the type's name), and how each is
/// written as JSON. The service's source-generated JSON context is the one registry.
/// </summary>
public sealed class EventTypes
{
    private readonly Dictionary<string, JsonTypeInfo> byAlias = [];
    private readonly Dictionary<Type, (string Alias, string DotNetType, JsonTypeInfo Json)> byType = [];

    public EventTypes(params JsonSerializerContext[] contexts)
    {
        foreach (var context in contexts)
        {
            var declared = context.GetType().GetCustomAttributesData()
                .Where(a => a.AttributeType == typeof(JsonSerializableAttribute))
                .Select(a => (Type)a.ConstructorArguments[0].Value!)
                .Where(t => t.IsAssignableTo(typeof(DomainEvent)));
            foreach (var type in declared)
            {
                var json = context.GetTypeInfo(type)!;
                var alias = AliasOf(type);
                byAlias.Add(alias, json);
                byType.Add(type, (alias, $"{type.FullName}, {type.Assembly.GetName().Name}", json));
            }
        }
    }

    public IEnumerable<Type> All => byType.Keys;

    /// <summary>The JSON is UTF-8.</summary>
    public (string Alias, string DotNetType, byte[] Json) Write(DomainEvent @event)
    {
        if (!byType.TryGetValue(@event.GetType(), out var type))
            throw new InvalidOperationException($"{@event.GetType().Name} is not registered in the service's JSON context.");
        return (type.Alias, type.DotNetType, JsonSerializer.SerializeToUtf8Bytes(@event, type.Json));
    }

    public DomainEvent Read(string alias, ReadOnlySpan<byte> json) => byAlias.TryGetValue(alias, out var type)
        ? (DomainEvent)JsonSerializer.Deserialize(json, type)!
        : new UnknownEvent(alias);

    /// <summary>ContractSigned -> contract_signed, IBANChanged -> iban_changed, Order2Placed -> order_2_placed.</summary>
    public static string AliasOf(MemberInfo type)
    {
        var name = type.Name;
        var alias = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var starts = i > 0 && (
                (char.IsUpper(c) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))))
                || (char.IsDigit(c) && char.IsLower(name[i - 1])));
            if (starts && alias[^1] != '_')
                alias.Append('_');
            alias.Append(char.ToLowerInvariant(c));
        }
        return alias.ToString();
    }
}
