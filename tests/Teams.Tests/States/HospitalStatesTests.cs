using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Registering;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class HospitalStatesTests() : StatesTable<Hospital>("Hospital", Subject, "2024-03-01 09:00")
{
    private static readonly HospitalRegistered Entry = new(Subject, "样例医院", "Sample hospital", "330203", 3);

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]> { ["-"] = [], ["Registered"] = [Entry] };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["RegisterHospital"] = c => Do(c, h => new RegisterHospital(Subject, Entry.Name, Entry.NameEn, "330203", 3).Decide(Subject, h)),
        ["PublishHospitalServices"] = c => Do(c, new PublishHospitalServices(["cardiology"]).Decide),
        ["AddHospitalEquipment"] = c => Do(c, new AddHospitalEquipment("CT", "CT 1").Decide),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["PublishHospitalServices VALIDATION_FAILED"] = c => Do(c, new PublishHospitalServices([" "]).Decide),
    };

    internal override string StatusOf(Hospital state) => "Registered";

    private static Task Do(MemoryCity city, Func<Hospital?, IEnumerable<DomainEvent>> decide) =>
        city.Runner.Execute<Hospital>(Subject, city.By, (hospital, _) => decide(hospital), default);
}
