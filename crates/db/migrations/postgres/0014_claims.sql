-- claims: hours that people claim, their evidence and story, the draws among the recognised.
-- `facts` is the document of rules::credits::claims::Facts; `key` finds claims about one achievement; `round` counts how
-- often it was handed in; `confirmed_how` and `confirmed_by` say how it came before the competent body.

create table claims (
  id bigint primary key, -- internal
  number text unique, -- internal
  kind text not null, -- personal
  person bigint not null, -- internal
  name text not null, -- personal
  org_name text not null default '', -- personal
  rule text not null default '', -- public
  rule_name text not null default '', -- public
  form text not null, -- personal
  title text not null default '', -- personal
  facts text not null default '{}', -- personal
  key text, -- personal
  rank bigint, -- personal
  competent text not null, -- internal
  state text not null, -- personal
  state_at bigint not null, -- internal
  state_by bigint, -- internal
  confirmed_how text, -- internal
  confirmed_by bigint, -- internal
  reason text not null default '', -- personal
  round bigint not null default 0, -- internal
  hours bigint not null default 0, -- personal
  steps text not null default '[]', -- personal
  edition text not null default '', -- public
  earned_on text, -- personal
  submitted_at bigint, -- internal
  recognised_at bigint, -- internal
  org bigint, -- internal
  district text, -- internal
  department text, -- internal
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index claims_person on claims (person, id);
create index claims_org on claims (org, id);
create index claims_district on claims (district, id);
create index claims_department on claims (department, id);
create index claims_state on claims (state, state_at, id);
create index claims_key on claims (key) where key is not null;

create table claim_steps (
  id bigint primary key, -- internal
  claim bigint not null references claims (id), -- internal
  at bigint not null, -- internal
  step text not null, -- personal
  role text not null, -- internal
  actor text not null, -- internal
  note text not null default '' -- personal
);
create index claim_steps_claim on claim_steps (claim, id);

create table claim_evidence (
  id bigint primary key, -- internal
  claim bigint not null references claims (id), -- internal
  file bigint not null, -- internal
  name text not null, -- personal
  content_type text not null, -- internal
  size bigint not null, -- internal
  sha256 text not null, -- internal
  added_at bigint not null -- internal
);
create index claim_evidence_claim on claim_evidence (claim, id);
create index claim_evidence_sha256 on claim_evidence (sha256);

-- What a recognised claim gave in each year, and the entry that posted it.
create table claim_shares (
  claim bigint not null references claims (id), -- internal
  year bigint not null, -- personal
  hours bigint not null, -- personal
  entry bigint not null, -- internal
  primary key (claim, year)
);

create table claim_counters (
  year bigint not null, -- internal
  next bigint not null, -- internal
  primary key (year)
);

-- Figures that no text fixes; absent rows mean the defaults of rules::credits::claims::Parameters.
create table claim_parameters (
  name text primary key, -- public
  value bigint not null, -- public
  changed_at bigint not null, -- internal
  changed_by text not null -- internal
);

create table claim_draws (
  id bigint primary key, -- public
  title text not null, -- public
  from_day text not null, -- public
  until_day text not null, -- public
  percent bigint not null, -- public
  population bigint not null, -- public
  chosen bigint not null, -- public
  digest text not null, -- public
  seed text, -- public
  seed_source text, -- public
  announced_at bigint not null, -- public
  drawn_at bigint, -- public
  district text, -- public
  department text, -- public
  created_by text not null, -- internal
  version bigint not null default 1 -- internal
);
create index claim_draws_announced on claim_draws (announced_at);

-- The frozen list of a draw; the chosen ones have a score and get a finding.
create table claim_checks (
  id bigint primary key, -- internal
  draw bigint not null references claim_draws (id), -- public
  claim bigint not null references claims (id), -- internal
  number text not null, -- public
  score text, -- public
  finding text, -- internal
  note text not null default '', -- personal
  found_at bigint, -- internal
  found_by text, -- internal
  unique (draw, claim)
);
create index claim_checks_claim on claim_checks (claim);
create index claim_checks_draw on claim_checks (draw, score);
