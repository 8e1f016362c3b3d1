using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FamilyDoctor.EventSourcing;

/// <summary>What the comments in the code say of a type or a member; the compiler writes them beside the program.</summary>
internal static partial class Wording
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    public static string? Of(Type type) => Find(type, $"T:{NameOf(type)}")?.Element("summary") is { } summary ? Text(summary) : null;

    /// <summary>Of a record's member, as its primary constructor documents it, or of a property or an enum's name.</summary>
    public static string? Of(Type type, string member) =>
        Find(type, $"T:{NameOf(type)}")?.Elements("param").FirstOrDefault(p => string.Equals(p.Attribute("name")?.Value, member, StringComparison.OrdinalIgnoreCase)) is { } parameter
            ? Text(parameter)
            : (Find(type, $"P:{NameOf(type)}.{member}") ?? Find(type, $"F:{NameOf(type)}.{member}"))?.Element("summary") is { } summary ? Text(summary) : null;

    private static XElement? Find(Type type, string name) => Files.GetOrAdd(type.Assembly, Read).GetValueOrDefault(name);

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return File.Exists(file)
            ? XDocument.Load(file).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value)
            : new Dictionary<string, XElement>();
    }

    private static string NameOf(Type type) => type.FullName?.Replace('+', '.') ?? type.Name;

    /// <summary>As one line; what refers to code is called by its last name.</summary>
    private static string Text(XElement element) => Blank().Replace(string.Concat(element.Nodes().Select(node => node switch
    {
        XElement e => e.Attribute("cref")?.Value.Split('.')[^1] ?? e.Attribute("name")?.Value ?? e.Value,
        _ => (node as XText)?.Value ?? "",
    })), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
