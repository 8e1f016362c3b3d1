using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// The fields a row of an import has, by path: what lies in another record is "contract.residentId". A CSV file has
/// one column for each; lists of simple things are parted by semicolons, other lists are written as JSON.
/// </summary>
internal sealed class RowShape
{
    private static readonly string[] Times = ["yyyy-M-d H:m", "yyyy-M-d H:m:s", "yyyy/M/d H:m", "yyyy/M/d H:m:s", "yyyy-M-dTH:m", "yyyy-M-dTH:m:s", "yyyy-M-d", "yyyy/M/d"];
    private static readonly string[] Days = ["yyyy-M-d", "yyyy/M/d"];

    private readonly IReadOnlyList<Field> fields;

    public RowShape(Type row, JsonSerializerOptions json)
    {
        fields = Fields(row, "", json);
        Leaves = [.. fields.SelectMany(f => f.Leaves())];
    }

    public IReadOnlyList<Field> Leaves { get; }

    /// <summary>A field as a column may name it, by its path.</summary>
    public sealed record Field(string Name, string Path, Type Type, bool IsList, bool IsJson, bool IsRequired, IReadOnlyList<Field> Fields)
    {
        public IEnumerable<Field> Leaves() => Fields.Count == 0 ? [this] : Fields.SelectMany(f => f.Leaves());
    }

    /// <summary>Where a fault is, when it is a field that rows have; anything else might be a word of the file.</summary>
    public string? FieldAt(string? jsonPath)
    {
        var path = jsonPath?.Split('[')[0].TrimStart('$').TrimStart('.');
        return Leaves.Any(l => l.Path == path) ? path : null;
    }

    /// <summary>Fields that every row must have, without a column. Of a record that may be left out either all or none.</summary>
    public IEnumerable<string> Lacking(IReadOnlyCollection<string> columns) => Lacking(fields, columns);

    private static IEnumerable<string> Lacking(IEnumerable<Field> fields, IReadOnlyCollection<string> columns) => fields
        .Where(f => f.IsRequired || (f.Fields.Count > 0 && f.Leaves().Any(l => columns.Contains(l.Path))))
        .SelectMany(f => f.Fields.Count > 0 ? Lacking(f.Fields, columns) : columns.Contains(f.Path) ? [] : [f.Path]);

    /// <summary>The row as JSON; null with the field that lacks or cannot be JSON.</summary>
    /// <param name="cell">What stands in the column of a path; empty where there is none.</param>
    public string? ToJson(Func<string, string> cell, TimeZoneInfo zone, out string? faulty)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            faulty = Write(writer, fields, cell, zone);
            if (faulty is not null)
                return null;
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>What lacks, or cannot be written.</summary>
    private static string? Write(Utf8JsonWriter writer, IReadOnlyList<Field> fields, Func<string, string> cell, TimeZoneInfo zone)
    {
        foreach (var field in fields)
        {
            if (field.Leaves().All(l => cell(l.Path).Length == 0))
            {
                if (field.IsRequired)
                    return field.Leaves().FirstOrDefault(l => l.IsRequired)?.Path ?? field.Path;
                continue;
            }
            writer.WritePropertyName(field.Name);
            if (field.Fields.Count == 0)
            {
                if (!Write(writer, field, cell(field.Path), zone))
                    return field.Path;
                continue;
            }
            writer.WriteStartObject();
            if (Write(writer, field.Fields, cell, zone) is { } faulty)
                return faulty;
            writer.WriteEndObject();
        }
        return null;
    }

    private static bool Write(Utf8JsonWriter writer, Field field, string text, TimeZoneInfo zone)
    {
        if (field.IsJson)
        {
            try
            {
                writer.WriteRawValue(text);
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }
        if (field.IsList)
        {
            writer.WriteStartArray();
            foreach (var item in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                writer.WriteStringValue(item);
            writer.WriteEndArray();
        }
        else if (field.Type == typeof(bool) && text.ToUpperInvariant() is "TRUE" or "YES" or "1" or "是")
            writer.WriteBooleanValue(true);
        else if (field.Type == typeof(bool) && text.ToUpperInvariant() is "FALSE" or "NO" or "0" or "否")
            writer.WriteBooleanValue(false);
        else if (field.Type == typeof(DateTimeOffset) && DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            writer.WriteStringValue(new DateTimeOffset(local, zone.GetUtcOffset(local))); // without an offset it is the city's time
        else if (field.Type == typeof(DateOnly) && DateOnly.TryParseExact(text, Days, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            writer.WriteStringValue(day.ToString("O", CultureInfo.InvariantCulture));
        else
            writer.WriteStringValue(text);
        return true;
    }

    private static IReadOnlyList<Field> Fields(Type row, string parent, JsonSerializerOptions json) =>
        [.. json.GetTypeInfo(row).Properties.Where(p => p.AssociatedParameter is not null || p.Set is not null).Select(property =>
        {
            var (type, path) = (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, parent + property.Name);
            var info = json.GetTypeInfo(type);
            var isList = info.Kind is JsonTypeInfoKind.Enumerable && json.GetTypeInfo(info.ElementType!).Kind is JsonTypeInfoKind.None;
            var isJson = !isList && (info.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary || type == typeof(JsonElement));
            return new Field(property.Name, path, type, isList, isJson, property.IsRequired,
                info.Kind is JsonTypeInfoKind.Object ? Fields(type, $"{path}.", json) : []);
        })];
}
