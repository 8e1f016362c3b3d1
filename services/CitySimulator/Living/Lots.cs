namespace FamilyDoctor.CitySimulator.Living;

/// <summary>What becomes of one after the other: the assumed shares exactly, in an order of the seed, then again from the start.</summary>
public sealed class Lots<T> where T : struct, Enum
{
    private readonly int[] drawn;
    private int next;

    /// <param name="shares">By the enum's values; the first of them is what all others are.</param>
    public Lots(Choice choice, string what, params double[] shares)
    {
        const int Many = 1000;
        var parts = shares.Prepend(Math.Max(0, 1 - shares.Sum())).ToList();
        drawn = Apportioning.Mixed(Apportioning.Apportion(Many, parts), choice, what);
    }

    public T Next() => Enum.GetValues<T>()[drawn[next++ % drawn.Length]];
}
