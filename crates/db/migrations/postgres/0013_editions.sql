-- editions: editions of recognition and requirement rules, what-if runs. An edition that is approved is never edited; only its
-- last day may be set, once, when a later edition supersedes it.

create table credits_editions (
  id bigint primary key, -- public
  kind text not null, -- public: recognition or requirement
  code text not null unique, -- public
  name text not null, -- public
  document text not null, -- public: the edition as JSON
  in_force text not null, -- public: first day
  until_day text, -- public: last day, once a later edition is approved
  state text not null, -- public
  state_at bigint not null, -- public
  approvals text not null default '[]', -- internal: who approved, as JSON
  based_on text not null default '', -- internal: the code of the edition it was copied from
  drafted_by text not null, -- internal
  drafted_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index credits_editions_kind on credits_editions (kind, state, in_force);

-- Hours of the balance that are of the compulsory part of 公需科目.
alter table credits_balances add column compulsory bigint not null default 0; -- personal

-- Whether the course of this version is 必修.
alter table course_versions add column compulsory bigint not null default 0; -- public

-- What a draft would change, counted over everybody. Nothing per person is kept.
create table what_if_runs (
  id bigint primary key, -- internal
  edition bigint not null references credits_editions (id), -- internal
  edition_version bigint not null, -- internal
  compared_with text not null, -- internal: the edition in force when it ran
  state text not null, -- internal
  job bigint, -- internal
  people bigint not null default 0, -- internal
  changed bigint not null default 0, -- internal
  result text not null default '{}', -- internal: counters by year
  requested_by bigint, -- internal
  actor text not null, -- internal
  created_at bigint not null, -- internal
  finished_at bigint -- internal
);
create index what_if_runs_edition on what_if_runs (edition, id);

create table what_if_cells (
  run bigint not null references what_if_runs (id), -- internal
  dimension text not null, -- internal: district, department, employer, level
  code text not null, -- internal
  people bigint not null, -- internal
  gained bigint not null, -- internal
  lost bigint not null, -- internal
  title_gained bigint not null, -- internal
  title_lost bigint not null, -- internal
  changed bigint not null, -- internal
  primary key (run, dimension, code)
);
create index what_if_cells_changed on what_if_cells (run, dimension, changed);

create function credits_editions_fixed() returns trigger language plpgsql as $$
begin raise exception 'an approved edition is never edited'; end $$;
create trigger credits_editions_fixed before update on credits_editions for each row
when (old.state = 'approved' and (new.document <> old.document or new.in_force <> old.in_force or new.state <> old.state
  or new.code <> old.code or new.kind <> old.kind or new.name <> old.name or new.approvals <> old.approvals
  or (old.until_day is not null and coalesce(new.until_day, '') <> old.until_day)))
execute function credits_editions_fixed();
create trigger credits_editions_kept before delete on credits_editions
for each row execute function credits_editions_fixed();
