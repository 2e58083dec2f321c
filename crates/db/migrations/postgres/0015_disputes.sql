-- disputes: disputes about entries of the ledger, their steps, their evidence and their periods.

create table credits_disputes (
  id bigint primary key, -- internal
  number text not null unique, -- internal
  kind text not null, -- personal
  entry bigint, -- internal
  enrolment bigint, -- internal
  title text not null, -- personal
  subject text, -- personal
  form text, -- personal
  hours bigint, -- personal
  earned_on text, -- personal
  words text not null, -- personal
  body text not null, -- internal
  state text not null, -- personal
  facts text not null, -- personal
  year bigint not null, -- internal
  opened_at bigint not null, -- internal
  opened_by text not null, -- internal
  lapsed bigint not null default 0, -- internal
  outcome text, -- personal
  workdays bigint, -- internal
  person bigint not null, -- internal
  org bigint, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text, -- internal
  version bigint not null default 1 -- internal
);
create unique index credits_disputes_one_of_entry on credits_disputes (entry)
  where entry is not null and state not in ('final', 'settled', 'withdrawn');
create unique index credits_disputes_one_of_enrolment on credits_disputes (enrolment)
  where enrolment is not null and state not in ('final', 'settled', 'withdrawn');
create index credits_disputes_open on credits_disputes (state, id) where state not in ('final', 'settled', 'withdrawn');
create index credits_disputes_person on credits_disputes (person, id);
create index credits_disputes_provider on credits_disputes (provider, id);
create index credits_disputes_district on credits_disputes (district, id);
create index credits_disputes_department on credits_disputes (department, id);

create table credits_dispute_steps (
  id bigint primary key, -- internal
  dispute bigint not null, -- internal
  at bigint not null, -- internal
  kind text not null, -- internal
  role text not null, -- internal
  actor text not null, -- internal
  words text not null -- personal
);
create index credits_dispute_steps_dispute on credits_dispute_steps (dispute, id);

create table credits_dispute_files (
  file bigint primary key, -- internal
  dispute bigint not null, -- internal
  name text not null, -- personal
  role text not null, -- internal
  size bigint not null, -- internal
  kept_at bigint not null -- internal
);
create index credits_dispute_files_dispute on credits_dispute_files (dispute, file);

create table credits_dispute_numbers (
  year bigint primary key, -- internal
  last bigint not null -- internal
);

create table credits_dispute_terms (
  name text primary key, -- public
  value bigint not null, -- public
  changed_at bigint not null, -- internal
  changed_by text not null -- internal
);
