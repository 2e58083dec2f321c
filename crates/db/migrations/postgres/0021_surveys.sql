-- courses: what participants say about a class. Who has answered and what was answered stand apart, without a time and
-- without a common number, so that no answer leads to a person.

create table survey_people (
  class bigint not null references classes (id), -- internal
  person bigint not null, -- internal
  primary key (class, person)
);

create table survey_counts (
  class bigint not null references classes (id), -- internal
  question text not null, -- internal
  points bigint not null, -- internal
  times bigint not null, -- internal
  primary key (class, question, points)
);

create table survey_remarks (
  id bigint primary key, -- internal
  class bigint not null references classes (id), -- internal
  words text not null -- personal
);
create index survey_remarks_class on survey_remarks (class);
