-- webhooks: what other systems are told, at addresses that their administrators name.
-- webhook_endpoints: an address, the role that keeps it and bounds what it is told, and whether it still listens.
-- webhook_deliveries: one message to one endpoint; `event` is the id of the outbox row that it comes from.

create table webhook_endpoints (
  id bigint primary key, -- internal
  account bigint not null, -- internal
  grant_id bigint not null, -- internal
  kept_by text not null, -- internal
  label text not null, -- internal
  address text not null, -- internal
  kinds text not null, -- internal
  secret bytea not null, -- secret
  former_secret bytea, -- secret
  former_until bigint, -- internal
  state text not null, -- internal
  off_at bigint, -- internal
  off_why text, -- internal
  failing_since bigint, -- internal
  failures bigint not null default 0, -- internal
  rests_until bigint not null default 0, -- internal
  lease_until bigint not null default 0, -- internal
  turn_at bigint not null default 0, -- internal
  delivered_at bigint, -- internal
  org bigint, -- internal
  provider bigint, -- internal
  district text, -- internal
  department text, -- internal
  created_at bigint not null, -- internal
  version bigint not null default 1 -- internal
);
create index webhook_endpoints_org on webhook_endpoints (org, id);

create table webhook_deliveries (
  id bigint primary key, -- internal
  endpoint bigint not null references webhook_endpoints (id), -- internal
  event bigint not null, -- internal
  kind text not null, -- internal
  part bigint not null, -- internal
  body text not null, -- internal
  state text not null, -- internal
  attempts bigint not null, -- internal
  next_at bigint not null, -- internal
  tried_at bigint, -- internal
  status bigint, -- internal
  answer text not null default '', -- internal
  created_at bigint not null, -- internal
  unique (endpoint, event, kind, part)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint, state, next_at);
create index webhook_deliveries_created on webhook_deliveries (created_at);
