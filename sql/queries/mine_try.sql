-- mine_try: somebody has asked for the links of an address, known or not (functions/0105_ask.sql).
-- in:  who bytea
-- out: one done bool
select mine_try($1) as done
