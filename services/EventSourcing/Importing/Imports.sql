-- How far imports are, and which of their lines were rejected: line, code and field, nothing of what stood in them.
create table if not exists fd_imports (
    id uuid primary key,
    kind text not null,
    dry_run boolean not null,
    begun_by text not null,
    begun_at timestamptz not null default now(),
    resumed_at timestamptz not null default now(),
    resumed_rows int not null default 0,
    heard_at timestamptz not null default now(),
    finished_at timestamptz null,
    -- All lines up to this one are done; the digest is of exactly those.
    lines int not null default 0,
    digest bytea null,
    rows int not null default 0,
    accepted int not null default 0,
    repeated int not null default 0,
    rejected int not null default 0
);

create table if not exists fd_import_rejects (
    import_id uuid not null references fd_imports (id) on delete cascade,
    line int not null,
    code text not null,
    field text null,
    primary key (import_id, line)
);
