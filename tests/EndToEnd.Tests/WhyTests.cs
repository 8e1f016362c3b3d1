using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>Why does this bed close? Because that contract ended, because somebody at the clinic ended it: from service to service.</summary>
[Collection("city")]
public sealed class WhyTests(RunningCity running)
{
    private City City => running.City;

    [Fact]
    public async Task A_bed_s_end_is_followed_to_the_contract_s_end_and_to_who_ended_it_and_a_dead_service_leaves_a_gap()
    {
        var journey = new Journey(City, _ => Task.CompletedTask);
        await journey.Travel();
        using (var contracts = await City.Client("contracts", Role.Clinic))
            await contracts.Do($"/contracts/{journey.Contract}/termination", new { reason = "MovedOut" });
        using var dashboard = await City.Client("dashboard", Role.Clinic);

        var answer = await Talking.Eventually<JsonElement?>(() => Ask(dashboard, $"/api/why/{journey.Bed}"),
            a => a!.Value.GetProperty("steps")[0].GetProperty("type").GetString() == "bed_closure_due");
        Assert.Equal(["beds bed_closure_due", "contracts contract_terminated"], Steps(answer!.Value));
        Assert.Equal(("request", "clinic", 0), (answer.Value.GetProperty("end").GetString(),
            answer.Value.GetProperty("steps")[1].GetProperty("actorRole").GetString(), answer.Value.GetProperty("silent").GetArrayLength()));
        var closure = answer.Value.GetProperty("steps")[0].GetProperty("eventId").GetGuid();

        var story = await Talking.Eventually<JsonElement?>(() => Ask(dashboard, $"/api/stories/{journey.Bed}"),
            s => s!.Value.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("type").GetString() == "bed_closure_due"));
        var told = story!.Value.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("type").GetString()!).ToList();
        Assert.Subset(told.ToHashSet(), new HashSet<string> { "bed_requested", "bed_approved", "bed_opened", "visit_planned", "contract_terminated", "bed_closure_due" });
        Assert.True(told.IndexOf("bed_opened") < told.IndexOf("contract_terminated") && told.IndexOf("contract_terminated") < told.IndexOf("bed_closure_due"));

        await City.Kill("beds");
        try
        {
            answer = await Ask(dashboard, $"/api/why/{closure}");
            Assert.Equal(["beds bed_closure_due", "contracts contract_terminated"], Steps(answer!.Value));
            Assert.Equal((true, "beds"), (answer.Value.GetProperty("steps")[0].GetProperty("silent").GetBoolean(), answer.Value.GetProperty("silent")[0].GetString()));
        }
        finally
        {
            await City.StartAgain("beds");
        }
    }

    private static IEnumerable<string> Steps(JsonElement answer) =>
        answer.GetProperty("steps").EnumerateArray().Select(s => $"{s.GetProperty("service")} {s.GetProperty("type")}");

    private static async Task<JsonElement?> Ask(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>() : null;
    }
}
