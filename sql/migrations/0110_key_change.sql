-- Keys that were given another name or an earlier end, and keys that took the place of others.
set local role assetd_owner;
set local search_path = assetd, public;

-- before, after: of what was changed. Of a rotation `after` names the next key.
alter table key_act
	drop constraint key_act_act_check,
	add constraint key_act_act_check check (act in ('MADE', 'CHANGED', 'ROTATED', 'ENDED')),
	add column before jsonb,
	add column after jsonb;
