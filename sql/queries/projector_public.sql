-- projector_public: what everybody was told of the forecast, and the marks of all that was ever told.
-- out: one? version bigint, body bytea, adjusted bytea?, difference bytea?
select p.version, p.body, (select string_agg(m.marks, ''::bytea) from projection_public_mark as m where m.family = 0) as adjusted,
       (select string_agg(m.marks, ''::bytea) from projection_public_mark as m where m.family = 1) as difference
  from projection_public as p
