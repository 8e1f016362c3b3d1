namespace FamilyDoctor.CitySimulator;

/// <summary>Counts are scaled and split exactly, never drawn.</summary>
public static class Apportioning
{
    /// <summary>1:N, half rounded up: never more than half a unit away.</summary>
    public static int Scaled(double figure, int scale) => (int)decimal.Floor(((decimal)figure / scale) + 0.5m);

    /// <summary>Splits a total by weights; what is left over goes to the largest remainders.</summary>
    public static int[] Apportion(int total, IReadOnlyList<double> weights)
    {
        var sum = weights.Sum();
        var parts = new int[weights.Count];
        if (total <= 0 || sum <= 0)
            return parts;
        var remainders = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var exact = total * (weights[i] / sum);
            parts[i] = (int)Math.Floor(exact + 1e-9);
            remainders[i] = exact - parts[i];
        }
        foreach (var i in Enumerable.Range(0, parts.Length).Where(i => weights[i] > 0).OrderByDescending(i => remainders[i]).ThenBy(i => i)
            .Take(total - parts.Sum()))
            parts[i]++;
        return parts;
    }

    /// <summary>The share of a total, half rounded up.</summary>
    public static int ShareOf(int total, double share) => (int)Math.Floor((total * share) + 0.5);

    /// <summary>Each index as often as its count says, in an order that only the seed decides.</summary>
    public static int[] Mixed(IReadOnlyList<int> counts, Choice choice, string what)
    {
        var all = new int[counts.Sum()];
        var next = 0;
        for (var i = 0; i < counts.Count; i++)
        {
            for (var n = 0; n < counts[i]; n++)
                all[next++] = i;
        }
        return Mix(all, choice, what);
    }

    public static T[] Mix<T>(T[] items, Choice choice, string what)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = choice.Below(i + 1, what, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
        return items;
    }
}
