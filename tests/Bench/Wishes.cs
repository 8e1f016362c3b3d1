namespace FamilyDoctor.Bench;

/// <summary>What was asked for on the command line.</summary>
public sealed record Wishes(bool Quick, string? Json, IReadOnlyList<string> Settings, IReadOnlyList<string> Names)
{
    /// <summary>Null, and a word to the user, when it was not understood.</summary>
    public static Wishes? Of(string[] args)
    {
        var wishes = new Wishes(false, null, [], []);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--quick":
                    wishes = wishes with { Quick = true };
                    break;
                case "--json" when i + 1 < args.Length:
                    wishes = wishes with { Json = args[++i] };
                    break;
                case "--setting" when i + 1 < args.Length && args[i + 1].Contains('='):
                    wishes = wishes with { Settings = [.. wishes.Settings, args[++i]] };
                    break;
                case ['-', ..]:
                    Console.Error.WriteLine($"{args[i]} is not understood here; ./bench --help says what is.");
                    return null;
                default:
                    wishes = wishes with { Names = [.. wishes.Names, args[i]] };
                    break;
            }
        }
        return wishes;
    }

    public bool Wants(Row row) => Names.Count == 0 || Names.Any(name => Bare(row.Name).Contains(Bare(name)) || Bare(row.Path).Contains(Bare(name)));

    private static string Bare(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
