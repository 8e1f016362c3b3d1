using System.Text.RegularExpressions;

namespace FamilyDoctor.Conventions.Tests;

/// <summary>A folder listing explains the system; the README lists every use case.</summary>
public sealed partial class SliceNamesTests
{
    [Fact]
    public void A_use_case_s_name_is_found_once()
    {
        var twice = Repository.Slices().GroupBy(Path.GetFileName).Where(g => g.Count() > 1).Select(g => string.Join(" and ", g));
        Assert.Empty(twice);
    }

    [Fact]
    public void Every_slice_is_in_the_catalogue_of_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var missing = Repository.Slices().Select(f => Path.GetFileNameWithoutExtension(f)!)
            .Where(slice => !readme.Contains($"`{slice}`", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_catalogue_names_nothing_that_is_not_there()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var catalogue = readme[readme.IndexOf("## Slice catalogue", StringComparison.Ordinal)..];
        catalogue = catalogue[..catalogue.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        var files = Repository.Sources("services").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Assert.All(CatalogueEntry().Matches(catalogue).Select(m => m.Groups[1].Value), name => Assert.Contains(name, files));
    }

    [Fact]
    public void A_slice_fits_on_a_page()
    {
        var long_ = Repository.Slices().Where(f => File.ReadLines(Path.Combine(Repository.Root, f)).Count() > 120);
        Assert.Empty(long_);
    }

    [Fact]
    public void Nothing_hides_behind_a_vague_name() =>
        Assert.DoesNotContain(Repository.Sources("services"), file => VagueName().IsMatch(file));

    [GeneratedRegex("^\\| `([A-Za-z]+)`", RegexOptions.Multiline)]
    private static partial Regex CatalogueEntry();

    [GeneratedRegex("(Service|Manager|Helper|Handler|Dto|Common|Utils?)\\.cs$")]
    private static partial Regex VagueName();
}
