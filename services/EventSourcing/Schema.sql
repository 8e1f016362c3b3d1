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

-- Nothing is kept for whoever is here, though another instance may still remember his key.
create table if not exists fd_erased_residents (resident_id uuid primary key, erased_at timestamptz not null default now());

-- A row stands here while a history is being imported: no deadline fires by itself then.
create table if not exists fd_open_history (one boolean primary key);

create schema if not exists copies;
create schema if not exists views;

-- What is done most is planned once a session and goes by index, whatever the tables hold: planning it anew for the few
-- ids of each call would cost more than doing it, and a plan made for an empty table would be kept as the table grows.

-- The events of some streams, each after a version, in order.
create or replace function fd_read(streams uuid[], after bigint[], with_headers boolean)
returns table (seq_id bigint, id uuid, stream_id uuid, version bigint, type varchar, data jsonb, recorded_at timestamptz,
    correlation_id varchar, causation_id varchar, headers jsonb)
language plpgsql stable rows 20 set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
    return query select e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp,
            case when with_headers then e.correlation_id end, case when with_headers then e.causation_id end, case when with_headers then e.headers end
        from unnest(streams, after) as w(stream, known) join mt_events e on e.stream_id = w.stream and e.version > w.known
        order by e.stream_id, e.version;
end $$;

-- Many units in one commit. A unit falls when a stream is not at the version it takes for granted (1, stale), is locked by
-- another writer at this moment (2, held), or when one of its keys has an answer already (3, answered). If any unit falls,
-- nothing is written and the fallen ones are returned: the caller sends the others again.
-- c_: streams that are only looked at. k_: known streams that go on, or that a written decision rests on (added 0).
-- n_: streams that begin. q_: keys asked about.
create or replace function fd_claim(
    c_unit int[], c_id uuid[], c_version bigint[],
    k_unit int[], k_id uuid[], k_version bigint[], k_added int[],
    n_unit int[], n_id uuid[], n_type text[], n_added int[],
    q_unit int[], q_key text[])
returns table (unit int, why int) language plpgsql as $$
declare
    fallen boolean := false;
    matching bigint;
    held uuid[];
    begun uuid[];
begin
    if cardinality(c_id) > 0 then
        return query select c.u, 1 from unnest(c_unit, c_id, c_version) as c(u, id, version)
            left join mt_streams m on m.id = c.id where coalesce(m.version, 0) <> c.version;
        fallen := found;
    end if;
    if cardinality(q_key) > 0 then
        return query select q.u, 3 from unnest(q_unit, q_key) as q(u, key) join fd_answers a on a.key = q.key;
        fallen := fallen or found;
    end if;
    if cardinality(k_id) > 0 then
        select count(*) filter (where k.version = h.version), array_agg(h.id) into matching, held
        from (select m.id, m.version from mt_streams m where m.id = any (k_id) order by m.id for update skip locked) h
        join unnest(k_id, k_version) as k(id, version) on k.id = h.id;
        if matching < cardinality(k_id) then
            -- What was not ours at that one look is not ours, even if it has been let go since.
            return query select k.u, case when m.id is not null and k.id <> all (coalesce(held, '{}')) then 2 else 1 end
                from unnest(k_unit, k_id, k_version) as k(u, id, version) left join mt_streams m on m.id = k.id
                where k.id <> all (coalesce(held, '{}')) or m.version <> k.version;
            fallen := true;
        end if;
    end if;
    if fallen then
        return;
    end if;

    if cardinality(n_id) > 0 then
        with fresh as (
            insert into mt_streams (id, type, version, timestamp, created, tenant_id, is_archived)
            select n.id, n.type, n.added, now(), now(), '*DEFAULT*', false from unnest(n_id, n_type, n_added) as n(id, type, added)
            order by n.id
            on conflict do nothing
            returning mt_streams.id
        ) select coalesce(array_agg(id), '{}') into begun from fresh;
        if cardinality(begun) < cardinality(n_id) then
            delete from mt_streams where id = any (begun);
            return query select n.u, 1 from unnest(n_unit, n_id) as n(u, id) where not n.id = any (begun);
            return;
        end if;
    end if;
    if cardinality(k_id) > 0 then
        update mt_streams m set version = k.version + k.added from unnest(k_id, k_version, k_added) as k(id, version, added)
        where m.id = k.id and k.added > 0;
    end if;
end $$;

-- Claims the streams and, if no unit falls, writes the events and all that goes with them.
create or replace function fd_append(
    c_unit int[], c_id uuid[], c_version bigint[],
    k_unit int[], k_id uuid[], k_version bigint[], k_added int[],
    n_unit int[], n_id uuid[], n_type text[], n_added int[],
    q_unit int[], q_key text[],
    e_id uuid[], e_stream uuid[], e_version bigint[], e_type text[], e_dotnet text[], e_data jsonb[],
    e_correlation text[], e_causation text[], e_headers jsonb[],
    d_stream uuid[], d_name text[], d_kind text[], d_due timestamptz[],
    a_alias uuid[], a_stream uuid[],
    r_key text[], r_hash text[], r_id uuid[], r_version bigint[])
returns table (unit int, why int) language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
begin
    return query select * from fd_claim(c_unit, c_id, c_version, k_unit, k_id, k_version, k_added, n_unit, n_id, n_type, n_added, q_unit, q_key);
    if found then
        return;
    end if;
    if cardinality(e_id) > 0 then
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                               correlation_id, causation_id, headers, is_archived)
        select nextval('mt_events_sequence'), e.id, e.stream, e.version, e.data, e.type, now(), '*DEFAULT*', e.dotnet,
               e.correlation, e.causation, e.headers, false
        from unnest(e_id, e_stream, e_version, e_type, e_dotnet, e_data, e_correlation, e_causation, e_headers)
            as e(id, stream, version, type, dotnet, data, correlation, causation, headers);
    end if;
    if cardinality(d_stream) > 0 or cardinality(a_alias) > 0 or cardinality(r_key) > 0 then
        perform fd_note(d_stream, d_name, d_kind, d_due, a_alias, a_stream, r_key, r_hash, r_id, r_version);
    end if;
end $$;

-- What must stand or fall with an append: deadlines (without a time: gone), further ids, answers to keys.
create or replace function fd_note(
    d_stream uuid[], d_name text[], d_kind text[], d_due timestamptz[],
    a_alias uuid[], a_stream uuid[],
    r_key text[], r_hash text[], r_id uuid[], r_version bigint[])
returns void language plpgsql as $$
begin
    if cardinality(d_stream) > 0 then
        delete from fd_deadlines f using unnest(d_stream, d_name, d_due) as d(stream, name, due)
        where f.stream_id = d.stream and f.name = d.name and d.due is null;
        insert into fd_deadlines (stream_id, name, kind, due_at)
        select d.stream, d.name, d.kind, d.due from unnest(d_stream, d_name, d_kind, d_due) as d(stream, name, kind, due)
        where d.due is not null
        on conflict (stream_id, name) do update set due_at = excluded.due_at, claimed_until = null;
    end if;
    if cardinality(a_alias) > 0 then
        insert into fd_aliases (alias, stream_id) select a.alias, a.stream from unnest(a_alias, a_stream) as a(alias, stream)
        on conflict do nothing;
    end if;
    if cardinality(r_key) > 0 then
        insert into fd_answers (key, content_hash, id, version)
        select r.key, r.hash, r.id, r.version from unnest(r_key, r_hash, r_id, r_version) as r(key, hash, id, version);
    end if;
end $$;
