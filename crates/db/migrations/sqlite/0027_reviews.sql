-- reviews: rounds of reviewing, what is reviewed, who may review it, the reviews, the panel's minutes, the ranking.
-- `settings` is the document of rules::calls::review::Settings; `outcome` tells what the last assignment came to; `body` is
-- the declaration as a reviewer reads it, `named` are the people named in it (rules::experts::conflict::Named).

create table review_rounds (
  id integer primary key, -- internal
  call bigint, -- internal
  title text not null, -- public
  settings text not null, -- internal
  seed bigint not null, -- public
  state text not null, -- internal
  state_at bigint not null, -- internal
  job bigint, -- internal
  outcome text not null default 'null', -- personal
  org bigint, -- internal
  district text, -- internal
  department text, -- internal
  created_at bigint not null, -- internal
  created_by text not null, -- internal
  version bigint not null default 1 -- internal
);
create index review_rounds_call on review_rounds (call);
create index review_rounds_district on review_rounds (district, id);
create index review_rounds_department on review_rounds (department, id);

create table review_items (
  id integer primary key, -- internal
  round bigint not null references review_rounds (id), -- internal
  declaration bigint not null, -- internal
  number text not null, -- internal
  title text not null, -- internal
  field text, -- internal
  host bigint, -- internal
  host_name text not null, -- internal
  named text not null default '[]', -- personal
  body text not null default '[]', -- personal
  priority bigint not null default 0, -- internal
  priority_why text not null default '', -- internal
  unique (round, declaration)
);

-- Who takes part in a round, as they were when it was assigned.
create table review_seats (
  round bigint not null references review_rounds (id), -- internal
  expert bigint not null, -- internal
  person bigint not null, -- internal
  name text not null, -- personal
  background text not null, -- internal
  fields text not null, -- internal
  specialty text not null, -- internal
  title_level text, -- personal
  capacity bigint not null, -- internal
  primary key (round, expert)
);

-- Pairs that are never assigned, each with its reason; one that was lifted keeps it.
create table review_bars (
  id integer primary key, -- internal
  round bigint not null references review_rounds (id), -- internal
  item bigint not null references review_items (id), -- internal
  expert bigint not null, -- internal
  ground text not null, -- internal
  detail text not null, -- personal
  lifted_at bigint, -- internal
  lifted_by text, -- internal
  lifted_why text not null default '', -- internal
  unique (item, expert, ground)
);
create index review_bars_round on review_bars (round, item);

create table reviews (
  id integer primary key, -- internal
  round bigint not null references review_rounds (id), -- internal
  item bigint not null references review_items (id), -- internal
  expert bigint not null, -- internal
  person bigint not null, -- internal
  district text, -- internal
  department text, -- internal
  state text not null, -- internal
  state_at bigint not null, -- internal
  by_hand bigint not null default 0, -- internal
  fit bigint not null, -- internal
  marks text not null default '{}', -- personal
  comment text not null default '', -- personal
  points bigint, -- personal
  reason text not null default '', -- personal
  version bigint not null default 1, -- internal
  unique (item, expert)
);
create index reviews_round on reviews (round, item);
create index reviews_person on reviews (person, id);
create trigger reviews_signed_no_update before update on reviews when old.state = 'signed'
begin select raise(abort, 'a signed review is final'); end;
create trigger reviews_signed_no_delete before delete on reviews when old.state = 'signed'
begin select raise(abort, 'a signed review is final'); end;

create table review_minutes (
  id integer primary key, -- internal
  round bigint not null references review_rounds (id), -- internal
  item bigint not null references review_items (id), -- internal
  at bigint not null, -- internal
  present text not null, -- personal
  body text not null, -- internal
  agreed bigint, -- internal
  actor text not null -- internal
);
create index review_minutes_item on review_minutes (item, id);
create trigger review_minutes_no_update before update on review_minutes
begin select raise(abort, 'review_minutes is append-only'); end;
create trigger review_minutes_no_delete before delete on review_minutes
begin select raise(abort, 'review_minutes is append-only'); end;

-- The ranking of a closed round, as it was when it closed.
create table review_places (
  item bigint primary key references review_items (id), -- internal
  round bigint not null references review_rounds (id), -- internal
  place bigint not null, -- internal
  total bigint not null, -- internal
  score bigint not null, -- internal
  agreed bigint, -- internal
  priority bigint not null, -- internal
  spread bigint not null, -- internal
  decided_by text, -- internal
  shared bigint not null -- internal
);
create index review_places_round on review_places (round, place);
create trigger review_places_no_update before update on review_places
begin select raise(abort, 'review_places is append-only'); end;
create trigger review_places_no_delete before delete on review_places
begin select raise(abort, 'review_places is append-only'); end;
