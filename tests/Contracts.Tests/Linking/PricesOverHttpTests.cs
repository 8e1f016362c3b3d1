using System.Net.Http.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests.Linking;

[Collection("contracts")]
public sealed class PricesOverHttpTests(ContractsFixture city)
{
    [Fact]
    public async Task A_resident_reads_what_a_service_costs_him_and_why()
    {
        await city.First.Client(Role.Commission).Do("/prices", new
        {
            serviceCode = "petCt",
            level = "Tertiary",
            priceFen = 70_000,
            shares = new { linked = 40, notReferred = 60, noContract = 70 },
            from = "2015-05-01",
        });
        var contract = (await city.Sign(await city.Team(2), 1))[0];
        var resident = (await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract}"))!.ResidentId;

        Assert.Equal((42_000, "noReferral"), await Ask($"/residents/{resident}/prices/petCt?level=Tertiary"));
        Assert.Equal((28_000, "contractAndReferral"), await Ask($"/residents/{resident}/prices/petCt?level=Tertiary&referred=true"));
        Assert.Equal((49_000, "noContract"), await Ask($"/residents/{await city.RegisterResident()}/prices/petCt?level=Tertiary&referred=true"));
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/residents/{resident}/prices/petCt?level=Secondary", method: "GET");
        await city.Clinic.Refuses(404, "NOT_FOUND", $"/residents/{Guid.CreateVersion7()}/prices/petCt?level=Tertiary", method: "GET");
        await city.Clinic.Refuses(400, "VALIDATION_FAILED", $"/residents/{resident}/prices/petCt?level=Highest", method: "GET");
        await city.Clinic.Refuses(403, "FORBIDDEN_SCOPE", "/prices");

        async Task<(int, string)> Ask(string path) => await city.Clinic.GetFromJsonAsync<PriceForResident>(path) is { } price ? (price.ShareFen, price.Why) : default;
    }
}
