-- log: the public transparency log over the ledger (docs/adr/0006-transparency-log.md). Each entry gets a random salt, so that
-- the commitment to it tells nothing; entries from before the log are salted here and wait in the queue like any other.

alter table credits_entries add column salt blob not null default x''; -- secret: 16 random bytes that blind the commitment
drop trigger credits_entries_no_update;
update credits_entries set salt = randomblob(16);
create trigger credits_entries_no_update before update on credits_entries
begin select raise(abort, 'credits_entries is append-only'); end;

-- Ten balances a person: kept in their key alone.
create table credits_balances_new (
  person bigint not null, -- internal
  year bigint not null, -- personal
  subject text not null, -- personal
  hours bigint not null, -- personal
  activities bigint not null, -- personal
  primary key (person, year, subject)
) without rowid;
insert into credits_balances_new select person, year, subject, hours, activities from credits_balances order by person, year, subject;
drop table credits_balances;
alter table credits_balances_new rename to credits_balances;

-- Entries that are committed and have no index yet: one row a posting, whatever its size.
create table log_queue (
  id integer primary key, -- internal
  entries blob not null, -- internal: the ids, eight bytes each, most significant first
  commitments blob -- internal: thirty-two bytes each, in the same order; null: to be computed from the rows
);

-- 256 leaves each; number n holds the indexes from 256n on. What the public sees of an entry is its commitment.
create table log_bundles (
  number integer primary key, -- public
  low bigint not null, -- internal: the smallest id in it
  high bigint not null, -- internal: the greatest id in it and all before it
  entries blob not null, -- internal: the ids, eight bytes each
  commitments blob not null -- public: thirty-two bytes each
);
create index log_bundles_entries on log_bundles (high, low);

-- Tiles of level 1 and above; those of level 0 are the leaf hashes of the bundles.
create table log_tiles (
  level bigint not null, -- public
  number bigint not null, -- public
  hashes blob not null, -- public: thirty-two bytes each, at most 256
  primary key (level, number)
);

-- The one row that says how far the log has come. Whoever locks it is the sequencer of that moment.
create table log_head (
  id integer primary key, -- internal
  size bigint not null, -- public
  root blob not null, -- public
  note text not null, -- public: the signed checkpoint
  signed_at bigint not null -- public
);
insert into log_head (id, size, root, note, signed_at)
values (1, 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '', 0);

insert into log_queue (id, entries, commitments)
select min(n), unhex(group_concat(printf('%016x', id), '' order by id)), null
from (select id, row_number() over (order by id) - 1 as n from credits_entries) numbered group by n / 5000;

create trigger log_bundles_only_grow before update on log_bundles
when new.number <> old.number or substr(new.entries, 1, length(old.entries)) <> old.entries
  or substr(new.commitments, 1, length(old.commitments)) <> old.commitments
begin select raise(abort, 'log_bundles only grows'); end;
create trigger log_bundles_no_delete before delete on log_bundles
begin select raise(abort, 'log_bundles only grows'); end;
create trigger log_tiles_only_grow before update on log_tiles
when new.level <> old.level or new.number <> old.number or substr(new.hashes, 1, length(old.hashes)) <> old.hashes
begin select raise(abort, 'log_tiles only grows'); end;
create trigger log_tiles_no_delete before delete on log_tiles
begin select raise(abort, 'log_tiles only grows'); end;
create trigger log_head_only_grows before update on log_head when new.size < old.size or new.id <> old.id
begin select raise(abort, 'log_head only grows'); end;
create trigger log_head_no_delete before delete on log_head
begin select raise(abort, 'log_head only grows'); end;
