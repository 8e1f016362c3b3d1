using System.Reflection;
using System.Text.Json.Serialization;
using FamilyDoctor.Beds;
using FamilyDoctor.Contracts;
using FamilyDoctor.Referrals;
using FamilyDoctor.Teams;

namespace FamilyDoctor.Conventions.Tests;

/// <summary>The files of the repository and the services in it.</summary>
internal static class Repository
{
    public static string Root { get; } = Path.GetFullPath(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Repository").Value!);

    public static IReadOnlyDictionary<string, JsonSerializerContext> StoredEvents { get; } = new Dictionary<string, JsonSerializerContext>
    {
        ["Teams"] = TeamsEvents.Default,
        ["Contracts"] = ContractsEvents.Default,
        ["Referrals"] = ReferralsEvents.Default,
        ["Beds"] = BedsEvents.Default,
    };

    /// <summary>One file a slice: those in the activity folders of the four services.</summary>
    public static IEnumerable<string> Slices() => StoredEvents.Keys.SelectMany(service => Sources($"services/{service}"))
        .Where(file => file.Split('/').Length == 4);

    public static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    /// <summary>Compares with a file under review; FAMILYDOCTOR_APPROVE=1 writes it anew, for a change that is meant.</summary>
    public static void IsAsApproved(string name, string text)
    {
        var path = Path.Combine(Root, "tests/Conventions.Tests", name);
        if (Environment.GetEnvironmentVariable("FAMILYDOCTOR_APPROVE") == "1")
            File.WriteAllText(path, text);
        Assert.True(File.Exists(path), $"{name} is missing.");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
