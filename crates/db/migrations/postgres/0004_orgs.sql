-- orgs: organisations of every kind.

create table orgs (
  id bigint primary key, -- public
  kind text not null, -- public
  name text not null, -- public
  credit_code text not null unique, -- public
  org bigint not null, -- internal
  provider bigint, -- internal
  district text not null, -- public
  town text, -- public
  department text, -- public
  industry text, -- public
  key_area text, -- public
  is_provider bigint not null default 0, -- public
  is_employer bigint not null default 0, -- public
  base_level text, -- public
  base_batch text, -- public
  base_until text, -- public
  leading_enterprise bigint not null default 0, -- public
  contact text not null default '', -- internal
  phone text not null default '', -- internal
  status text not null, -- public
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index orgs_district on orgs (district, name);
create index orgs_department on orgs (department, name);
create index orgs_name on orgs (name);
