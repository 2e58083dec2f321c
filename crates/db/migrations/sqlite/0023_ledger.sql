-- ledger: the figures of the reference line of R-63 that the lead may set; the part of hours that a dispute is about.
-- Figures that no text fixes; absent rows mean the defaults of rules::reports::Pace.

create table report_parameters (
  name text primary key, -- public
  value bigint not null, -- public
  changed_at bigint not null, -- internal
  changed_by text not null -- internal
);

-- Whether the hours that a dispute is about are of the compulsory part of 公需科目.
alter table credits_disputes add column compulsory bigint not null default 0; -- personal
