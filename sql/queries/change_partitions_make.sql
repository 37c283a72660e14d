-- change_partitions_make: partitions of change and the logs, ahead of time; safe to repeat.
-- in:  first_day date, days int
-- out: one made int
select change_partitions($1, $2) as made
