using System.Reflection;
using System.Text.RegularExpressions;

namespace FamilyDoctor.EventSourcing;

/// <summary>A request of an .http file, its variables filled in as far as they are known.</summary>
/// <param name="Title">What stands behind ###.</param>
/// <param name="Name">By which later requests speak of its answer.</param>
public sealed record WrittenRequest(
    string Title, string? Name, string Method, string Url, IReadOnlyDictionary<string, string> Headers, string? Body)
{
    /// <summary>The code with which it is refused, where that is what it shows.</summary>
    public string? Refused { get; init; }

    /// <summary>Without scheme, host and query.</summary>
    public string Path => Address.Split('?')[0];

    public string Query => Address.Contains('?', StringComparison.Ordinal) ? Address[(Address.IndexOf('?', StringComparison.Ordinal) + 1)..] : "";

    /// <summary>Path and query.</summary>
    public string Address => Url.Contains("://", StringComparison.Ordinal) ? Url[Url.IndexOf('/', Url.IndexOf("://", StringComparison.Ordinal) + 3)..] : Url;

    /// <summary>Whether a route such as /beds/{bedId:guid} takes it.</summary>
    public bool Matches(string method, string route)
    {
        var (ours, theirs) = (Path.Trim('/').Split('/'), route.Trim('/').Split('/'));
        return method.Equals(Method, StringComparison.OrdinalIgnoreCase) && ours.Length == theirs.Length
            && ours.Zip(theirs).All(s => s.Second.StartsWith('{') || s.First == s.Second);
    }
}

/// <summary>The requests of a feature, one file beside its use cases: to be sent from an editor, and the examples of the API's description.</summary>
public sealed partial class HttpFile
{
    private readonly List<string[]> blocks = [];

    public HttpFile(string name, string text)
    {
        Name = name;
        var block = new List<string>();
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Append("###"))
        {
            if (line.StartsWith("###", StringComparison.Ordinal) && block.Count > 0)
            {
                blocks.Add([.. block]);
                block.Clear();
            }
            block.Add(line);
        }
    }

    public string Name { get; }

    /// <summary>Those that a service carries in it.</summary>
    public static IEnumerable<HttpFile> Of(Assembly service)
    {
        foreach (var name in service.GetManifestResourceNames().Where(n => n.EndsWith(".http", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(service.GetManifestResourceStream(name)!);
            yield return new(name, reader.ReadToEnd());
        }
    }

    /// <summary>Its requests one after the other; a variable is looked up when its request is reached.</summary>
    /// <param name="find">What a name stands for that the file itself does not say: $processEnv TOKEN, bed.response.body.$.id.</param>
    /// <param name="given">Variables with another value than the file gives them.</param>
    public IEnumerable<WrittenRequest> Requests(Func<string, string> find, IReadOnlyDictionary<string, string>? given = null)
    {
        var variables = new Dictionary<string, string>();
        string Fill(string text) => Placeholder().Replace(text, m =>
            given?.GetValueOrDefault(m.Groups[1].Value) ?? (variables.TryGetValue(m.Groups[1].Value, out var value) ? Fill(value) : find(m.Groups[1].Value)));

        foreach (var block in blocks)
        {
            var (title, name, refused, rest) = (block[0].TrimStart('#').Trim(), (string?)null, (string?)null, new Queue<string>(block[0].StartsWith("###", StringComparison.Ordinal) ? block.Skip(1) : block));
            while (rest.TryPeek(out var line) && (line.Length == 0 || line[0] is '#' or '@'))
            {
                if (Definition().Match(line) is { Success: true } defined)
                    variables[defined.Groups[1].Value] = defined.Groups[2].Value.Trim();
                if (Naming().Match(line) is { Success: true } named)
                    name = named.Groups[1].Value;
                if (Refusal().Match(line) is { Success: true } refusal)
                    refused = refusal.Groups[1].Value;
                rest.Dequeue();
            }
            if (!rest.TryDequeue(out var request))
                continue;
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (rest.TryDequeue(out var line) && line.Length > 0)
                headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = Fill(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            var body = string.Join('\n', rest).Trim();
            var words = request.Split(' ', 2);
            yield return new(title, name, words[0], Fill(words[1].Trim()), headers, body.Length > 0 ? Fill(body) : null) { Refused = refused };
        }
    }

    [GeneratedRegex(@"\{\{\s*(.+?)\s*\}\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^@([\w-]+)\s*=(.*)$")]
    private static partial Regex Definition();

    [GeneratedRegex(@"^#\s*Refused with (\w+)")]
    private static partial Regex Refusal();

    [GeneratedRegex(@"^#\s*@name\s+([\w-]+)")]
    private static partial Regex Naming();
}
