-- reporting: rosters and completions reported by providers, classes that ran elsewhere, late reports.

-- A file that reports the people of a class: tried out first, then its right rows are written.
create table class_reports (
  id integer primary key, -- internal
  kind text not null, -- internal
  class bigint not null references classes (id), -- internal
  file bigint not null, -- internal
  file_name text not null, -- internal
  digest text not null, -- internal
  state text not null, -- internal
  job bigint, -- internal
  rows_total bigint not null default 0, -- internal
  rows_right bigint not null default 0, -- internal
  rows_same bigint not null default 0, -- internal
  rows_faulty bigint not null default 0, -- internal
  rows_written bigint not null default 0, -- internal
  error_file bigint, -- internal
  problem text not null default '', -- internal
  samples text not null default '[]', -- internal
  actor text not null, -- internal
  requested_by bigint, -- internal
  provider bigint not null, -- internal
  district text, -- internal
  department text, -- internal
  created_at bigint not null, -- internal
  finished_at bigint, -- internal
  version bigint not null default 1 -- internal
);
create index class_reports_provider on class_reports (provider, id);
create index class_reports_class on class_reports (class, id);
create index class_reports_district on class_reports (district, id);
create index class_reports_department on class_reports (department, id);

-- A class that ran outside the platform's class tool, by the provider's own number.
create table filed_classes (
  id integer primary key references classes (id), -- internal
  provider bigint not null, -- internal
  own_number text not null, -- internal
  digest text not null, -- internal
  filed_by text not null, -- internal
  filed_at bigint not null, -- internal
  unique (provider, own_number)
);

-- A request to report a class after its window has closed.
create table late_reports (
  id integer primary key, -- internal
  class bigint not null references classes (id), -- internal
  reason text not null, -- internal
  state text not null, -- internal
  until_day text, -- internal
  decided_by text, -- internal
  decided_at bigint, -- internal
  decision text not null default '', -- internal
  requested_by text not null, -- internal
  requested_at bigint not null, -- internal
  provider bigint not null, -- internal
  provider_name text not null, -- internal
  district text, -- internal
  department text, -- internal
  version bigint not null default 1 -- internal
);
create unique index late_reports_pending on late_reports (class) where state = 'requested';
create index late_reports_class on late_reports (class, id);
create index late_reports_provider on late_reports (provider, id);
create index late_reports_district on late_reports (district, id);
create index late_reports_department on late_reports (department, id);
