using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Governing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.Configuration;

namespace FamilyDoctor.Teams.Tests.Governing;

public sealed class ConfiguredPolicyTests
{
    [Fact]
    public void Configuration_names_parameters_in_any_case_with_lists_and_weights()
    {
        var policy = Assert.IsType<PolicyVersionActivated>(Assert.Single(ConfigurePolicy.Decide(null, Read(new()
        {
            ["Policy:ContractsPerGp"] = "1800",
            ["Policy:elderlyage"] = "60",
            ["Policy:Sample"] = "false",
            ["Policy:TermMonthsAllowed:0"] = "12",
            ["Policy:TermMonthsAllowed:1"] = "24",
            ["Policy:StarWeights:quality"] = "60",
            ["Policy:StarWeights:access"] = "40",
        })!.Value))).Policy;
        Assert.Equal((1800, 60, false), (policy.ContractsPerGp, policy.ElderlyAge, policy.Sample));
        Assert.Equal([12, 24], policy.TermMonthsAllowed);
        Assert.Equal(["access", "quality"], policy.StarWeights.Keys.Order());
        Assert.Equal(Policy.Default.RenewalGraceDays, policy.RenewalGraceDays);
    }

    [Theory]
    [InlineData("Policy:ContractsPerGP ", "1800")]
    [InlineData("Policy:ContractsPerGp", "many")]
    [InlineData("Policy:ElderlyAge", "-1")]
    [InlineData("Policy:StarWeights:quality", "99")]
    public void What_makes_no_sense_is_not_taken(string name, string value) => Assert.Equal("VALIDATION_FAILED",
        Assert.Throws<RuleBroken>(() => ConfigurePolicy.Decide(null, Read(new() { [name] = value })!.Value).ToList()).Code);

    [Fact]
    public void Without_configuration_the_sample_policy_holds() => Assert.Null(Read(new() { ["Other"] = "1" }));

    [Fact]
    public void Version_0_as_configured_holds_from_the_beginning_and_later_versions_build_on_it()
    {
        var versions = PolicyVersions.Evolve(null, ConfigurePolicy.Decide(null, Read(new() { ["Policy:ContractsPerGp"] = "1800" })!.Value).Single());
        Assert.Equal(1800, PolicyVersions.At(versions, DateTimeOffset.Parse("2010-01-01T00:00:00Z")).ContractsPerGp);
        var book = new PolicyBook(TimeZoneInfo.Utc);
        book.Learn(0, versions.All[0].From, versions.All[0].Policy);
        Assert.Equal((0, 1800), (book.At(DateTimeOffset.UnixEpoch).PolicyVersion, book.At(DateTimeOffset.UnixEpoch).Policy.ContractsPerGp));
        var later = Assert.IsType<PolicyVersionActivated>(Assert.Single(
            new ActivatePolicyVersion(1, DateTimeOffset.Parse("2025-01-01T00:00:00Z"), JsonDocument.Parse("""{"elderlyAge":60}""").RootElement).Decide(versions, Spec.At("2024-03-01 09:00"))));
        Assert.Equal((1800, 60), (later.Policy.ContractsPerGp, later.Policy.ElderlyAge));
    }

    [Fact]
    public void A_version_stored_before_a_parameter_existed_has_its_default()
    {
        var types = new EventTypes(TeamsEvents.Default);
        var read = Assert.IsType<PolicyVersionActivated>(types.Read("policy_version_activated",
            """{"Version":1,"From":"2024-01-01T00:00:00+00:00","Policy":{"Sample":true,"ContractsPerGp":1900,"TermMonthsAllowed":[12]}}"""u8));
        Assert.Equal((1900, 30, 48, 100), (read.Policy.ContractsPerGp, read.Policy.CompositionBreachDays, read.Policy.HelpAnswerHours, read.Policy.StarWeights.Values.Sum()));
        Assert.Equal(read.Policy.StarWeights, JsonSerializer.Deserialize<PolicyVersionActivated>(JsonSerializer.Serialize(read))!.Policy.StarWeights);
    }

    private static JsonElement? Read(Dictionary<string, string?> settings) =>
        ConfigurePolicy.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Policy"));
}
