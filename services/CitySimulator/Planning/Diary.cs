namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>Who visits when: nobody is in two homes at once.</summary>
public sealed class Diary(Days days)
{
    public const int VisitMinutes = 45;
    private static readonly int[] Starts = [510, 570, 630, 810, 870, 930];
    private readonly HashSet<(Guid, DateOnly, int)> taken = [];

    /// <summary>The first free time of somebody of the team, on a day or a later one.</summary>
    public (Practitioner Who, string Role, DateTimeOffset From) Find(Team team, bool preferDoctor, DateOnly day, DateOnly last)
    {
        var nurses = team.Members.Where(m => m.Role == "nurse").Select(m => (m.Who, Role: "nurse"));
        var doctors = team.Doctors.Select(d => (Who: d, Role: "doctor"));
        var visitors = (preferDoctor ? doctors.Concat(nurses) : nurses.Concat(doctors)).ToList();
        for (; day <= last; day = days.OnOrAfter(day.AddDays(1)))
        {
            foreach (var start in Starts)
            {
                foreach (var (who, role) in visitors)
                {
                    if (taken.Add((who.Id, day, start)))
                        return (who, role, days.At(day, start));
                }
            }
        }
        throw new InvalidOperationException($"Team {team.Index} has no time for another home visit until {last:O}.");
    }
}
