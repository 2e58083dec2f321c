-- log: the public transparency log over the ledger (docs/adr/0006-transparency-log.md). Each entry gets a random salt, so that
-- the commitment to it tells nothing; entries from before the log are salted here and wait in the queue like any other.

alter table credits_entries add column salt bytea not null default ''; -- secret: 16 random bytes that blind the commitment
drop trigger credits_entries_no_update on credits_entries;
update credits_entries set salt = uuid_send(gen_random_uuid());
create trigger credits_entries_no_update before update on credits_entries
for each row execute function credits_entries_append_only();

-- Entries that are committed and have no index yet: one row a posting, whatever its size.
create table log_queue (
  id bigint primary key, -- internal
  entries bytea not null, -- internal: the ids, eight bytes each, most significant first
  commitments bytea -- internal: thirty-two bytes each, in the same order; null: to be computed from the rows
);

alter table log_queue alter column commitments set storage external; -- digests do not compress

-- 256 leaves each; number n holds the indexes from 256n on. What the public sees of an entry is its commitment.
create table log_bundles (
  number bigint primary key, -- public
  low bigint not null, -- internal: the smallest id in it
  high bigint not null, -- internal: the greatest id in it and all before it
  entries bytea not null, -- internal: the ids, eight bytes each
  commitments bytea not null -- public: thirty-two bytes each
);
alter table log_bundles alter column commitments set storage external;
create index log_bundles_entries on log_bundles (high, low);

-- Tiles of level 1 and above; those of level 0 are the leaf hashes of the bundles.
create table log_tiles (
  level bigint not null, -- public
  number bigint not null, -- public
  hashes bytea not null, -- public: thirty-two bytes each, at most 256
  primary key (level, number)
);

-- The one row that says how far the log has come. Whoever locks it is the sequencer of that moment.
create table log_head (
  id bigint primary key, -- internal
  size bigint not null, -- public
  root bytea not null, -- public
  note text not null, -- public: the signed checkpoint
  signed_at bigint not null -- public
);
insert into log_head (id, size, root, note, signed_at)
values (1, 0, '\xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '', 0);

insert into log_queue (id, entries, commitments)
select min(n), decode(string_agg(lpad(to_hex(id), 16, '0'), '' order by id), 'hex'), null
from (select id, row_number() over (order by id) - 1 as n from credits_entries) numbered group by n / 5000;

create function log_only_grows() returns trigger language plpgsql as $$
begin raise exception '% only grows', tg_table_name; end $$;
create trigger log_bundles_only_grow before update on log_bundles for each row
when (new.number <> old.number or substr(new.entries, 1, length(old.entries)) <> old.entries
  or substr(new.commitments, 1, length(old.commitments)) <> old.commitments)
execute function log_only_grows();
create trigger log_bundles_no_delete before delete on log_bundles for each row execute function log_only_grows();
create trigger log_tiles_only_grow before update on log_tiles for each row
when (new.level <> old.level or new.number <> old.number or substr(new.hashes, 1, length(old.hashes)) <> old.hashes)
execute function log_only_grows();
create trigger log_tiles_no_delete before delete on log_tiles for each row execute function log_only_grows();
create trigger log_head_only_grows before update on log_head for each row
when (new.size < old.size or new.id <> old.id)
execute function log_only_grows();
create trigger log_head_no_delete before delete on log_head for each row execute function log_only_grows();
