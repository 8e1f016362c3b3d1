using FamilyDoctor.Teams.Registering;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Registering;

public sealed class HospitalDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly Guid Id = new("00000000-0000-7000-8000-000000000011");
    private static readonly HospitalRegistered Registered = new(Id, "样例医院", "Sample hospital", "330203", 3);
    private static readonly RegisterHospital Register = new(Id, Registered.Name, Registered.NameEn, Registered.DistrictCode, 3);

    [Fact]
    public void A_hospital_is_registered_once()
    {
        Given<Hospital>().When(Morning, (h, _) => Register.Decide(Id, h)).Then(Registered);
        Given<Hospital>(Registered).When(Morning, (h, _) => Register.Decide(Id, h)).ThenNothing();
    }

    [Fact]
    public void It_publishes_what_it_did_not_publish_before()
    {
        var given = Given<Hospital>(Registered, new HospitalServicePublished(Id, ["cardiology"]));
        given.When(Morning, (h, _) => new PublishHospitalServices(["cardiology", "neurology", "neurology"]).Decide(h))
            .Then(new HospitalServicePublished(Id, ["neurology"]));
        given.When(Morning, (h, _) => new PublishHospitalServices(["cardiology"]).Decide(h)).ThenNothing();
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    public void A_service_has_a_name(string? service) =>
        Given<Hospital>(Registered).When(Morning, (h, _) => new PublishHospitalServices([service!]).Decide(h)).ThenRefused("VALIDATION_FAILED");

    [Fact]
    public void It_publishes_500_services_at_a_time_at_most_of_100_characters()
    {
        Publishing([new('a', 100)]).ThenEvents(typeof(HospitalServicePublished));
        Publishing([new('a', 101)]).ThenRefused("VALIDATION_FAILED");
        Publishing([.. Enumerable.Range(0, 500).Select(n => $"service {n}")]).ThenEvents(typeof(HospitalServicePublished));
        Publishing([.. Enumerable.Range(0, 501).Select(n => $"service {n}")]).ThenRefused("VALIDATION_FAILED");

        static Testing.Outcome Publishing(string[] services) => Given<Hospital>(Registered).When(Morning, (h, _) => new PublishHospitalServices(services).Decide(h));
    }

    [Fact]
    public void It_adds_a_device_once()
    {
        var add = new AddHospitalEquipment("MRI", "MRI 1");
        Given<Hospital>(Registered).When(Morning, (h, _) => add.Decide(h)).Then(new HospitalEquipmentAdded(Id, "MRI", "MRI 1"));
        Given<Hospital>(Registered, new HospitalEquipmentAdded(Id, "MRI", "MRI 1")).When(Morning, (h, _) => add.Decide(h)).ThenNothing();
    }

    [Fact]
    public void An_unknown_one_is_unknown()
    {
        Given<Hospital>().When(Morning, (h, _) => new PublishHospitalServices(["cardiology"]).Decide(h)).ThenUnknown();
        Given<Hospital>().When(Morning, (h, _) => new AddHospitalEquipment("CT", "CT 1").Decide(h)).ThenUnknown();
    }
}
