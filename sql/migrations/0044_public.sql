-- What the public is shown and sent: letters are counted by the box that they fall into, which has more than one address
-- (DECISIONS 67), and an event says which of its members name what nobody else may look up.
set local role assetd_owner;
set local search_path = assetd, public;

-- What an address is counted as; letters go to it as it was written. Without case, without what stands behind a plus
-- (RFC 5233, which most servers deliver to the same box), and at Google without dots and by one name of its two.
create function mailbox(email text) returns text
	language sql immutable parallel safe strict
	return (select case when host in ('gmail.com', 'googlemail.com') then replace(name, '.', '') || '@gmail.com' else name || '@' || host end
		  from (select regexp_replace(split_part(whole, '@', 1), '^([^+]+)[+].*$', '\1') as name, rtrim(split_part(whole, '@', 2), '.') as host
			  from (values (lower(email collate "C"))) as w (whole)) as parts);

drop index representation_draft_email;
create index representation_draft_mailbox on representation_draft (mailbox(email), created_at);

-- Members of data, before and after that members of the authority alone are shown.
alter table change add column hidden text[] not null default '{}';
