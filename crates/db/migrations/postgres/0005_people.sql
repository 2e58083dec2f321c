-- people: professionals, their employment over time, merged records, roster imports.

create table people (
  id bigint primary key, -- internal
  name text not null, -- personal
  document_kind text not null, -- personal
  document_no text not null, -- personal
  born text, -- personal
  phone text not null default '', -- personal
  title_series text, -- personal
  title_level text, -- personal
  title_name text not null default '', -- personal
  post text not null default '', -- personal
  post_kind text not null default 'technical', -- personal
  front_line bigint not null default 0, -- personal
  field text, -- personal
  person bigint not null, -- internal
  org bigint, -- internal
  district text, -- internal
  department text, -- internal
  standing text not null, -- internal
  verified_by text, -- internal
  verified_at bigint, -- internal
  merged_into bigint, -- internal
  created_at bigint not null, -- internal
  version bigint not null default 1, -- internal
  unique (document_kind, document_no)
);
create index people_org on people (org, id);
create index people_district on people (district, id);
create index people_department on people (department, id);
create index people_name on people (name);
create index people_merged on people (merged_into) where merged_into is not null;

create table employments (
  id bigint primary key, -- internal
  person bigint not null references people (id), -- internal
  org bigint not null references orgs (id), -- internal
  post text not null default '', -- personal
  from_day text not null, -- personal
  until_day text -- personal
);
create index employments_person on employments (person, from_day);
create index employments_org on employments (org) where until_day is null;

create table people_merges (
  id bigint primary key, -- internal
  survivor bigint not null references people (id), -- internal
  absorbed bigint not null references people (id), -- internal
  before text not null, -- personal
  merged_at bigint not null, -- internal
  merged_by text not null, -- internal
  reason text not null, -- internal
  undone_at bigint, -- internal
  undone_by text -- internal
);
create index people_merges_survivor on people_merges (survivor);

create table roster_imports (
  id bigint primary key, -- internal
  org bigint, -- internal
  district text, -- internal
  department text, -- internal
  file bigint not null, -- internal
  file_name text not null, -- internal
  digest text not null, -- internal
  state text not null, -- internal
  job bigint, -- internal
  rows_total bigint not null default 0, -- internal
  rows_new bigint not null default 0, -- internal
  rows_changed bigint not null default 0, -- internal
  rows_same bigint not null default 0, -- internal
  rows_moved bigint not null default 0, -- internal
  rows_faulty bigint not null default 0, -- internal
  error_file bigint, -- internal
  problem text not null default '', -- internal
  samples text not null default '[]', -- internal
  actor text not null, -- internal
  requested_by bigint, -- internal
  created_at bigint not null, -- internal
  finished_at bigint, -- internal
  version bigint not null default 1 -- internal
);
create index roster_imports_org on roster_imports (org, id);
