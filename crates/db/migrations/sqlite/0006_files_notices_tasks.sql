-- files, notices, tasks: what the platform keeps, tells and asks.

create table files (
  id integer primary key, -- internal
  name text not null, -- internal
  content_type text not null, -- internal
  size bigint not null, -- internal
  sha256 text not null, -- internal
  content blob not null, -- personal
  person bigint, -- internal
  org bigint, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text, -- internal
  created_by text not null, -- internal
  created_at bigint not null, -- internal
  delete_after bigint -- internal
);

create table notices (
  id integer primary key, -- public
  kind text not null, -- public
  title text not null, -- public
  body text not null, -- public
  org bigint, -- public
  provider bigint, -- public
  district text, -- public
  department text, -- public
  state text not null, -- public
  published_at bigint, -- public
  ended_at bigint, -- public
  created_by text not null, -- internal
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index notices_published on notices (published_at);

create table messages (
  id integer primary key, -- internal
  person bigint, -- internal
  org bigint, -- internal
  role text, -- internal
  district text, -- internal
  department text, -- internal
  title text not null, -- personal
  body text not null, -- personal
  href text not null default '', -- internal
  cause text not null unique, -- internal
  created_at bigint not null, -- internal
  read_at bigint -- internal
);
create index messages_person on messages (person, id);
create index messages_org on messages (org, id);

create table tasks (
  id integer primary key, -- internal
  kind text not null, -- internal
  title text not null, -- internal
  href text not null, -- internal
  role text not null, -- internal
  person bigint, -- internal
  org bigint, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text, -- internal
  cause text not null unique, -- internal
  due_day text, -- internal
  due_missing bigint, -- internal
  created_at bigint not null, -- internal
  done_at bigint, -- internal
  done_by text -- internal
);
create index tasks_open_org on tasks (role, org) where done_at is null;
create index tasks_open_person on tasks (role, person) where done_at is null;
create index tasks_open_district on tasks (role, district) where done_at is null;
