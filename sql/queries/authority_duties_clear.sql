-- authority_duties_clear: none of an authority's duties, before they are written anew.
-- in:  authority_id text
delete from authority_duty where authority_id = $1
