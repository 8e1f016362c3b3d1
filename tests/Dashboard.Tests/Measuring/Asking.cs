using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.Policies;
using Npgsql;

namespace FamilyDoctor.Dashboard.Tests.Measuring;

/// <summary>Asks for key figures and figures of exactly the messages a test has said, in tables of its own connection.</summary>
internal static class Asking
{
    public static readonly PolicyBook Policies = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));

    /// <summary>The first of March 2024, ten in the morning in the city.</summary>
    public static readonly DateTimeOffset Now = City(2024, 3, 1, 10);

    public static DateTimeOffset City(int year, int month, int day, int hour = 9) => new(year, month, day, hour, 0, 0, TimeSpan.FromHours(8));

    public static Task<Dictionary<string, KpiAnswer>> Kpis(
        this DashboardFixture dashboard, Saying says, string period = "month", string scope = "city", CityFile? city = null, DateOnly? asOf = null) =>
        dashboard.Ask(says, async source =>
        {
            var day = asOf ?? Policies.At(Now).Today;
            var question = Question.Of(Scope.Parse(scope), Period.Parse(period, day), day, Now, Policies);
            return (await CityKpis.Measure(source, question, null, city ?? new(), CancellationToken.None)).ToDictionary(k => k.Code);
        });

    public static Task<Dictionary<string, FigureAnswer>> Figures(this DashboardFixture dashboard, Saying says, CityFile city) =>
        dashboard.Ask(says, async source =>
            (await PublishedAndMeasured.All(source, city, Policies, Now, CancellationToken.None)).ToDictionary(f => f.Figure));

    /// <summary>Of the last month.</summary>
    public static Task<IReadOnlyList<HospitalFunnel>> Funnel(this DashboardFixture dashboard, Saying says) => dashboard.Ask(says, source =>
    {
        var day = Policies.At(Now).Today;
        return ReferralFunnel.Measure(source, Question.Of(Scope.Parse("city"), Period.Parse("month", day), day, Now, Policies), CancellationToken.None);
    });

    private static async Task<T> Ask<T>(this DashboardFixture dashboard, Saying says, Func<Source, Task<T>> ask)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(dashboard.Database) { Options = "-c timezone=UTC", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        var log = says.All.Select(Folding.Recorded).ToList();
        foreach (var view in Knowing.Views)
        {
            await view.Create(connection, "pg_temp", CancellationToken.None);
            await view.Apply(connection, "pg_temp", log, CancellationToken.None);
        }
        return await ask(new(connection, "pg_temp", null));
    }
}
