-- asset_move: the asset's next version, because something that hangs on it changed; AS040 when it is not there.
-- in:  id text, lifecycle text?, effective_on date
-- out: one version int
select asset_move($1, $2, $3) as version
