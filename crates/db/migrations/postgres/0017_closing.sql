-- closing: the years of the ledger and whether they are closed, title checks with their signed answers, standings
-- prepared for the views, whom reminders leave alone, figures that the lead may set.

create table credits_years (
  id bigint primary key, -- public
  state text not null default 'open', -- public
  state_at bigint, -- public
  state_by text not null default '', -- internal
  late_until text, -- public
  reason text not null default '', -- internal
  version bigint not null default 1 -- internal
);
insert into credits_years (id)
with recursive years (year) as (select 2000 union all select year + 1 from years where year < 2100)
select year from years;

-- A signed answer and what it rests on: never changed but for its revocation.
create table title_checks (
  id bigint primary key, -- internal
  number text not null unique, -- public
  purpose text not null, -- internal
  series text not null, -- personal
  level text not null, -- personal
  specialty text not null default '', -- personal
  on_day text not null, -- personal
  verdict text not null, -- personal
  sentence text not null, -- personal
  holder_masked text not null, -- personal
  edition text not null, -- public
  entries text not null, -- internal
  token text not null, -- personal
  key_id text not null, -- public
  checked_at bigint not null, -- public
  checked_by text not null, -- internal
  revoked_at bigint, -- public
  revoke_reason text, -- public
  person bigint not null, -- internal
  org bigint, -- internal
  district text, -- internal
  department text -- internal
);
create index title_checks_person on title_checks (person, id);
create index title_checks_org on title_checks (org, id);
create index title_checks_district on title_checks (district, id);
create index title_checks_department on title_checks (department, id);

-- Where people stand in a year, prepared: kind `cell` by place, title level and field; kind `org` by employer.
create table report_standings (
  id bigint primary key, -- internal
  year bigint not null, -- internal
  kind text not null, -- internal
  org bigint, -- internal
  district text, -- internal
  department text, -- internal
  level text not null default '', -- internal
  field text not null default '', -- internal
  people bigint not null, -- internal
  reached bigint not null, -- internal
  behind bigint not null -- internal
);
create index report_standings_year on report_standings (year, kind, id);
create index report_standings_org on report_standings (year, org) where org is not null;

-- Days before the end of the year on which reminders go out; no rows: those of the rules.
create table reminder_days (
  days bigint primary key, -- public
  set_at bigint not null, -- internal
  set_by text not null -- internal
);

-- People whom reminders of hours leave alone.
create table reminder_mutes (
  id bigint primary key, -- internal
  muted_at bigint not null -- internal
);
