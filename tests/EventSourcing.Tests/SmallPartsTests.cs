using FamilyDoctor.Policies;
using FamilyDoctor.Testing;

namespace FamilyDoctor.EventSourcing.Tests;

public sealed class SmallPartsTests
{
    private sealed class ContractSigned;
    private sealed class IBANChanged;
    private sealed class ContractSignedV2;
    private sealed class Order2Placed;

    [Theory]
    [InlineData(typeof(ContractSigned), "contract_signed")]
    [InlineData(typeof(IBANChanged), "iban_changed")]
    [InlineData(typeof(ContractSignedV2), "contract_signed_v2")]
    [InlineData(typeof(Order2Placed), "order_2_placed")]
    public void Aliases_are_Marten_s(Type type, string alias) => Assert.Equal(alias, EventTypes.AliasOf(type));

    [Fact]
    public void Derived_ids_are_version_5_as_the_standard_computes_them() =>
        Assert.Equal(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"), Ids.Of(new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"));

    [Fact]
    public void Numbers_for_people_are_a_letter_and_forty_bits() =>
        Assert.Equal("R-ZZZZZZZZ", Ids.Human('R', new Guid("00000000-0000-7000-8000-00ffffffffff")));

    [Fact]
    public void A_routine_due_date_crosses_the_October_holiday() =>
        Assert.Equal(Spec.At("2025-10-11 16:00").Now, Spec.At("2025-09-30 16:00").AfterWorkingDays(3));

    [Fact]
    public void A_contract_ends_at_the_local_midnight_after_its_last_day() =>
        Assert.Equal(DateTimeOffset.Parse("2024-12-31T16:00:00Z"), Spec.At("2024-06-01 09:00").EndOf(new(2024, 12, 31)));

    [Fact]
    public void A_policy_version_counts_from_its_day_on()
    {
        var book = new PolicyBook(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var from = DateTimeOffset.Parse("2024-05-01T00:00:00+08:00");
        book.Learn(2, from, Policy.Default with { ContractsPerGp = 1500 });
        book.Learn(1, from.AddMonths(-1), Policy.Default with { ContractsPerGp = 1800 });
        Assert.Equal([0, 1, 2], new[] { from.AddMonths(-2), from.AddTicks(-1), from }.Select(t => book.At(t).PolicyVersion));
        Assert.Equal(1500, book.At(from.AddYears(5)).Policy.ContractsPerGp);
    }

    [Fact]
    public void The_city_s_time_never_passes_the_real_one()
    {
        var real = new SettableClock(DateTimeOffset.Parse("2026-01-01T00:00:00Z"));
        var city = new CityClock(DateTimeOffset.Parse("2024-01-01T00:00:00Z"), real.Now, 1000, real);
        Assert.Equal(DateTimeOffset.Parse("2024-01-01T00:00:00Z"), city.GetUtcNow());
        real.Now = real.Now.AddHours(1);
        Assert.Equal(DateTimeOffset.Parse("2024-01-01T00:00:00Z").AddHours(1000), city.GetUtcNow());
        real.Now = real.Now.AddYears(1);
        Assert.Equal(real.Now, city.GetUtcNow());
    }
}
