using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>Files as people send them: whatever is wrong with a line is that line's own fault.</summary>
public sealed class ImportFileTests
{
    private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

    private static ImportLines Lines(byte[] file) => new(PipeReader.Create(new MemoryStream(file)), Strict);

    private static async Task<List<CsvRecord>> Csv(string file)
    {
        var (records, read) = (new CsvRecords(Lines(Encoding.UTF8.GetBytes(file))), new List<CsvRecord>());
        while (await records.Next(default) is { } record)
            read.Add(record);
        return read;
    }

    [Fact]
    public void Whatever_is_written_as_CSV_is_read_as_it_was()
    {
        var cell = Gen.Elements("", "plain", " padded ", "a,b", "\"", "\"\"", "says \"so\"", "two\nlines", "\n", ",", "样例", "😀").ListOf()
            .Select(parts => string.Concat(parts.Take(3)));
        var table = Gen.Choose(1, 5).SelectMany(columns => cell.ListOf(columns).ListOf()).Select(rows => rows.Select(r => r.ToList()).ToList());
        Prop.ForAll(Arb.From(table), rows =>
        {
            var file = string.Concat(rows.Select(r => string.Join(',', r.Select(c => $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n"));
            var read = Csv(file).GetAwaiter().GetResult();
            return read.All(r => r.Fault is null) && read.Select(r => r.Cells).SequenceEqual(rows, new SameCells());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public async Task A_quote_that_is_not_closed_costs_its_own_line_only()
    {
        var lines = Enumerable.Range(1, 200).Select(n => n is 7 or 150 or 199 ? $"{n},\"open" : $"{n},\"a \"\"word\"\", quoted\"");
        var read = await Csv(string.Join('\n', lines));
        Assert.Equal(200, read.Count);
        Assert.Equal([7, 150, 199], read.Where(r => r.Fault == "CSV_MALFORMED").Select(r => r.Line));
        Assert.All(read.Where(r => r.Fault is null), r => Assert.Equal([$"{r.Line}", "a \"word\", quoted"], r.Cells));
    }

    [Theory]
    [InlineData("a\"b,c")]
    [InlineData("\"a\"b,c")]
    [InlineData("\"a\" ,c")]
    public async Task A_quote_in_the_wrong_place_is_no_CSV(string line) =>
        Assert.Equal([null, "CSV_MALFORMED", null], (await Csv($"1,2\n{line}\n3,4")).Select(r => r.Fault));

    [Fact]
    public async Task A_cell_of_several_lines_is_one_record()
    {
        var read = await Csv("h,i\r\n1,\"one\r\ntwo\"\r\n2,x");
        Assert.Equal([(1, 1), (2, 3), (4, 4)], read.Select(r => (r.Line, r.End.Number)));
        Assert.Equal("one\ntwo", read[1].Cells[1]);
    }

    [Fact]
    public async Task A_line_that_is_too_long_or_not_in_the_encoding_spoils_no_other()
    {
        byte[] file = [.. "\uFEFFfirst\n"u8, 0xFF, 0xFE, .. "\n"u8, .. Enumerable.Repeat((byte)'x', ImportLines.Longest + 1), .. "\n\nlast"u8];
        var (lines, read) = (Lines(file), new List<TextLine>());
        while (await lines.Next(default) is { } line)
            read.Add(line);
        Assert.Equal([(1, "first", null), (2, "", "WRONG_ENCODING"), (3, "", "LINE_TOO_LONG"), (4, "", null), (5, "last", null)],
            read.Select(l => (l.Number, l.Text, l.Fault)));
        Assert.Null(await lines.Next(default));
    }

    [Fact]
    public async Task The_digest_of_a_line_is_of_all_before_it_too()
    {
        async Task<byte[]> After(string file, int lines)
        {
            var read = Lines(Encoding.UTF8.GetBytes(file));
            for (var i = 0; i < lines; i++)
                await read.Next(default);
            return read.Last.Digest;
        }

        Assert.Equal(await After("a\nb\nc\nd", 3), await After("a\nb\nc\n", 3));
        Assert.NotEqual(await After("a\nb\nc", 3), await After("x\nb\nc", 3));
        Assert.NotEqual(await After("ab\nc", 2), await After("a\nbc", 2));
        var rest = Lines("c\nd"u8.ToArray());
        rest.StandAfter(2, await After("a\nb\nc\nd", 2));
        Assert.Equal(3, (await rest.Next(default))!.Number);
        Assert.Equal(await After("a\nb\nc\nd", 3), rest.Last.Digest);
    }

    [Fact]
    public async Task However_long_a_file_or_a_line_is_no_more_than_a_line_of_it_is_held()
    {
        const long Long = 256L << 20;
        var lines = new ImportLines(PipeReader.Create(new Endless(Long)), Strict);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal("LINE_TOO_LONG", (await lines.Next(default))!.Fault);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 * ImportLines.Longest);
        Assert.Null(await lines.Next(default));
    }

    /// <summary>One letter over and over, without a line's end.</summary>
    private sealed class Endless(long length) : Stream
    {
        private long left = length;
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = (int)Math.Min(left, buffer.Length);
            left -= read;
            buffer.Span[..read].Fill((byte)'x');
            return new(read);
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class SameCells : IEqualityComparer<IReadOnlyList<string>>
    {
        public bool Equals(IReadOnlyList<string>? x, IReadOnlyList<string>? y) => x!.SequenceEqual(y!);
        public int GetHashCode(IReadOnlyList<string> obj) => obj.Count;
    }
}

/// <summary>A dry run's store keeps every promise of a store but that of a log to read.</summary>
public sealed class DryStoreTests
{
    private static readonly Headers By = new("330200", DateTimeOffset.UnixEpoch, new("tester", "import"), 1);
    private static readonly StreamKind Kind = StreamKind.Of<Fridge>();

    private static Unit Add(Guid stream, long expected, string key, int count) =>
        new([new(stream, Kind, expected, [new(Guid.CreateVersion7(), new VialsStored(count), "c", null, By)], [], [], [])], [new(key, "hash", stream, expected + 1)]) { Keys = [key] };

    [Fact]
    public async Task It_stands_on_the_real_log_and_leaves_it_as_it_is()
    {
        var real = new Testing.InMemoryEventStore(TimeProvider.System);
        var (known, fresh) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await real.Append([Add(known, 0, "real", 1)], default);
        var dry = new DryStore(real);

        var lost = await dry.Append([Add(known, 1, "a", 2), Add(known, 1, "b", 3), Add(fresh, 0, "a", 4), Add(fresh, 0, "real", 5), Add(fresh, 0, "c", 6)], default);
        Assert.Equal(new() { [1] = Lost.Stale, [2] = Lost.Answered, [3] = Lost.Answered }, lost.ToDictionary());
        Assert.Equal([1, 2], (await dry.Read(known, default)).Select(r => ((VialsStored)r.Event).Count));
        Assert.Equal([1L, 2], (await dry.Read(known, default)).Select(r => r.Version));
        Assert.Equal([2L], (await dry.Read([(known, 1)], default))[known].Select(r => r.Version));
        Assert.Equal([6], (await dry.Read(fresh, default)).Select(r => ((VialsStored)r.Event).Count));
        Assert.Equal(["a", "c", "real"], (await dry.FindAnswers(["a", "b", "c", "real"], default)).Keys.Order());
        Assert.Single(await real.Read(known, default));
        Assert.Empty(await real.Read(fresh, default));
    }

    [Fact]
    public async Task What_others_write_meanwhile_comes_too_late_for_it()
    {
        var (real, stream) = (new Testing.InMemoryEventStore(TimeProvider.System), Guid.CreateVersion7());
        await real.Append([Add(stream, 0, "first", 1)], default);
        var dry = new DryStore(real);
        Assert.Empty(await dry.Append([Add(stream, 1, "dry", 2)], default));
        await real.Append([Add(stream, 1, "second", 3)], default);
        Assert.Equal([(1L, 1), (2L, 2)], (await dry.Read(stream, default)).Select(r => (r.Version, ((VialsStored)r.Event).Count)));
        Assert.Empty(await dry.Append([Add(stream, 2, "again", 4)], default));
    }
}
