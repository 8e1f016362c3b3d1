using System.Text;

namespace FamilyDoctor.EventSourcing;

/// <param name="Line">Where it begins.</param>
/// <param name="End">Its last line: a quoted cell may go over several.</param>
internal sealed record CsvRecord(int Line, TextLine End, IReadOnlyList<string> Cells, string? Fault = null);

/// <summary>
/// The records of a CSV file (RFC 4180). Strict, so that a quote that is never closed costs one record: parsers of
/// whole files would take all that follows for one cell.
/// </summary>
internal sealed class CsvRecords(ImportLines lines)
{
    private const int MostLines = 50;
    private readonly LinkedList<TextLine> ahead = new();

    public async ValueTask<CsvRecord?> Next(CancellationToken ct)
    {
        if (await Take(ct) is not { } first)
            return null;
        if (first.Fault is not null)
            return new(first.Number, first, [], first.Fault);
        var (cells, taken, last) = (new Cells(), new List<TextLine>(), first);
        while (cells.Add(last.Text))
        {
            if (!cells.IsOpen)
                return new(first.Number, last, cells.All);
            if (taken.Count == MostLines || cells.Length > ImportLines.Longest || await Take(ct) is not { } next)
                break;
            taken.Add(last = next);
            if (next.Fault is not null)
                break;
        }
        // Only its first line is lost; the others may be records of their own.
        for (var i = taken.Count - 1; i >= 0; i--)
            ahead.AddFirst(taken[i]);
        return new(first.Number, first, [], "CSV_MALFORMED");
    }

    private async ValueTask<TextLine?> Take(CancellationToken ct)
    {
        if (ahead.First is not { } first)
            return await lines.Next(ct);
        ahead.RemoveFirst();
        return first.Value;
    }

    /// <summary>The cells of a record, line after line.</summary>
    private sealed class Cells
    {
        private enum Place { Beginning, Plain, Quoted, Closed }

        private readonly StringBuilder cell = new();
        private Place place;

        public List<string> All { get; } = [];

        public int Length { get; private set; }

        /// <summary>A quoted cell goes on in the next line.</summary>
        public bool IsOpen => place is Place.Quoted;

        /// <summary>False when this can be no CSV.</summary>
        public bool Add(string line)
        {
            Length += line.Length;
            if (IsOpen)
                cell.Append('\n');
            for (var i = 0; i < line.Length; i++)
            {
                switch (place, line[i])
                {
                    case (Place.Beginning, '"'):
                        place = Place.Quoted;
                        break;
                    case (Place.Quoted, '"') when i + 1 < line.Length && line[i + 1] == '"':
                        cell.Append(line[i++]);
                        break;
                    case (Place.Quoted, '"'):
                        place = Place.Closed;
                        break;
                    case (not Place.Quoted, ','):
                        End();
                        break;
                    case (Place.Closed, _) or (Place.Plain, '"'):
                        return false;
                    case (Place.Beginning, _):
                        place = Place.Plain;
                        cell.Append(line[i]);
                        break;
                    default:
                        cell.Append(line[i]);
                        break;
                }
            }
            if (!IsOpen)
                End();
            return true;
        }

        private void End()
        {
            All.Add(cell.ToString());
            cell.Clear();
            place = Place.Beginning;
        }
    }
}
