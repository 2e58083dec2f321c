-- courses: the open classes that are advised, those with most hours first; read in this order until enough fit, so that the
-- statement of one person does not look at every class of the city.

create index classes_by_hours on classes
  (state, declared_hours desc, starts_at, id, enrol_until, enrol_from, ends_at, subject, seats_open, seats_reserved);
