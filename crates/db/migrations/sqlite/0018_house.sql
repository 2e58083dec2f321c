-- house: what the first features still lacked.
-- class_changes: what a published class was changed to, with the reason that everybody with a place was told.
-- differences is a list of parts as they were and as they are (rules::courses::change::Difference).

create table class_changes (
  id integer primary key, -- public
  class bigint not null references classes (id), -- public
  at bigint not null, -- public
  changed_by text not null, -- internal
  reason text not null, -- public
  differences text not null -- public
);
create index class_changes_class on class_changes (class, id);
