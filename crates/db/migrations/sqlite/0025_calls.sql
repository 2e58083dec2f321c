-- calls: kinds of call, calls, topics, declarations, the formal check, rankings, approvals, the public notice with its evidence,
-- ceilings of fees.
-- `template` and `document` are documents of rules::calls::Template, `content` of rules::calls::Content; `round` counts how often a
-- declaration was handed in; `extension` counts working days that gaps of visibility added to a notice.

create table call_templates (
  id integer primary key, -- internal
  kind text not null unique, -- public
  document text not null, -- public
  changed_at bigint not null, -- internal
  changed_by text not null, -- internal
  version bigint not null default 1 -- internal
);

create table calls (
  id integer primary key, -- public
  number text unique, -- public
  year bigint not null, -- public
  level text not null, -- public
  kind text not null, -- public
  title text not null, -- public
  body text not null, -- public
  template text not null, -- public
  places bigint not null, -- public
  opens_at bigint not null, -- public
  topics_until bigint, -- public
  closes_at bigint not null, -- public
  state text not null, -- public
  state_at bigint not null, -- public
  reason text not null default '', -- public
  notice_at bigint, -- public
  notice_text text not null default '', -- public
  notice_digest text not null default '', -- public
  extension bigint not null default 0, -- public
  published_at bigint, -- public
  authority text not null, -- public
  district text, -- public
  department text, -- public
  created_by text not null, -- internal
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index calls_state on calls (state, id);
create index calls_district on calls (district, id);
create index calls_department on calls (department, id);

create table call_topics (
  id integer primary key, -- public
  call bigint not null references calls (id), -- public
  title text not null, -- public
  field text not null, -- public
  why text not null, -- internal
  host bigint, -- public
  host_name text not null default '', -- public
  proposer text not null, -- public
  role text not null, -- public
  state text not null, -- public
  reason text not null default '', -- internal
  district text, -- public
  department text, -- public
  created_by text not null, -- internal
  created_at bigint not null, -- internal
  state_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index call_topics_call on call_topics (call, id);
create index call_topics_district on call_topics (district, id);
create index call_topics_department on call_topics (department, id);

create table declarations (
  id integer primary key, -- public
  number text unique, -- public
  call bigint not null references calls (id), -- public
  topic bigint references call_topics (id), -- public
  title text not null default '', -- public
  field text, -- public
  content text not null default '{}', -- personal
  people bigint not null default 0, -- public
  budget bigint not null default 0, -- internal
  host_name text not null, -- public
  recommender text not null, -- internal
  state text not null, -- public
  state_at bigint not null, -- internal
  reason text not null default '', -- internal
  round bigint not null default 0, -- internal
  submitted_at bigint, -- internal
  place bigint, -- internal
  score bigint, -- internal
  note text not null default '', -- internal
  plan_number text unique, -- public
  org bigint not null, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text, -- internal
  created_by text not null, -- internal
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index declarations_call on declarations (call, state, id);
create index declarations_org on declarations (org, id);
create index declarations_provider on declarations (provider, id);
create index declarations_district on declarations (district, id);
create index declarations_department on declarations (department, id);
create index declarations_state on declarations (state, state_at, id);

-- The story of a declaration; only ever added to.
create table declaration_steps (
  id integer primary key, -- internal
  declaration bigint not null references declarations (id), -- internal
  at bigint not null, -- internal
  deed text not null, -- internal
  role text not null, -- internal
  actor text not null, -- internal
  note text not null default '' -- internal
);
create index declaration_steps_declaration on declaration_steps (declaration, id);

-- What was handed in, each time.
create table declaration_versions (
  declaration bigint not null references declarations (id), -- internal
  round bigint not null, -- internal
  content text not null, -- personal
  handed_in_at bigint not null, -- internal
  handed_in_by text not null, -- internal
  primary key (declaration, round)
);

create table declaration_files (
  id integer primary key, -- internal
  declaration bigint not null references declarations (id), -- internal
  label text not null, -- internal
  file bigint not null, -- internal
  name text not null, -- internal
  content_type text not null, -- internal
  size bigint not null, -- internal
  sha256 text not null, -- internal
  added_at bigint not null -- internal
);
create index declaration_files_declaration on declaration_files (declaration, id);

-- The formal check, item by item: what the machine found, what a person decided.
create table declaration_checks (
  declaration bigint not null references declarations (id), -- internal
  round bigint not null, -- internal
  item text not null, -- internal
  found text not null, -- internal
  found_reason text not null, -- internal
  decided text not null, -- internal
  decided_reason text not null default '', -- internal
  decided_by text not null, -- internal
  decided_at bigint not null, -- internal
  primary key (declaration, round, item)
);

create table call_approvals (
  call bigint not null references calls (id), -- internal
  approver text not null, -- internal
  account bigint, -- internal
  actor text not null, -- internal
  at bigint not null, -- internal
  primary key (call, approver)
);

create table call_objections (
  id integer primary key, -- internal
  call bigint not null references calls (id), -- internal
  declaration bigint references declarations (id), -- internal
  name text not null, -- personal
  contact text not null, -- personal
  body text not null, -- personal
  state text not null, -- internal
  answer text not null default '', -- internal
  at bigint not null, -- internal
  answered_at bigint, -- internal
  answered_by text, -- internal
  version bigint not null default 1 -- internal
);
create index call_objections_call on call_objections (call, id);

-- What the platform saw of a public notice; only ever added to.
create table call_observations (
  id integer primary key, -- internal
  call bigint not null references calls (id), -- public
  at bigint not null, -- public
  status bigint not null, -- public
  sha256 text not null, -- public
  good bigint not null, -- public
  note text not null default '', -- public
  run bigint not null -- public
);
create index call_observations_call on call_observations (call, at);
create trigger call_observations_no_update before update on call_observations
begin select raise(abort, 'call_observations is append-only'); end;
create trigger call_observations_no_delete before delete on call_observations
begin select raise(abort, 'call_observations is append-only'); end;

create table call_counters (
  name text not null, -- internal
  year bigint not null, -- internal
  next bigint not null, -- internal
  primary key (name, year)
);

-- Ceilings of fees, each with its document; absent rows set none.
create table fee_standards (
  item text primary key, -- public
  value bigint not null, -- public
  basis text not null, -- public
  confidence text not null, -- public
  changed_at bigint not null, -- internal
  changed_by text not null -- internal
);
