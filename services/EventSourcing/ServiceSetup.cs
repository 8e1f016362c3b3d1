using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
#if MARTEN
using CompiledStore = FamilyDoctor.EventSourcing.MartenEventStore;
#else
using CompiledStore = FamilyDoctor.EventSourcing.PostgresEventStore;
#endif

namespace FamilyDoctor.EventSourcing;

/// <summary>All that makes an event-sourced service of a web application; Program.cs lists the rest.</summary>
public static class ServiceSetup
{
    /// <param name="name">As AppHost calls it: "contracts" has the database "contractsdb" and the queue "contracts".</param>
    /// <param name="codes">The service's refusal codes and their HTTP statuses.</param>
    public static WebApplicationBuilder AddFamilyDoctor(
        this WebApplicationBuilder builder, string name, EventTypes events, IOutbound outbound,
        IReadOnlyList<Reaction> reactions, IReadOnlyList<View> views, IReadOnlyDictionary<string, int> codes)
    {
        builder.AddServiceDefaults();
        builder.AddFamilyDoctorAuthentication();
        var configuration = builder.Configuration;
        var services = builder.Services;

        services.AddSingleton(CityClock.From(configuration));
        services.AddSingleton(new City(configuration["City:Id"] ?? "000000"));
        services.AddSingleton(new PolicyBook(TimeZoneInfo.FindSystemTimeZoneById(configuration["City:TimeZone"] ?? "Asia/Shanghai")));
        services.AddSingleton<IdSource>();

        services.AddSingleton(_ => DataSource(configuration, $"{name}db"));
        services.AddKeyedSingleton(DryRun.Reading, (_, _) => DataSource(configuration, $"{name}db", onlyReads: true));
        services.AddSingleton(events);
        services.AddSingleton<IEventStore, CompiledStore>();
        services.AddSingleton<Runner>();
        services.AddSingleton(typeof(Rows<>));
        services.AddSingleton(typeof(Copies<>));
        services.AddSingleton<ImportLog>();
        services.AddSingleton<DeadlineRules>();
        if (configuration.GetConnectionString("keysdb") is not null)
        {
            services.AddSingleton(s => VaultOf(s, DataSource(configuration, "keysdb")));
            services.AddKeyedSingleton(DryRun.Reading, (s, _) => VaultOf(s, DataSource(configuration, "keysdb", onlyReads: true)));
            services.AddSingleton<Documents>().AddSingleton<PickUpCodes>();
        }

        Reaction[] all = [
            Reaction.Of<WhenPolicyVersionActivated, PolicyVersionActivated>(), Reaction.Of<WhenCalendarChanged, CalendarChanged>(),
            .. reactions];
        Subscriptions.Check(name, all.Select(r => r.Message));
        services.AddSingleton<IReadOnlyList<Reaction>>(all);
        services.AddSingleton(outbound);
        foreach (var view in views)
            services.AddSingleton(view);

        // In this order: tables, policies, decisions, topology and bus, then whoever reads the log.
        services.AddHostedService<SchemaStart>();
        services.AddHostedService<PolicyRefresh>();
        services.AddHostedService(s => s.GetRequiredService<Runner>());
        services.AddFamilyDoctorBus(name, configuration.GetConnectionString("messaging")
            ?? throw new InvalidOperationException("ConnectionStrings:messaging is not configured."), all);
        services.AddHostedService<ViewBuilder>();
        services.AddHostedService<Relay>();
        services.AddHostedService<DeadlineClock>();
        services.AddHttpClient("services").AddServiceToken();
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<Refill>(s, name));
        services.AddHostedService(s => s.GetRequiredService<Refill>());
        services.AddHealthChecks().AddCheck<Refill>("copies");

        services.AddApiDocument();
        services.AddSingleton(new Problems.Codes(codes));
        services.AddExceptionHandler<Problems>();
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Problems.Complete);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        // Not ready yet is an answer, not a fault: the health endpoint says so to whoever asks.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        return builder;

        Vault VaultOf(IServiceProvider s, NpgsqlDataSource keys) =>
            new(keys, name, configuration["Vault:MasterKey"] ?? "", configuration["Vault:IndexSecret"] ?? "", s.GetRequiredService<TimeProvider>());
    }

    /// <summary>Who reaches which of this service's rows, and what becomes of looking at others.</summary>
    public static WebApplicationBuilder AddAccess(this WebApplicationBuilder builder, Access access)
    {
        builder.Services.AddSingleton(access).AddSingleton(View.Of<Accesses>());
        return builder;
    }

    public static WebApplication UseFamilyDoctor(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseApiPage();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(Envelopes.HashContent);
        app.MapDefaultEndpoints();
        app.MapApiDocument();
        app.MapFeed();
        return app;
    }

    /// <summary>What the service decides when deadlines pass; with the parts of whoever decides, which may be a dry run.</summary>
    public static void DecideDeadlines(this WebApplication app, Action<IServiceProvider> tell)
    {
        app.Services.GetRequiredService<DeadlineRules>().Tell = tell;
        tell(app.Services);
    }

    private static NpgsqlDataSource DataSource(IConfiguration configuration, string name, bool onlyReads = false)
    {
        var builder = new NpgsqlDataSourceBuilder(configuration.GetConnectionString(name)
            ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not configured."));
        builder.ConnectionStringBuilder.MaxAutoPrepare = 64;
        builder.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        builder.ConnectionStringBuilder.NoResetOnClose = true; // sessions are left as they were found
        builder.ConnectionStringBuilder.MaxPoolSize = Math.Min(builder.ConnectionStringBuilder.MaxPoolSize, 24);
        builder.ConnectionStringBuilder.Options = $"-c timezone=UTC -c lock_timeout=1000{(onlyReads ? " -c default_transaction_read_only=on" : "")}";
        return builder.Build();
    }

    private sealed class SchemaStart(NpgsqlDataSource database, ImportLog imports, IServiceProvider services) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await CompiledStore.CreateSchema(database, cancellationToken);
            await imports.CreateSchema(cancellationToken);
            if (services.GetService<Vault>() is { } vault)
                await vault.CreateSchema(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
