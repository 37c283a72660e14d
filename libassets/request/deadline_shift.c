/*
 * Kept deadlines against new ones. Both lists are short, so each is walked for each.
 *
 * What is compared are members that deadline_encode() writes; one that decides whether two are
 * the same must be looked at in is_same() too.
 */
#include "deadline_shift.h"

#include <stdlib.h>

#include "libassets/base/member.h"

static bool is_text(const json_t *item, const char *member, const char *want)
{
	const char *text = json_string_value(json_object_get(item, member));

	return text && strcmp(text, want) == 0;
}

static bool is_day(const json_t *item, const char *member, struct day d)
{
	char want[DAY_TEXT];

	day_format(d, want);
	return is_text(item, member, want);
}

static bool is_same(const json_t *item, const struct deadline *d)
{
	return is_text(item, "clock", d->clock->id) && is_day(item, "starts_on", d->starts_on) &&
	       is_text(item, "state", deadline_state_name(d->state)) &&
	       json_is_true(json_object_get(item, "held")) == d->is_held;
}

static const json_t *kept_of(const json_t *kept, const struct deadline *d)
{
	const json_t *item;
	size_t i;

	json_array_foreach (kept, i, item) {
		if (is_same(item, d))
			return item;
	}
	return NULL;
}

static bool has_same_days(const json_t *item, const struct deadline *d)
{
	return is_day(item, "due_on", d->due_on) && is_day(item, "late_after_on", d->late_after_on);
}

static bool is_settled(const json_t *item, const struct deadline *d)
{
	return d->state == DEADLINE_RUNNING && !d->is_provisional && has_same_days(item, d) &&
	       json_is_true(json_object_get(item, "provisional"));
}

static struct day day_of(const json_t *item, const char *member)
{
	const char *text = json_string_value(json_object_get(item, member));
	struct day d;

	return text && day_parse(str_of(text), &d) == 0 ? d : DAY_NONE;
}

size_t deadlines_shifted(const json_t *kept, const struct deadline *now, size_t n,
			 struct deadline_shift ret_shift[DEADLINES_MAX])
{
	size_t shifts = 0;

	for (size_t i = 0; i < n && shifts < DEADLINES_MAX; i++) {
		const json_t *item = kept_of(kept, &now[i]);

		if (!item || now[i].state != DEADLINE_RUNNING || has_same_days(item, &now[i]))
			continue;
		ret_shift[shifts++] = (struct deadline_shift){
			.now = &now[i],
			.was_due_on = day_of(item, "due_on"),
			.was_late_after_on = day_of(item, "late_after_on"),
		};
	}
	return shifts;
}

size_t deadlines_settled(const json_t *kept, const struct deadline *now, size_t n,
			 const struct deadline *ret_settled[DEADLINES_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < n && count < DEADLINES_MAX; i++) {
		const json_t *item = kept_of(kept, &now[i]);

		if (item && is_settled(item, &now[i]))
			ret_settled[count++] = &now[i];
	}
	return count;
}

static void add_head(const struct deadline *d, struct buf *out)
{
	buf_char(out, '{');
	member_text(out, "clock", str_of(d->clock->id));
	member_text(out, "name", str_of(d->clock->name));
	member_day(out, "starts_on", d->starts_on);
}

void deadline_settled_encode(const struct deadline *d, struct buf *out)
{
	add_head(d, out);
	member_day(out, "due_on", d->due_on);
	member_day(out, "late_after_on", d->late_after_on);
	buf_char(out, '}');
}

void deadline_shift_encode(const struct deadline_shift *s, struct buf *out)
{
	add_head(s->now, out);
	member_day(out, "was_due_on", s->was_due_on);
	member_day(out, "due_on", s->now->due_on);
	member_day(out, "was_late_after_on", s->was_late_after_on);
	member_day(out, "late_after_on", s->now->late_after_on);
	buf_char(out, '}');
}

static void add_kept(const json_t *item, struct buf *out)
{
	char *text = json_dumps(item, JSON_COMPACT);

	/* Without memory the list is broken JSON, which the database does not take. */
	buf_str(out, str_of(text ? text : "?"));
	free(text);
}

void deadlines_encode_over(const json_t *kept, const struct deadline *now, size_t n,
			   struct buf *out)
{
	buf_char(out, '[');
	for (size_t i = 0; i < n; i++) {
		const json_t *item = kept_of(kept, &now[i]);

		if (i)
			buf_char(out, ',');
		if (item && !is_settled(item, &now[i]) &&
		    (now[i].state != DEADLINE_RUNNING || has_same_days(item, &now[i])))
			add_kept(item, out);
		else
			deadline_encode(&now[i], out);
	}
	buf_char(out, ']');
}
