using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>
/// The tables are Marten 8's, column by column, so that Marten can open every database. Every expectation here was read
/// from the tables that Marten made itself.
/// </summary>
[Collection("database")]
public sealed class SchemaTests(Servers servers)
{
    [Theory]
    [InlineData("mt_streams", """
        id uuid not null
        type character varying
        version bigint
        timestamp timestamp with time zone not null default now()
        snapshot jsonb
        snapshot_version integer
        created timestamp with time zone not null default now()
        tenant_id character varying default '*DEFAULT*'::character varying
        is_archived boolean default false
        """)]
    [InlineData("mt_events", """
        seq_id bigint not null
        id uuid not null
        stream_id uuid
        version bigint not null
        data jsonb not null
        type character varying(500) not null
        timestamp timestamp with time zone not null default a constant
        tenant_id character varying default '*DEFAULT*'::character varying
        mt_dotnet_type character varying
        correlation_id character varying
        causation_id character varying
        headers jsonb
        is_archived boolean default false
        """)]
    [InlineData("mt_event_progression", """
        name character varying not null
        last_seq_id bigint
        last_updated timestamp with time zone default transaction_timestamp()
        """)]
    public async Task Columns_are_as_Marten_lays_them_out(string table, string expected)
    {
        await using var database = await Create();
        Assert.Equal(expected, await Columns(database, table));
    }

    [Theory]
    [InlineData("mt_streams", "pkey_mt_streams_id PRIMARY KEY (id)", """
        CREATE UNIQUE INDEX pkey_mt_streams_id ON public.mt_streams USING btree (id)
        """)]
    [InlineData("mt_events", """
        fkey_mt_events_stream_id FOREIGN KEY (stream_id) REFERENCES mt_streams(id) ON DELETE CASCADE
        pkey_mt_events_seq_id PRIMARY KEY (seq_id)
        """, """
        CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON public.mt_events USING btree (stream_id, version)
        CREATE UNIQUE INDEX pkey_mt_events_seq_id ON public.mt_events USING btree (seq_id)
        """)]
    [InlineData("mt_event_progression", "pk_mt_event_progression PRIMARY KEY (name)", """
        CREATE UNIQUE INDEX pk_mt_event_progression ON public.mt_event_progression USING btree (name)
        """)]
    public async Task Keys_and_indexes_are_as_Marten_names_them_and_there_are_no_others(string table, string constraints, string indexes)
    {
        await using var database = await Create();
        Assert.Equal(constraints, await Constraints(database, table));
        Assert.Equal(indexes, await Indexes(database, table));
        Assert.Equal("", await Lines(database, $"select tgname from pg_trigger where tgrelid = '{table}'::regclass and not tgisinternal"));
    }

    [Fact]
    public async Task Numbers_come_one_by_one_from_a_sequence_that_belongs_to_the_log()
    {
        await using var database = await Create();
        Assert.Equal("bigint 1 1 1 f mt_events seq_id", await Sequence(database));
    }

    [Fact]
    public async Task Nothing_else_of_ours_carries_Marten_s_prefix()
    {
        await using var database = await Create();
        Assert.Equal("mt_event_progression\nmt_events\nmt_events_sequence\nmt_streams", await Lines(database, """
            select relname::text from pg_class where relkind in ('r', 'S', 'v') and relname like 'mt\_%'
            union all select proname from pg_proc where proname like 'mt\_%' order by 1
            """));
    }

    [Fact]
    public async Task Creating_the_tables_again_changes_nothing()
    {
        await using var database = await Create();
        await using (var insert = database.CreateCommand("insert into mt_streams (id, version) values (gen_random_uuid(), 0)"))
            await insert.ExecuteNonQueryAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresEventStore.CreateSchema(database, CancellationToken.None)));
        Assert.Equal("1", await Lines(database, "select count(*)::text from mt_streams"));
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

    /// <summary>A fresh database with the tables as the built-in store makes them.</summary>
    private async Task<NpgsqlDataSource> Create()
    {
        var database = NpgsqlDataSource.Create(await servers.CreateDatabase($"s{Guid.CreateVersion7():N}"));
        await PostgresEventStore.CreateSchema(database, CancellationToken.None);
        return database;
    }

    internal static Task<string> Columns(NpgsqlDataSource database, string table) => Lines(database, $"""
        select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then 'not null' end,
            'default ' || regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^''.*''::timestamp with time zone$', 'a constant'))
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = '{table}'::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum
        """);

    internal static Task<string> Constraints(NpgsqlDataSource database, string table) => Lines(database, $"""
        select conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where conrelid = '{table}'::regclass and contype <> 'n' order by conname
        """);

    internal static Task<string> Indexes(NpgsqlDataSource database, string table) =>
        Lines(database, $"select indexdef from pg_indexes where tablename = '{table}' order by indexname");

    internal static Task<string> Sequence(NpgsqlDataSource database) => Lines(database, """
        select concat_ws(' ', format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqcache, s.seqcycle, d.refobjid::regclass, a.attname)
        from pg_sequence s join pg_depend d on d.objid = s.seqrelid and d.classid = 'pg_class'::regclass and d.deptype = 'a'
        join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
        where s.seqrelid = 'mt_events_sequence'::regclass
        """);

    private static async Task<string> Lines(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        var lines = new List<string>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            lines.Add(row.GetString(0));
        return string.Join('\n', lines);
    }
}
