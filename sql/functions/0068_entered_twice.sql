-- What is entered twice by hand: a request or a community body that is there already. The API has its idempotency keys;
-- a form that was sent twice, or by two officers with the same letter, has these.
set local role assetd_owner;
set local search_path = assetd, public;

-- Open requests of a body for the same kind of right to the same asset, or in the same words to land of the same
-- authority that is not listed.
create or replace function request_twins(body text, asset text, authority text, words text, asked text) returns setof text
	language sql stable
as $$
	select r.id::text from request as r join request_state as s on s.code = r.state and s.is_open
	 where r.community_body_id = body and r.kind = asked
	   and (r.asset_id = any (asset_with_merged(array[asset]))
		or asset is null and r.asset_id is null and r.authority_id = authority and plain(r.land ->> 'description') = plain(words))
$$;

-- Unless somebody knows that it is another one. One after another for a body, so that two at the same moment meet.
-- AS046 there is one
create or replace function request_twin_refuse(body text, asset text, authority text, words text, asked text, is_other boolean) returns boolean
	language plpgsql volatile
as $$
begin
	perform pg_advisory_xact_lock(hashtextextended(body, 64));
	if not is_other and exists (select from request_twins(body, asset, authority, words, asked)) then
		raise exception 'an open request like this one is there' using errcode = 'AS046';
	end if;
	return true;
end
$$;

-- Bodies with that name or one of these numbers, however they are written; at most five.
create or replace function body_twins(called text, charity text, company text) returns setof community_body
	language sql stable
as $$
	select b.* from community_body as b
	 where b.search like all (word_patterns(called)) and plain(b.name) = plain(called)
	    or nullif(charity, '') is not null and b.search like all (word_patterns(charity)) and plain(b.charity_number) = plain(charity)
	    or nullif(company, '') is not null and b.search like all (word_patterns(company)) and plain(b.company_number) = plain(company)
	 order by b.name, b.id limit 5
$$;

-- AS046 there is one
create or replace function body_twin_refuse(called text, charity text, company text, is_other boolean) returns boolean
	language plpgsql volatile
as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('community body', 64));
	if not is_other and exists (select from body_twins(called, charity, company)) then
		raise exception 'a body like this one is there' using errcode = 'AS046';
	end if;
	return true;
end
$$;
