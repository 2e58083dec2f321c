-- courses: check-in by a code that changes. The secret makes the codes; a row of checked_in says who did it in which browser
-- (a digest under that secret), so that one browser serves one person.

create table check_ins (
  session bigint primary key references class_sessions (id), -- internal
  secret blob not null, -- secret
  opened_at bigint not null, -- internal
  opened_by text not null, -- internal
  closed_at bigint -- internal
);

create table checked_in (
  session bigint not null, -- internal
  person bigint not null, -- internal
  mark text not null, -- personal
  at bigint not null, -- personal
  browser blob not null, -- personal
  primary key (session, person)
);
create index checked_in_browser on checked_in (session, browser);
