-- city: what the lists of a whole city are found by. Three million people and thirty million entries are never read through
-- to show fifty of them: each reach of a list (year, employer, provider, district, department) and each filter of the
-- register of people has its index, in the order of ids, which is the order of the list.

create index credits_entries_year on credits_entries (year, id);
create index credits_entries_org on credits_entries (org, id);
create index credits_entries_provider on credits_entries (provider, id) where provider is not null;
create index credits_entries_district on credits_entries (district, id);
create index credits_entries_department on credits_entries (department, id) where department is not null;

-- Found by the beginning of the name, in the order of its bytes; people of one name in the order of their ids.
drop index people_name;
create index people_name on people (name, id);
create index people_level on people (title_level, id);
create index people_series on people (title_series, id);
create index people_field on people (field, id);
create index people_unverified on people (id) where standing = 'unverified';
