using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <param name="Level">1 to 3.</param>
public sealed record HospitalRegistered(Guid HospitalId, string Name, string NameEn, string DistrictCode, int Level) : DomainEvent;
/// <param name="Services">Those that were not published before.</param>
public sealed record HospitalServicePublished(Guid HospitalId, IReadOnlyList<string> Services) : DomainEvent;
public sealed record HospitalEquipmentAdded(Guid HospitalId, string Modality, string Name) : DomainEvent;

/// <param name="Modality">CT, MRI, PETCT, endoscopy ...</param>
public sealed record Device(string Modality, string Name);

/// <summary>A hospital with the services that take referrals and its large equipment.</summary>
public sealed record Hospital(HospitalRegistered Entry, ImmutableList<string> Services, ImmutableList<Device> Equipment) : IState<Hospital>
{
    public static Hospital Evolve(Hospital? hospital, DomainEvent @event) => (hospital, @event) switch
    {
        (null, HospitalRegistered e) => new(e, [], []),
        ({ } h, HospitalServicePublished e) => h with { Services = h.Services.AddRange(e.Services) },
        ({ } h, HospitalEquipmentAdded e) => h with { Equipment = h.Equipment.Add(new(e.Modality, e.Name)) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {(hospital is null ? "nothing" : "a registered hospital")}."),
    };
}
