-- credits: the append-only ledger of hours. An entry is never changed or deleted; a correction is a
-- reversal. `hours` is in hundredths of a 学时, negative in a reversal.

create table credits_entries (
  id integer primary key, -- internal
  person bigint not null, -- internal
  year bigint not null, -- personal
  subject text not null, -- personal
  form text not null, -- personal
  hours bigint not null, -- personal
  cause text not null, -- internal
  attempt bigint not null default 1, -- internal
  title text not null, -- personal
  rule text not null, -- public
  edition text not null, -- public
  basis text not null, -- internal
  earned_on text not null, -- personal
  posted_at bigint not null, -- internal
  posted_by text not null, -- internal
  reverses bigint, -- internal
  reason text, -- internal
  org bigint, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text -- internal
);
create unique index credits_entries_cause on credits_entries (cause, attempt);
create index credits_entries_person on credits_entries (person, year, id);
create index credits_entries_reverses on credits_entries (reverses) where reverses is not null;

create trigger credits_entries_no_update before update on credits_entries
begin select raise(abort, 'credits_entries is append-only'); end;
create trigger credits_entries_no_delete before delete on credits_entries
begin select raise(abort, 'credits_entries is append-only'); end;

create table credits_balances (
  person bigint not null, -- internal
  year bigint not null, -- personal
  subject text not null, -- personal
  hours bigint not null, -- personal
  activities bigint not null, -- personal
  primary key (person, year, subject)
);
