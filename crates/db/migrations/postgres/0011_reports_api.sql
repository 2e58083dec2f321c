-- reports: prepared figures. api: answers remembered for idempotency keys.

create table report_snapshots (
  name text primary key, -- public
  body text not null, -- public
  as_of bigint not null, -- public
  took_micros bigint not null -- internal
);

create table idempotency (
  account bigint not null, -- internal
  key text not null, -- internal
  request_hash text not null, -- internal
  status bigint not null, -- internal
  body text not null, -- personal
  created_at bigint not null, -- internal
  primary key (account, key)
);
