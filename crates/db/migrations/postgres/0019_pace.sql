-- pace: the figures of the reference line of R-63 that the lead may set.
-- Figures that no text fixes; absent rows mean the defaults of rules::reports::Pace.

create table report_parameters (
  name text primary key, -- public
  value bigint not null, -- public
  changed_at bigint not null, -- internal
  changed_by text not null -- internal
);
