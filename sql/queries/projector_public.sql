-- projector_public: what everybody was told of the forecast, and what is known of all that ever was; …_old: by marks of no year.
-- out: one? version bigint, body bytea, adjusted bytea?, difference bytea?, adjusted_old bytea?, difference_old bytea?
select p.version, p.body, m.adjusted, m.difference, m.adjusted_old, m.difference_old
  from projection_public as p
 cross join (select string_agg(marks, ''::bytea order by version) filter (where family = 0 and is_by_year) as adjusted,
                    string_agg(marks, ''::bytea order by version) filter (where family = 1 and is_by_year) as difference,
                    string_agg(marks, ''::bytea) filter (where family = 0 and not is_by_year) as adjusted_old,
                    string_agg(marks, ''::bytea) filter (where family = 1 and not is_by_year) as difference_old
               from projection_public_mark) as m
