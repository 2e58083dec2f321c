-- courses: courses and their versions, classes with their sessions, enrolment.
-- A draft of a class has no number and may lack times; publishing sets number, times, seats and published_at.
-- seats_open and seats_reserved count free seats, waiting the people without one, next_place the order of arrival.
-- Names of providers, people and employers stand here as they were when the row was written.

create table courses (
  id integer primary key, -- public
  title text not null, -- public
  subject text not null, -- public
  form text not null, -- public
  field text, -- public
  direction text, -- public
  summary text not null default '', -- public
  status text not null, -- public
  provider bigint not null, -- public
  provider_name text not null default '', -- public
  district text, -- public
  department text, -- public
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index courses_provider on courses (provider, id);
create index courses_district on courses (district, id);
create index courses_department on courses (department, id);

create table course_versions (
  id integer primary key, -- public
  course bigint not null references courses (id), -- public
  number bigint not null, -- public
  syllabus text not null, -- public
  hours bigint not null, -- public
  published_at bigint not null, -- public
  created_by text not null, -- internal
  unique (course, number)
);

create table classes (
  id integer primary key, -- public
  course bigint not null references courses (id), -- public
  course_version bigint not null references course_versions (id), -- public
  number text unique, -- public
  title text not null, -- public
  subject text not null, -- public
  form text not null, -- public
  delivery text not null, -- public
  field text, -- public
  key_area text, -- public
  summary text not null default '', -- public
  place text not null default '', -- public
  contact text not null default '', -- public
  fee bigint not null default 0, -- public
  fee_source text not null default 'finance', -- public
  year bigint not null, -- public
  starts_at bigint, -- public
  ends_at bigint, -- public
  enrol_from bigint, -- public
  enrol_until bigint, -- public
  capacity bigint not null, -- public
  reserved bigint not null default 0, -- public
  eligibility text not null default '{}', -- public
  declared_hours bigint not null, -- public
  taught_seconds bigint not null default 0, -- public
  state text not null, -- public
  state_at bigint not null, -- public
  state_reason text not null default '', -- public
  published_at bigint, -- public
  seats_open bigint not null default 0, -- public
  seats_reserved bigint not null default 0, -- public
  waiting bigint not null default 0, -- public
  next_place bigint not null default 1, -- internal
  provider bigint not null, -- public
  provider_name text not null default '', -- public
  district text, -- public
  department text, -- public
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index classes_provider on classes (provider, id);
create index classes_department on classes (department, id);
create index classes_district on classes (district, id);
create index classes_course on classes (course, id);
-- Everything the catalogue filters by, so that it reads an index alone until it knows which rows to show: in the order
-- of the page, and beginning with the two filters that leave few rows.
create index classes_catalogue on classes
  (state, starts_at, id, ends_at, subject, delivery, field, district, key_area, year, enrol_from, enrol_until);
create index classes_by_field on classes
  (state, field, starts_at, id, ends_at, subject, delivery, district, key_area, year, enrol_from, enrol_until);
create index classes_by_district on classes
  (state, district, starts_at, id, ends_at, subject, delivery, field, key_area, year, enrol_from, enrol_until);
create index classes_by_year on classes
  (year, starts_at, id, state, subject, delivery, field, district, key_area, enrol_from, enrol_until);
create index classes_by_closing on classes (state, enrol_until, id);
create index classes_by_newest on classes (state, published_at, id);

create table class_counters (
  year bigint not null, -- internal
  subject text not null, -- internal
  next bigint not null, -- internal
  primary key (year, subject)
);

create table class_sessions (
  id integer primary key, -- public
  class bigint not null references classes (id), -- public
  position bigint not null, -- public
  title text not null, -- public
  starts_at bigint not null, -- public
  ends_at bigint not null, -- public
  break_seconds bigint not null default 0, -- public
  place text not null default '', -- public
  url text not null default '', -- internal
  teacher text not null default '', -- public
  teacher_title text not null default '', -- public
  unique (class, position)
);

create table enrolments (
  id integer primary key, -- internal
  class bigint not null references classes (id), -- internal
  person bigint not null references people (id), -- internal
  name text not null, -- personal
  org_name text not null default '', -- personal
  front_line bigint not null default 0, -- personal
  state text not null, -- personal
  seat text not null, -- personal
  place bigint not null, -- internal
  enrolled_by text not null, -- internal
  enrolled_at bigint not null, -- internal
  state_at bigint not null, -- internal
  reason text not null default '', -- personal
  result text, -- personal
  score bigint, -- personal
  result_at bigint, -- internal
  result_by text, -- internal
  org bigint, -- internal
  provider bigint not null, -- internal
  district text, -- internal
  department text, -- internal
  version bigint not null default 1, -- internal
  unique (class, person)
);
create index enrolments_person on enrolments (person, id);
create index enrolments_queue on enrolments (class, place) where state = 'waiting';
create index enrolments_org on enrolments (org, id);
create index enrolments_provider on enrolments (provider, id);
create index enrolments_district on enrolments (district, id);
create index enrolments_department on enrolments (department, id);

-- Figures that no text fixes for Shanghai; absent rows mean the defaults of rules::courses::Parameters.
create table course_parameters (
  name text primary key, -- public
  value bigint not null, -- public
  changed_at bigint not null, -- internal
  changed_by text not null -- internal
);

create virtual table classes_text using fts5(tokens, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
