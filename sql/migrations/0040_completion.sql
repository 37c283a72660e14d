-- A completion that was recorded wrongly is corrected: its disposal is undone, or another stands in its place.
set local role assetd_owner;
set local search_path = assetd, public;

-- A disposal is never rewritten: one that did not happen, or not so, was undone at a moment, and stays to be asked for as
-- it was known before. One at most stands of an asset.
alter table disposal
	add column undone_at timestamptz check (undone_at >= created_at),
	drop constraint disposal_asset_id_key;
create unique index disposal_asset_id_key on disposal (asset_id) where undone_at is null;

-- Times in a review or an appeal that ran on after their last day end with it from this release on, which is looked for on
-- the day after. Nobody did this, so it is no version of the request.
alter table request disable row level security, disable trigger touch;
update request set look_on = least(look_on, (select min((d ->> 'late_after_on')::date) + 1 from jsonb_array_elements(deadlines) as d
		where d ->> 'state' = 'RUNNING' and d ->> 'clock' in ('K16', 'K23')))
 where state in ('UNDER_REVIEW', 'UNDER_APPEAL', 'UNDER_NO_CONTRACT_APPEAL');
alter table request enable row level security, force row level security, enable trigger touch;
