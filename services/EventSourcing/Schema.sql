-- Marten 8's tables, column by column (Guid stream identity, headers, correlation and causation on).
create table if not exists mt_streams (
    id uuid not null,
    type varchar null,
    version bigint null,
    timestamp timestamptz not null default (now()),
    snapshot jsonb null,
    snapshot_version integer null,
    created timestamptz not null default (now()),
    tenant_id varchar null default '*DEFAULT*',
    is_archived bool null default false,
    constraint pkey_mt_streams_id primary key (id)
);

create sequence if not exists mt_events_sequence;

create table if not exists mt_events (
    seq_id bigint not null,
    id uuid not null,
    stream_id uuid null,
    version bigint not null,
    data jsonb not null,
    type varchar(500) not null,
    timestamp timestamptz not null default '2026-01-01 00:00:00+00',
    tenant_id varchar null default '*DEFAULT*',
    mt_dotnet_type varchar null,
    correlation_id varchar null,
    causation_id varchar null,
    headers jsonb null,
    is_archived bool null default false,
    constraint pkey_mt_events_seq_id primary key (seq_id),
    constraint fkey_mt_events_stream_id foreign key (stream_id) references mt_streams (id) on delete cascade
);
alter sequence mt_events_sequence owned by mt_events.seq_id;
create unique index if not exists pk_mt_events_stream_and_version on mt_events (stream_id, version);

create table if not exists mt_event_progression (
    name varchar not null,
    last_seq_id bigint null,
    last_updated timestamptz null default (transaction_timestamp()),
    constraint pk_mt_event_progression primary key (name)
);

-- Ours: what must stand or fall with an append.
create table if not exists fd_deadlines (
    stream_id uuid not null,
    name text not null,
    kind text not null,
    due_at timestamptz not null,
    claimed_until timestamptz null,
    primary key (stream_id, name)
);
create index if not exists fd_deadlines_due on fd_deadlines (due_at);

create table if not exists fd_aliases (
    alias uuid primary key,
    stream_id uuid not null
);

create table if not exists fd_answers (
    key text primary key,
    content_hash text not null,
    id uuid not null,
    version bigint not null,
    given_at timestamptz not null default now()
);

create table if not exists fd_documents (
    id uuid primary key,
    resident_id uuid not null,
    content_type text not null,
    sealed bytea not null,
    written_at timestamptz not null default now()
);

-- A row stands here while a history is being imported: no deadline fires by itself then.
create table if not exists fd_open_history (one boolean primary key);

create schema if not exists copies;
create schema if not exists views;

-- Many units in one commit. A unit stands or falls whole: it falls when one of its streams is not at the version
-- it takes for granted (1, stale) or is locked by another writer at this moment (2, held).
create or replace function fd_append(
    s_unit int[], s_id uuid[], s_type text[], s_expected bigint[], s_added int[],
    e_unit int[], e_id uuid[], e_stream uuid[], e_version bigint[], e_type text[], e_dotnet text[], e_data text[],
    e_correlation text[], e_causation text[], e_headers text[],
    d_unit int[], d_stream uuid[], d_name text[], d_kind text[], d_due timestamptz[],
    a_unit int[], a_alias uuid[], a_stream uuid[],
    k_unit int[], k_key text[], k_hash text[], k_id uuid[], k_version bigint[])
returns table (unit int, why int) language plpgsql as $$
declare
    writing int[] := array(select distinct u from unnest(s_unit, s_added) as s(u, added) where added > 0);
    held_id uuid[];
    held_version bigint[];
    lost_unit int[];
    lost_why int[];
    fresh bigint;
begin
    select coalesce(array_agg(h.id), '{}'), coalesce(array_agg(h.version), '{}') into held_id, held_version
    from (select m.id, m.version from mt_streams m
          where m.id = any (select s.id from unnest(s_unit, s_id) as s(u, id) where s.u = any (writing))
          order by m.id for update skip locked) h;

    select coalesce(array_agg(l.u), '{}'), coalesce(array_agg(l.w), '{}') into lost_unit, lost_why
    from (
        select s.u, max(case when h.id is null and m.id is not null and s.u = any (writing) then 2 else 1 end) as w
        from unnest(s_unit, s_id, s_expected) as s(u, id, expected)
        left join unnest(held_id, held_version) as h(id, version) on h.id = s.id
        left join mt_streams m on m.id = s.id
        where coalesce(h.version, m.version, 0) <> s.expected
           or (h.id is null and m.id is not null and s.u = any (writing))
        group by s.u
    ) l;

    with opened as (
        insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
        select s.id, s.type, s.added, now(), now(), '*DEFAULT*', false
        from unnest(s_unit, s_id, s_type, s_expected, s_added) as s(u, id, type, expected, added)
        where s.expected = 0 and s.added > 0 and not s.u = any (lost_unit)
        order by s.id
        on conflict do nothing
        returning 1
    ) select count(*) into fresh from opened;
    if fresh <> (select count(*) from unnest(s_unit, s_expected, s_added) as s(u, expected, added)
                 where s.expected = 0 and s.added > 0 and not s.u = any (lost_unit)) then
        raise exception 'a stream was opened by another writer at the same moment' using errcode = '40001';
    end if;

    update mt_streams m set version = s.expected + s.added
    from unnest(s_unit, s_id, s_expected, s_added) as s(u, id, expected, added)
    where m.id = s.id and s.expected > 0 and s.added > 0 and not s.u = any (lost_unit);

    insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                           correlation_id, causation_id, headers, is_archived)
    select nextval('mt_events_sequence'), e.id, e.stream, e.version, e.data::jsonb, e.type, now(), '*DEFAULT*', e.dotnet,
           e.correlation, e.causation, e.headers::jsonb, false
    from (select * from unnest(e_unit, e_id, e_stream, e_version, e_type, e_dotnet, e_data, e_correlation, e_causation, e_headers)
              with ordinality as n(u, id, stream, version, type, dotnet, data, correlation, causation, headers, place)
          where not n.u = any (lost_unit)
          order by place) e;

    delete from fd_deadlines f using unnest(d_unit, d_stream, d_name, d_due) as d(u, stream, name, due)
    where f.stream_id = d.stream and f.name = d.name and d.due is null and not d.u = any (lost_unit);
    insert into fd_deadlines (stream_id, name, kind, due_at)
    select d.stream, d.name, d.kind, d.due from unnest(d_unit, d_stream, d_name, d_kind, d_due) as d(u, stream, name, kind, due)
    where d.due is not null and not d.u = any (lost_unit)
    on conflict (stream_id, name) do update set due_at = excluded.due_at, claimed_until = null;

    insert into fd_aliases (alias, stream_id)
    select a.alias, a.stream from unnest(a_unit, a_alias, a_stream) as a(u, alias, stream) where not a.u = any (lost_unit)
    on conflict do nothing;

    insert into fd_answers (key, content_hash, id, version)
    select k.key, k.hash, k.id, k.version from unnest(k_unit, k_key, k_hash, k_id, k_version) as k(u, key, hash, id, version)
    where not k.u = any (lost_unit);

    return query select * from unnest(lost_unit, lost_why);
end $$;
