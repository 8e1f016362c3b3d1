using System.Globalization;
using System.Text.Json.Nodes;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>The .http files are sent to a running city as from an editor: each request one after the other, all of them done.</summary>
[Collection("city")]
public sealed class HttpFilesTests(ITestOutputHelper output)
{
    private static readonly string[] Services = ["teams", "contracts", "referrals", "beds", "dashboard"];

    [Fact]
    public async Task Every_request_of_every_http_file_works_in_a_founded_city()
    {
        // Large enough for two teams, between which somebody changes.
        await using var city = await City.Start("--City=ningbo", "--Scale=700", "--City:Clock:Speed=0", "--Simulation:Live=false");
        await city.IsFounded();
        await city.IsDrained();
        var clients = new Dictionary<string, HttpClient>();
        foreach (var service in Services)
            clients.Add(service, await city.Client(service, "clinic", "hospital", "commission", "payer"));
        var files = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "services"), "*.http", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count > 10);
        foreach (var file in files)
            await new Sender(clients, output).Send(new(Path.GetFileName(file), await File.ReadAllTextAsync(file)));
    }

    private sealed class Sender(Dictionary<string, HttpClient> clients, ITestOutputHelper output)
    {
        private static readonly Random Chance = new(20150501);
        private readonly Dictionary<string, (WrittenRequest Request, JsonNode? Body)> answers = [];

        public async Task Send(HttpFile file)
        {
            foreach (var request in file.Requests(Find, Services.ToDictionary(s => s, s => $"http://{s}")))
            {
                var (status, body) = await Send(request);
                output.WriteLine($"{file.Name}: {request.Title}: {status}");
                var isRefused = status >= 400 && request.Refused is { } code && code == body?["code"]?.GetValue<string>();
                Assert.True(status < 300 || isRefused, $"{file.Name}: {request.Title}: {request.Method} {request.Address} answered {status} {body}");
                if (request.Name is { } name)
                    answers[name] = (request, body);
            }
        }

        private async Task<(int Status, JsonNode? Body)> Send(WrittenRequest request)
        {
            using var message = new HttpRequestMessage(new(request.Method), request.Address);
            if (request.Body is { } text)
                message.Content = new StringContent(text, System.Text.Encoding.UTF8, request.Headers.GetValueOrDefault("Content-Type", "application/json"));
            foreach (var (name, value) in request.Headers.Where(h => h.Key is not ("Content-Type" or "Authorization")))
                message.Headers.TryAddWithoutValidation(name, value);
            using var answer = await clients[new Uri(request.Url).Host].SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
                return ((int)answer.StatusCode, null); // it has no end
            var body = await answer.Content.ReadAsStringAsync();
            return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.Ordinal) == true ? JsonNode.Parse(body) : null);
        }

        /// <summary>offers.response.body.$.items[0].offerId; what is not there yet is asked for again.</summary>
        private string Find(string variable)
        {
            if (variable.Split(' ') is ["$randomInt", var from, var to])
                return Chance.Next(int.Parse(from, CultureInfo.InvariantCulture), int.Parse(to, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
            var parts = variable.Split('.');
            if (parts is not [var name, "response", "body", "$", .. var path])
                return "";
            JsonNode? value = null;
            Talking.Until(async () =>
            {
                var (request, body) = answers[name];
                value = path.Aggregate(body, Step);
                if (value is null)
                    answers[name] = (request, (await Send(request)).Body);
                return value is not null;
            }).GetAwaiter().GetResult();
            return value!.ToString();
        }

        private static JsonNode? Step(JsonNode? node, string part)
        {
            var (name, index) = part.IndexOf('[', StringComparison.Ordinal) is > 0 and var at
                ? (part[..at], int.Parse(part[(at + 1)..^1], CultureInfo.InvariantCulture)) : (part, -1);
            var value = node?[name];
            return index < 0 ? value : value is JsonArray items && items.Count > index ? items[index] : null;
        }
    }
}
