namespace FamilyDoctor.CitySimulator.Planning;

/// <param name="Level">3 for the leading ones, else 2.</param>
public sealed record Hospital(int Index, Guid Id, int District, int Level, IReadOnlyList<string> Services, IReadOnlyList<string> Modalities);

/// <summary>The hospitals that take referrals and examinations.</summary>
public static class Hospitals
{
    private static readonly string[] Services = ["cardiology", "neurology", "endocrinology", "orthopaedics", "ophthalmology", "oncology"];

    public static IReadOnlyList<Hospital> Of(CityFile city, int scale, Choice choice)
    {
        var count = Math.Max(2, Apportioning.Scaled(city.Assumptions.Hospitals.Value, scale));
        var districts = Apportioning.Mixed(Apportioning.Apportion(count, [.. city.Districts.Select(d => (double)d.Population)]), choice, "district of hospital");
        var modalities = city.Assumptions.ExamShares.Value.Keys.ToList();
        return [.. Enumerable.Range(0, count).Select(i => i % 2 == 0
            ? new Hospital(i, choice.Id("hospital", i), districts[i], 3, Services, modalities)
            : new Hospital(i, choice.Id("hospital", i), districts[i], 2, Services, [.. modalities.Where(m => m is not "PETCT")]))];
    }
}
