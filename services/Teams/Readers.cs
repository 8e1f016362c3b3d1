using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <summary>The directory is public within the programme: whoever signs in may read it.</summary>
public static class Readers
{
    public static readonly string[] Everyone = [Role.Commission, Role.Clinic, Role.Hospital, Role.Resident, Role.Import, Role.Service];
}
