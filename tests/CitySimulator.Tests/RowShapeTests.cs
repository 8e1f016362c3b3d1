using System.Text.Json;
using FamilyDoctor.CitySimulator.Founding;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>What the simulator writes is what the services read, as strictly as they read it.</summary>
public sealed class RowShapeTests
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly Dictionary<string, Type> Services = new[]
    {
        typeof(Teams.InstitutionRow), typeof(Teams.HospitalRow), typeof(Teams.PractitionerRow), typeof(Teams.TeamRow), typeof(Teams.StarRow),
        typeof(Teams.StudioRow), typeof(Teams.FigureRow), typeof(Contracts.ResidentRow), typeof(Contracts.ContractRow), typeof(Contracts.SessionRow),
        typeof(Contracts.AppointmentRow), typeof(Referrals.QuotaRow), typeof(Referrals.ReferralRow), typeof(Referrals.ExamBookRow),
        typeof(Referrals.ExamRow), typeof(Referrals.DownReferralRow), typeof(Beds.BedCapacityRow), typeof(Beds.BedRow), typeof(Beds.VisitRow),
    }.ToDictionary(t => t.Name);

    [Theory, InlineData("ningbo", 1000), InlineData("shenzhen", 1000), InlineData("third", 1)]
    public void Every_row_is_read_and_nothing_of_it_is_lost(string name, int scale)
    {
        var kinds = new HashSet<Type>();
        foreach (var row in Samples.AllRows(Samples.Plan(name, scale)))
        {
            kinds.Add(row.GetType());
            var text = JsonSerializer.Serialize(row, row.GetType(), Wire.Json);
            var read = JsonSerializer.Deserialize(text, Services[row.GetType().Name], Strict)!;
            var again = JsonSerializer.SerializeToNode(read, read.GetType(), Strict)!.AsObject();
            Assert.All(JsonDocument.Parse(text).RootElement.EnumerateObject(), member =>
                Assert.True(member.Value.ValueKind is JsonValueKind.Null || again[member.Name] is not null, $"{row.GetType().Name}.{member.Name}"));
        }
        Assert.True(name != "ningbo" || kinds.Count >= 18);
    }
}
