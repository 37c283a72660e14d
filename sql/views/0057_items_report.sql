-- Reports that have a row, as a write answers with them: the draft as long as it says anything else than what
-- was published, then that. For its authority, which alone writes.
set local role assetd_owner;
set local search_path = assetd, public;

drop view if exists item_report;

create view item_report with (security_invoker = true) as
select r.id, i.version, i.view, false as gone, r.authority_id, r.year, r.created_at, r.updated_at, i.body
  from report as r
 cross join lateral report_item(r.authority_id, r.year, case when report_differs(r.authority_id, r.year) then 0 end, true) as i;
