-- What every installation stands on: settings of the database itself, the audit trail, the outbox, jobs.
-- Twin of migrations/postgres/0001_foundation.sql. Behind each column stands its class.

create table meta (
    key text primary key not null, -- internal
    value text not null -- internal
) without rowid;

create table migrations (
    number integer primary key, -- internal
    name text not null, -- internal
    checksum text not null, -- internal
    applied_at bigint not null -- internal
);

-- The audit trail: only added to (triggers below).
create table audit (
    id integer primary key, -- internal
    at bigint not null, -- internal
    account bigint, -- internal
    role text not null, -- internal
    actor text not null, -- personal
    request text not null, -- internal
    act text not null, -- internal
    subject_kind text not null, -- internal
    subject bigint not null, -- internal
    person bigint, -- internal
    org bigint, -- internal
    provider bigint, -- internal
    district text, -- internal
    department text, -- internal
    before text, -- personal
    after text, -- personal
    reason text -- personal
);
create index audit_subject on audit (subject_kind, subject, id);
create index audit_account on audit (account, id);
create index audit_act on audit (act, id);
create index audit_at on audit (at, id);

create trigger audit_no_update before update on audit begin
    select raise(abort, 'the audit trail cannot be changed');
end;
create trigger audit_no_delete before delete on audit begin
    select raise(abort, 'the audit trail cannot be changed');
end;

-- Facts told by use cases; the relay turns them into jobs.
create table outbox (
    id integer primary key, -- internal
    kind text not null, -- internal
    at bigint not null, -- internal
    body text not null, -- personal
    relayed_at bigint -- internal
);
create index outbox_waiting on outbox (id) where relayed_at is null;
create index outbox_relayed on outbox (relayed_at) where relayed_at is not null;

create table jobs (
    id integer primary key, -- internal
    kind text not null, -- internal
    key text not null, -- internal
    body text not null, -- personal
    state text not null, -- internal
    run_at bigint not null, -- internal
    due_at bigint not null, -- internal
    lease_until bigint, -- internal
    holder text, -- internal
    attempts bigint not null, -- internal
    max_attempts bigint not null, -- internal
    progress_done bigint not null, -- internal
    progress_total bigint not null, -- internal
    cancel bigint not null, -- internal
    note text, -- personal
    result text, -- personal
    error text, -- internal
    requested_by bigint, -- internal
    started_at bigint, -- internal
    finished_at bigint -- internal
);
create unique index jobs_key on jobs (kind, key);
create index jobs_due on jobs (coalesce(lease_until, run_at), id) where finished_at is null;
create index jobs_requested_by on jobs (requested_by, id) where requested_by is not null;
create index jobs_finished on jobs (finished_at) where finished_at is not null;

-- Jobs by the clock.
create table cron (
    kind text primary key not null, -- internal
    every_seconds bigint not null, -- internal
    at_minute bigint not null, -- internal
    next_run bigint not null -- internal
) without rowid;
