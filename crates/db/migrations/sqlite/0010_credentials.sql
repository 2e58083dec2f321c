-- credentials: numbered, signed documents and what became of them.

create table credentials (
  id integer primary key, -- internal
  number text not null unique, -- public
  kind text not null, -- public
  person bigint not null, -- internal
  holder_masked text not null, -- public
  subject_line text not null, -- public
  hours bigint not null, -- public
  year bigint not null, -- public
  cause text not null, -- internal
  record text not null, -- personal
  key_id text not null, -- public
  sha256 text not null, -- public
  file bigint not null, -- internal
  issued_at bigint not null, -- public
  issued_by text not null, -- internal
  revoked_at bigint, -- public
  revoked_by text, -- internal
  revoke_reason text, -- public
  superseded_by text, -- public
  org bigint, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text, -- internal
  version bigint not null default 1 -- internal
);
create index credentials_person on credentials (person, id);
create index credentials_cause on credentials (cause);

create table credential_numbers (
  kind text not null, -- internal
  year bigint not null, -- internal
  last bigint not null, -- internal
  primary key (kind, year)
);

create table verifications (
  id integer primary key, -- internal
  number text not null, -- internal
  way text not null, -- internal
  verdict text not null, -- internal
  at bigint not null -- internal
);
create index verifications_number on verifications (number);
