namespace FamilyDoctor.EventSourcing;

/// <summary>Which column of a file gives which field of a row.</summary>
internal sealed class CsvColumns
{
    private readonly Dictionary<string, int> columnOf = [];
    private readonly RowShape shape;
    private readonly TimeZoneInfo zone;
    private readonly int count;

    /// <param name="map">As "column:field", for columns that are not called as the field is; "column:" leaves one out.</param>
    public CsvColumns(RowShape shape, CsvRecord? header, IReadOnlyList<string> map, TimeZoneInfo zone)
    {
        if (header is not { Fault: null } || header.Cells.All(string.IsNullOrWhiteSpace))
            throw new RuleBroken("CSV_HEADER_INVALID", "The first line must name the columns.", new { fault = header?.Fault });
        var names = header.Cells.Select(c => c.Trim()).ToList();
        (this.shape, this.zone, count) = (shape, zone, names.Count);

        var fields = shape.Leaves.Select(l => l.Path).ToList();
        // Names of columns may have a colon, those of fields have none.
        var mapped = map.Select(m => (Column: m[..Math.Max(0, m.LastIndexOf(':'))].Trim(), Field: m[(m.LastIndexOf(':') + 1)..].Trim())).ToList();
        Refuse("CSV_MAPPING_INVALID", "The mapping names a column that the file does not have, or one twice.",
            mapped.Select(m => m.Column).Where(c => names.Count(n => n == c) != 1 || mapped.Count(m => m.Column == c) > 1));
        Refuse("CSV_MAPPING_INVALID", "The mapping names a field that rows do not have.", mapped.Select(m => m.Field).Where(f => f.Length > 0 && !fields.Contains(f)), fields);

        var unknown = new List<string>();
        var twice = new List<string>();
        for (var i = 0; i < names.Count; i++)
        {
            var name = names[i];
            var field = mapped.Where(m => m.Column == name).Select(m => m.Field).FirstOrDefault()
                ?? fields.FirstOrDefault(f => f.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (field is null)
                unknown.Add(name);
            else if (field.Length > 0 && !columnOf.TryAdd(field, i))
                twice.Add(field);
        }
        Refuse("CSV_HEADER_INVALID", "These columns are no fields; map them, or leave them out with an empty field.", unknown, fields);
        Refuse("CSV_HEADER_INVALID", "These fields have two columns.", twice);
        Refuse("CSV_HEADER_INVALID", "These fields have no column.", shape.Lacking(columnOf.Keys));
    }

    /// <summary>Null for a row without anything in it.</summary>
    public ImportLine? Read(CsvRecord record)
    {
        if (record.Fault is null && record.Cells.All(string.IsNullOrWhiteSpace))
            return null;
        if (record.Fault is null && record.Cells.Count != count)
            return new(record.Line, record.End, null, "CSV_MALFORMED");
        if (record.Fault is not null)
            return new(record.Line, record.End, null, record.Fault);
        var json = shape.ToJson(path => columnOf.TryGetValue(path, out var column) ? record.Cells[column].Trim() : "", zone, out var faulty);
        return new(record.Line, record.End, json, json is null ? "VALIDATION_FAILED" : null, faulty);
    }

    private static void Refuse(string code, string sentence, IEnumerable<string> names, IEnumerable<string>? known = null)
    {
        var all = names.Distinct().ToList();
        if (all.Count > 0)
            throw new RuleBroken(code, sentence, known is null ? new { names = all } : new { names = all, known });
    }
}
