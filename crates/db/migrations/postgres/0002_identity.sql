-- identity: accounts, the roles granted to them, sessions, one-time codes, bearer tokens.
-- Behind each column stands its class: public, internal, personal, secret.

create table accounts (
  id bigint primary key, -- internal
  login text not null unique, -- personal
  display_name text not null, -- personal
  password_hash text, -- secret
  person bigint, -- internal
  status text not null, -- internal
  status_since bigint not null, -- internal
  ended_by text, -- internal
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create unique index accounts_person on accounts (person) where person is not null;

create table grants (
  id bigint primary key, -- internal
  account bigint not null references accounts (id), -- internal
  role text not null, -- internal
  admin bigint not null default 0, -- internal
  person bigint, -- internal
  org bigint, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text, -- internal
  label text not null default '', -- internal
  granted_by text not null, -- internal
  granted_at bigint not null, -- internal
  ended_at bigint, -- internal
  ended_by text -- internal
);
create index grants_account on grants (account);
create index grants_person on grants (person) where person is not null;
-- Lists of staff: professionals are millions, staff are thousands.
create index grants_staff on grants (granted_at, id) where role <> 'learner';
create index grants_staff_org on grants (org) where role <> 'learner';

create table sessions (
  id bigint primary key, -- internal
  token_hash bytea not null unique, -- secret
  account bigint not null references accounts (id), -- internal
  grant_id bigint not null references grants (id), -- internal
  csrf text not null, -- secret
  created_at bigint not null, -- internal
  seen_at bigint not null, -- internal
  expires_at bigint not null, -- internal
  revoked_at bigint, -- internal
  agent text not null default '' -- personal
);
create index sessions_account on sessions (account);
create index sessions_grant on sessions (grant_id);

create table one_time_codes (
  id bigint primary key, -- internal
  code_hash bytea not null unique, -- secret
  purpose text not null, -- internal
  account bigint, -- internal
  body text not null default '{}', -- personal
  created_at bigint not null, -- internal
  expires_at bigint not null, -- internal
  used_at bigint -- internal
);
create index one_time_codes_account on one_time_codes (account);

-- Keys name a login by its SHA-256, so that what was mistyped into the login field is not kept.
create table throttles (
  key text primary key, -- internal
  at bigint not null, -- internal
  attempts bigint not null -- internal
);

create table tokens (
  id bigint primary key, -- internal
  token_hash bytea not null unique, -- secret
  account bigint not null references accounts (id), -- internal
  grant_id bigint not null references grants (id), -- internal
  scopes text not null, -- internal
  label text not null, -- internal
  created_at bigint not null, -- internal
  expires_at bigint, -- internal
  used_at bigint, -- internal
  revoked_at bigint -- internal
);
create index tokens_account on tokens (account);
create index tokens_grant on tokens (grant_id);
