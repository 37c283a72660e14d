-- What no writer may say of a request, whatever it believes the rulebook to be: a review is a council's
-- (or of a body that is treated as one), and the bar begins on the day the request counts as made and
-- ends no more than once, after it began. Nothing here rests on a rule that is not confirmed.
set local role assetd_owner;
set local search_path = assetd, public;

alter table request add constraint request_level_has_route
	check (level <> 'REVIEW' or route in ('LA_REVIEW', 'LA_STYLE_REVIEW'));
alter table request add constraint request_bar_begins
	check (bar_from is null or bar_from = validated_on);
alter table request add constraint request_bar_ends
	check (bar_to is null or bar_from is not null);
