using FamilyDoctor.Testing;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>The tables are Marten 8's, column by column, so that Marten can open every database.</summary>
[Collection("database")]
public sealed class SchemaTests(Servers servers)
{
    [Theory]
    [InlineData("mt_streams", """
        id uuid NO; type character varying YES; version bigint YES; timestamp timestamp with time zone NO; snapshot jsonb YES;
        snapshot_version integer YES; created timestamp with time zone NO; tenant_id character varying YES; is_archived boolean YES
        """)]
    [InlineData("mt_events", """
        seq_id bigint NO; id uuid NO; stream_id uuid YES; version bigint NO; data jsonb NO; type character varying NO;
        timestamp timestamp with time zone NO; tenant_id character varying YES; mt_dotnet_type character varying YES;
        correlation_id character varying YES; causation_id character varying YES; headers jsonb YES; is_archived boolean YES
        """)]
    [InlineData("mt_event_progression", "name character varying NO; last_seq_id bigint YES; last_updated timestamp with time zone YES")]
    public async Task Columns_are_as_Marten_lays_them_out(string table, string expected)
    {
        await using var workshop = await Workshop.Open(servers);
        var columns = await workshop.Scalar<string>($"""
            select string_agg(column_name || ' ' || data_type || ' ' || is_nullable, '; ' order by ordinal_position)
            from information_schema.columns where table_name = '{table}'
            """);
        Assert.Equal(string.Join(' ', expected.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), columns);
    }

    [Fact]
    public async Task Keys_and_indexes_are_as_Marten_names_them()
    {
        await using var workshop = await Workshop.Open(servers);
        var names = await workshop.Scalar<string>("""
            select string_agg(name, ' ' order by name) from (
                select conname as name from pg_constraint where conrelid in ('mt_streams'::regclass, 'mt_events'::regclass, 'mt_event_progression'::regclass)
                union select indexname from pg_indexes where tablename in ('mt_streams', 'mt_events', 'mt_event_progression')) n
            """);
        Assert.Equal("fkey_mt_events_stream_id pk_mt_event_progression pk_mt_events_stream_and_version pkey_mt_events_seq_id pkey_mt_streams_id", names);
    }

    [Fact]
    public async Task What_Marten_needs_is_written_with_every_event()
    {
        await using var workshop = await Workshop.Open(servers);
        var runner = await workshop.StartRunner();
        await runner.Execute<Fridge>(Guid.CreateVersion7(), Workshop.By with { CausationId = "cause" }, (f, _) => [new VialsStored(1), new VialsTaken(1)], default);
        Assert.Equal("FamilyDoctor.EventSourcing.Tests.VialsTaken, FamilyDoctor.EventSourcing.Tests|correlation|cause|*DEFAULT*|2|fridge|{\"Count\": 1}",
            await workshop.Scalar<string>("""
                select concat_ws('|', mt_dotnet_type, correlation_id, causation_id, e.tenant_id, s.version, s.type, data::text)
                from mt_events e join mt_streams s on s.id = e.stream_id where e.version = 2
                """));
        Assert.Equal("330200|tester|0", await workshop.Scalar<string>(
            "select concat_ws('|', headers->>'cityId', headers->'actor'->>'id', headers->>'policyVersion') from mt_events limit 1"));
    }
}
