using System.Collections;
using Aspire.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FamilyDoctor.AppHost.Tests;

/// <summary>What the tests start as processes: a small service, and an application with servers of its own.</summary>
public static class Program
{
    public static void Main(string[] args)
    {
        switch (args)
        {
            case ["service", .. var rest]:
                Service(rest);
                break;
            case ["application", .. var settings]:
                Application(settings);
                break;
        }
    }

    // Healthy once the file given as an argument exists, or at once without one.
    private static void Service(string[] rest)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/health", () => rest is [] || File.Exists(rest[0]) ? Results.Ok() : Results.StatusCode(503));
        app.MapGet("/process", () => Environment.ProcessId);
        app.MapGet("/environment", () => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value));
        app.Run();
    }

    private static void Application(string[] settings)
    {
        var builder = DistributedApplication.CreateBuilder(settings);
        var secret = builder.AddParameter("secret", new GenerateParameterDefault(), secret: true, persist: true);
        var database = builder.AddPostgres("postgres").AddDatabase("one");
        var messaging = builder.AddRabbitMQ("messaging");
        var web = builder.AddExecutable("web", "sh", ".", "-c", "echo \"the secret is $SECRET\"; exec sleep 1000")
            .WithEnvironment("SECRET", secret).WaitFor(database).WaitFor(messaging);
        if (builder.Configuration["Port"] is { } port)
            web.WithHttpEndpoint(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        builder.Build().Run();
    }
}
