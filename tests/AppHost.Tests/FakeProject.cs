namespace FamilyDoctor.AppHost.Tests;

/// <summary>A project folder whose build output is this test's own: <see cref="Program"/> is its service.</summary>
internal sealed class FakeProject : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("familydoctor-project-").FullName;

    public FakeProject(string? launchSettings = null)
    {
        Path = System.IO.Path.Combine(_folder, "AppHost.Tests.csproj");
        File.WriteAllText(Path, "<Project />");
        var output = System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var flavour = output.Split(System.IO.Path.DirectorySeparatorChar)[^2..];
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "bin", flavour[0]));
        Directory.CreateSymbolicLink(System.IO.Path.Combine(_folder, "bin", flavour[0], flavour[1]), output);
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "Properties"));
        File.WriteAllText(System.IO.Path.Combine(_folder, "Properties", "launchSettings.json"), launchSettings ?? """
            {
              // As the templates write it, comments and all.
              "profiles": {
                "iis": { "commandName": "IISExpress" },
                "http": {
                  "commandName": "Project",
                  "applicationUrl": "http://localhost:5301",
                  "environmentVariables": { "ASPNETCORE_ENVIRONMENT": "Development", "GIVEN": "by the profile" },
                },
              }
            }
            """);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
