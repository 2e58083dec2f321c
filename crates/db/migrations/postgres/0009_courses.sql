-- courses: courses and their versions, classes with their sessions, enrolment.

create table courses (
  id bigint primary key, -- public
  title text not null, -- public
  subject text not null, -- public
  form text not null, -- public
  field text, -- public
  direction text, -- public
  summary text not null default '', -- public
  status text not null, -- public
  provider bigint not null, -- public
  district text, -- public
  department text, -- public
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index courses_provider on courses (provider, id);

create table course_versions (
  id bigint primary key, -- public
  course bigint not null references courses (id), -- public
  number bigint not null, -- public
  syllabus text not null, -- public
  hours bigint not null, -- public
  published_at bigint not null, -- public
  created_by text not null, -- internal
  unique (course, number)
);

create table classes (
  id bigint primary key, -- public
  course bigint not null references courses (id), -- public
  course_version bigint not null references course_versions (id), -- public
  number text not null unique, -- public
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
  fee_source text not null default '', -- public
  year bigint not null, -- public
  starts_at bigint not null, -- public
  ends_at bigint not null, -- public
  enrol_from bigint not null, -- public
  enrol_until bigint not null, -- public
  capacity bigint not null, -- public
  reserved bigint not null default 0, -- public
  eligibility text not null default '{}', -- public
  declared_hours bigint not null, -- public
  taught_seconds bigint not null default 0, -- public
  state text not null, -- public
  state_at bigint not null, -- public
  state_reason text not null default '', -- public
  seats_open bigint not null default 0, -- internal
  seats_reserved bigint not null default 0, -- internal
  waiting bigint not null default 0, -- internal
  next_place bigint not null default 1, -- internal
  provider bigint not null, -- public
  district text, -- public
  department text, -- public
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index classes_provider on classes (provider, id);
create index classes_state on classes (state, starts_at, id);
create index classes_district on classes (district, starts_at, id);
create index classes_field on classes (field, starts_at, id);

create table class_sessions (
  id bigint primary key, -- public
  class bigint not null references classes (id), -- public
  position bigint not null, -- public
  title text not null, -- public
  starts_at bigint not null, -- public
  ends_at bigint not null, -- public
  break_seconds bigint not null default 0, -- public
  place text not null default '', -- public
  teacher text not null default '', -- public
  teacher_title text not null default '', -- public
  unique (class, position)
);

create table enrolments (
  id bigint primary key, -- internal
  class bigint not null references classes (id), -- internal
  person bigint not null references people (id), -- internal
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
create index enrolments_class on enrolments (class, state, place);
create index enrolments_org on enrolments (org, id);
