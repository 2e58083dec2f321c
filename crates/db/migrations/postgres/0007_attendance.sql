-- attendance: one timeline of reserved time per person, and the marks of the roll calls.
-- attendance_people has one row per person with any reserved time; whoever writes a person's timeline updates that
-- row first, so that two writers of the same timeline follow one another on both engines.

create table attendance_people (
  id bigint primary key, -- internal
  version bigint not null default 1 -- internal
);

create table attendance_intervals (
  id bigint primary key, -- internal
  person bigint not null, -- internal
  starts_at bigint not null, -- personal
  ends_at bigint not null, -- personal
  taught bigint not null, -- internal
  title text not null, -- internal
  session bigint not null, -- internal
  class bigint not null, -- internal
  unique (person, session)
);
create index attendance_intervals_person on attendance_intervals (person, starts_at);
create index attendance_intervals_class on attendance_intervals (class, person);

create table attendance_marks (
  session bigint not null, -- internal
  person bigint not null, -- internal
  class bigint not null, -- internal
  mark text not null, -- personal
  marked_at bigint not null, -- internal
  marked_by text not null, -- internal
  version bigint not null default 1, -- internal
  primary key (session, person)
);
create index attendance_marks_class on attendance_marks (class, person);
