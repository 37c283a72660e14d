-- asset_page: a page of the whole register by id, after one; planned once. See asset_page_of.
-- in:  after text, take int
-- out: many body text, key text, id text, version int
select i.body, i.id::text as key, i.id, i.version
  from item_asset as i
 where not i.gone and i.id > (select $1)
 order by i.id
 limit (select $2)
