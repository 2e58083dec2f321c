-- experts: the pool of reviewers, what they know, their ties, their story, what they did for the programme.
-- A membership stands where the person stood when they were invited; `reason` says why it was declined, suspended or ended.

create table experts (
  id bigint primary key, -- internal
  person bigint not null unique, -- internal
  name text not null, -- personal
  org_name text not null default '', -- personal
  title_level text, -- personal
  title_name text not null default '', -- personal
  background text not null, -- internal
  specialty text not null default '', -- internal
  state text not null, -- internal
  state_at bigint not null, -- internal
  reason text not null default '', -- personal
  term_from text not null, -- internal
  term_until text not null, -- internal
  capacity bigint not null, -- internal
  away_from text, -- personal
  away_until text, -- personal
  org bigint, -- internal
  district text, -- internal
  department text, -- internal
  created_at bigint not null, -- internal
  created_by text not null, -- internal
  version bigint not null default 1 -- internal
);
create index experts_state on experts (state, id);
create index experts_district on experts (district, id);
create index experts_department on experts (department, id);

create table expert_fields (
  expert bigint not null references experts (id), -- internal
  field text not null, -- internal
  primary key (expert, field)
);
create index expert_fields_field on expert_fields (field, expert);

-- What an expert declares beside the register of employers; an ended tie stays as it was.
create table expert_ties (
  id bigint primary key, -- internal
  expert bigint not null references experts (id), -- internal
  kind text not null, -- personal
  org bigint, -- internal
  name text not null, -- personal
  until_day text, -- personal
  note text not null default '', -- personal
  added_at bigint not null, -- internal
  added_by text not null, -- internal
  ended_at bigint, -- internal
  ended_by text -- internal
);
create index expert_ties_expert on expert_ties (expert, id);

create table expert_steps (
  id bigint primary key, -- internal
  expert bigint not null references experts (id), -- internal
  at bigint not null, -- internal
  step text not null, -- internal
  role text not null, -- internal
  actor text not null, -- internal
  note text not null default '' -- personal
);
create index expert_steps_expert on expert_steps (expert, id);

-- The merit record: only ever added to; a cause is recorded once.
create table expert_merits (
  id bigint primary key, -- internal
  expert bigint not null references experts (id), -- internal
  kind text not null, -- internal
  title text not null, -- internal
  amount bigint not null, -- internal
  rating bigint, -- internal
  note text not null default '', -- internal
  on_day text not null, -- internal
  cause text not null unique, -- internal
  added_at bigint not null, -- internal
  added_by text not null -- internal
);
create index expert_merits_expert on expert_merits (expert, id);
create function expert_merits_append_only() returns trigger language plpgsql as $$
begin raise exception 'expert_merits is append-only'; end $$;
create trigger expert_merits_no_update before update on expert_merits
for each row execute function expert_merits_append_only();
create trigger expert_merits_no_delete before delete on expert_merits
for each row execute function expert_merits_append_only();
