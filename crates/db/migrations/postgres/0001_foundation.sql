-- What every installation stands on: settings of the database itself, the audit trail, the outbox, jobs.
-- Twin of migrations/sqlite/0001_foundation.sql, where behind each column stands its class.

create table meta (
    key text primary key,
    value text not null
);

create table migrations (
    number bigint primary key,
    name text not null,
    checksum text not null,
    applied_at bigint not null
);

-- The audit trail: only added to (triggers below).
create table audit (
    id bigint primary key,
    at bigint not null,
    account bigint,
    role text not null,
    actor text not null,
    request text not null,
    act text not null,
    subject_kind text not null,
    subject bigint not null,
    person bigint,
    org bigint,
    provider bigint,
    district text,
    department text,
    before text,
    after text,
    reason text
);
create index audit_subject on audit (subject_kind, subject, id);
create index audit_account on audit (account, id);
create index audit_act on audit (act, id);
create index audit_at on audit (at, id);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the audit trail cannot be changed';
end;
$$;
create trigger audit_no_change before update or delete on audit
    for each row execute function refuse_change();
create trigger audit_no_truncate before truncate on audit
    for each statement execute function refuse_change();

-- Facts told by use cases; the relay turns them into jobs.
create table outbox (
    id bigint primary key,
    kind text not null,
    at bigint not null,
    body text not null,
    relayed_at bigint
);
create index outbox_waiting on outbox (id) where relayed_at is null;
create index outbox_relayed on outbox (relayed_at) where relayed_at is not null;

create table jobs (
    id bigint primary key,
    kind text not null,
    key text not null,
    body text not null,
    state text not null,
    run_at bigint not null,
    due_at bigint not null,
    lease_until bigint,
    holder text,
    attempts bigint not null,
    max_attempts bigint not null,
    progress_done bigint not null,
    progress_total bigint not null,
    cancel bigint not null,
    note text,
    result text,
    error text,
    requested_by bigint,
    started_at bigint,
    finished_at bigint
);
create unique index jobs_key on jobs (kind, key);
create index jobs_due on jobs (coalesce(lease_until, run_at), id) where finished_at is null;
create index jobs_requested_by on jobs (requested_by, id) where requested_by is not null;
create index jobs_finished on jobs (finished_at) where finished_at is not null;

-- Jobs by the clock.
create table cron (
    kind text primary key,
    every_seconds bigint not null,
    at_minute bigint not null,
    next_run bigint not null
);
