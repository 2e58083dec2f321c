-- taxonomy: the controlled vocabularies and the working-day calendar.

create table terms (
  vocabulary text not null, -- public
  code text not null, -- public
  name text not null, -- public
  parent text, -- public
  position bigint not null, -- public
  note text not null default '', -- public
  source text not null, -- public
  confidence text not null, -- public
  ended_at bigint, -- public
  primary key (vocabulary, code)
);

create table calendar_days (
  day text primary key, -- public
  year bigint not null, -- public
  kind text not null, -- public
  name text not null, -- public
  notice text not null, -- public
  source text not null -- public
);
create index calendar_days_year on calendar_days (year);

create table deadlines (
  id integer primary key, -- internal
  subject_kind text not null, -- internal
  subject bigint not null, -- internal
  name text not null, -- internal
  from_day text not null, -- internal
  workdays bigint not null, -- internal
  due_day text not null, -- internal
  missing_year bigint, -- internal
  set_at bigint not null, -- internal
  unique (subject_kind, subject, name)
);
create index deadlines_missing on deadlines (missing_year) where missing_year is not null;

create table deadline_changes (
  id integer primary key, -- internal
  deadline bigint not null references deadlines (id), -- internal
  before_day text not null, -- internal
  before_missing bigint, -- internal
  after_day text not null, -- internal
  after_missing bigint, -- internal
  at bigint not null, -- internal
  actor text not null, -- internal
  reason text not null -- internal
);
create index deadline_changes_deadline on deadline_changes (deadline);
