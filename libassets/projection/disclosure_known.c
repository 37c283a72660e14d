/*
 * See disclosure_known.h. A part of bytes is all of one kind and year, numbers little endian: marks
 * of 4 bytes, or of what rules moved its 16.
 */
#include "disclosure_known.h"

#include <stdlib.h>
#include <string.h>

#include "disclosure_private.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

/* What rules moved takes as much as so many marks. */
enum { MOVED_MARKS = sizeof(struct known_moved) / sizeof(uint32_t) };

static uint32_t mark_of(uint64_t print)
{
	uint32_t mark = (uint32_t)disclosure_mixed(print);

	return mark ? mark : 1;
}

/* --- tables ------------------------------------------------------------------------------------
 */

/* A free place follows within few steps, since a quarter of them is free. */
static bool is_roomy(size_t room, size_t count)
{
	return count <= room - room / 4;
}

static size_t room_for(size_t room, size_t count)
{
	room = room ? room : 64;
	while (!is_roomy(room, count))
		room *= 2;
	return room;
}

static uint32_t *mark_place(const struct known_marks *m, uint32_t mark)
{
	size_t i = (mark * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (m->room - 1);

	while (m->at[i] && m->at[i] != mark)
		i = (i + 1) & (m->room - 1);
	return &m->at[i];
}

static bool has_mark(const struct known_marks *m, uint32_t mark)
{
	return m->room && *mark_place(m, mark);
}

static int marks_reserve(struct known_marks *m, size_t more)
{
	struct known_marks grown = {.count = m->count, .room = room_for(m->room, m->count + more)};

	if (grown.room == m->room)
		return 0;
	grown.at = calloc(grown.room, sizeof(*grown.at));
	if (!grown.at)
		return ERR_NOMEM;
	for (size_t i = 0; i < m->room; i++) {
		if (m->at[i])
			*mark_place(&grown, m->at[i]) = m->at[i];
	}
	free(m->at);
	*m = grown;
	return 0;
}

static struct known_moved *moved_place(struct known_moved *at, size_t room, uint64_t whose)
{
	size_t i = disclosure_mixed(whose) & (room - 1);

	while (at[i].whose && at[i].whose != whose)
		i = (i + 1) & (room - 1);
	return &at[i];
}

/* NULL: rules moved nothing of it. */
static struct known_moved *moved_find(const struct known_year *y, uint64_t whose)
{
	struct known_moved *m =
		y && y->moved.room ? moved_place(y->moved.at, y->moved.room, whose) : NULL;

	return m && m->whose && m->amount ? m : NULL;
}

static int moved_reserve(struct known_year *y, size_t more)
{
	size_t room = room_for(y->moved.room, y->moved.count + more);
	struct known_moved *at;

	if (room == y->moved.room)
		return 0;
	at = calloc(room, sizeof(*at));
	if (!at)
		return ERR_NOMEM;
	for (size_t i = 0; i < y->moved.room; i++) {
		if (y->moved.at[i].whose)
			*moved_place(at, room, y->moved.at[i].whose) = y->moved.at[i];
	}
	free(y->moved.at);
	y->moved.at = at;
	y->moved.room = room;
	return 0;
}

/* --- years -------------------------------------------------------------------------------------
 */

static struct known_year *year_find(const struct known *k, int32_t year)
{
	for (size_t i = 0; i < k->years; i++) {
		if (k->year[i].year == year)
			return &k->year[i];
	}
	return NULL;
}

static struct known_year *year_of(struct known *k, int32_t year)
{
	struct known_year *y = year_find(k, year), *more;

	if (y)
		return y;
	more = reallocarray(k->year, k->years + 1, sizeof(*more));
	if (!more)
		return NULL;
	k->year = more;
	more[k->years] = (struct known_year){.year = year};
	return &more[k->years++];
}

static void year_done(struct known_year *y)
{
	free(y->marks.at);
	free(y->moved.at);
	free(y->mark_news);
	free(y->moved_news);
}

void known_done(struct known *k)
{
	for (size_t i = 0; i < k->years; i++)
		year_done(&k->year[i]);
	free(k->year);
	*k = (struct known){0};
}

void known_forget(struct known *k, int32_t first_year)
{
	size_t kept = 0;

	for (size_t i = 0; i < k->years; i++) {
		if (k->year[i].year < first_year)
			year_done(&k->year[i]);
		else
			k->year[kept++] = k->year[i];
	}
	k->years = kept;
	k->first_year = first_year;
}

size_t known_count(const struct known *k)
{
	size_t count = 0;

	for (size_t i = 0; i < k->years; i++)
		count += k->year[i].marks.count + MOVED_MARKS * k->year[i].moved.count;
	return count;
}

/* --- what is known -----------------------------------------------------------------------------
 */

static bool is_marked(const struct known *k, int32_t year, uint32_t mark)
{
	const struct known_year *y = year_find(k, year), *any = year_find(k, KNOWN_ANY_YEAR);

	return (y && has_mark(&y->marks, mark)) || (any && has_mark(&any->marks, mark));
}

bool known_facts(const struct known *k, const struct disclosure_unit *u)
{
	const struct known_year *any = year_find(k, KNOWN_ANY_YEAR);

	return any && has_mark(&any->marks, mark_of(u->facts));
}

bool known_like(const struct known *k, const struct disclosure_unit *u)
{
	const struct known_year *any = year_find(k, KNOWN_ANY_YEAR);

	return u->like && any && has_mark(&any->marks, mark_of(u->like));
}

bool known_amount(const struct known *k, const struct disclosure_unit *u)
{
	const struct known_moved *m = moved_find(year_find(k, u->year), u->whose);

	return is_marked(k, u->year, mark_of(u->amount)) || (m && m->amount == mark_of(u->amount));
}

/* --- what becomes known ------------------------------------------------------------------------
 */

static void add_mark(struct known_year *y, uint32_t mark)
{
	uint32_t *place = mark_place(&y->marks, mark);

	if (!mark || *place)
		return;
	*place = mark;
	y->marks.count++;
	y->mark_news[y->mark_news_count++] = mark;
}

static void set_moved(struct known_year *y, struct known_moved to)
{
	struct known_moved *m = moved_place(y->moved.at, y->moved.room, to.whose);

	if (memcmp(m, &to, sizeof(to)) == 0)
		return;
	y->moved.count += !m->whose;
	*m = to;
	y->moved_news[y->moved_news_count++] = to;
}

void known_add(struct known *k, const struct disclosure_unit *u, bool had_facts)
{
	const struct known_moved is = {u->whose, mark_of(u->amount), mark_of(u->facts)};
	struct known_year *y = year_find(k, u->year);
	struct known_moved *m = moved_find(y, u->whose);

	if (m && m->facts != is.facts)
		add_mark(y, m->amount);
	if (!had_facts) {
		add_mark(year_find(k, KNOWN_ANY_YEAR), is.facts);
		add_mark(year_find(k, KNOWN_ANY_YEAR), u->like ? mark_of(u->like) : 0);
		add_mark(y, is.amount);
	}
	if (!is_marked(k, u->year, is.amount))
		set_moved(y, is);
	else if (m)
		set_moved(y, (struct known_moved){.whose = u->whose});
}

/* What known_add() of a unit takes at most. */
struct needs {
	size_t facts;        /* marks of any year */
	size_t marks, moved; /* of its own */
};

static struct needs needs_of(const struct known *k, const struct disclosure_unit *u)
{
	const struct known_moved *m = moved_find(year_find(k, u->year), u->whose);
	bool has_facts = known_facts(k, u);
	bool is_moved = has_facts && !is_marked(k, u->year, mark_of(u->amount));
	struct needs n = {
		.facts = has_facts ? 0
			 : u->like ? 2
				   : 1,
		.marks = (size_t)(m && m->facts != mark_of(u->facts)) + (size_t)!has_facts,
		.moved = is_moved || m,
	};

	if (is_moved && m && m->amount == mark_of(u->amount) && !n.marks)
		n.moved = 0;
	return n;
}

/* Years of an asset follow one another: the same facts again? */
static bool is_counted(const struct disclosure_unit *unit, size_t i)
{
	return i > 0 && unit[i - 1].facts == unit[i].facts;
}

static int news_reserve(struct known_year *y)
{
	uint32_t *marks;
	struct known_moved *moved;

	if (y->marks_needed > y->mark_news_room) {
		marks = reallocarray(y->mark_news, y->marks_needed, sizeof(*marks));
		if (!marks)
			return ERR_NOMEM;
		y->mark_news = marks;
		y->mark_news_room = y->marks_needed;
	}
	if (y->moved_needed > y->moved_news_room) {
		moved = reallocarray(y->moved_news, y->moved_needed, sizeof(*moved));
		if (!moved)
			return ERR_NOMEM;
		y->moved_news = moved;
		y->moved_news_room = y->moved_needed;
	}
	return 0;
}

/* Every year, since what is asked for in one may be known of any. */
static int years_reserve(struct known *k)
{
	int r = 0;

	for (size_t i = 0; i < k->years && r == 0; i++) {
		struct known_year *y = &k->year[i];

		r = marks_reserve(&y->marks, y->marks_needed);
		if (r == 0)
			r = moved_reserve(y, y->moved_needed);
		if (r == 0)
			r = news_reserve(y);
	}
	return r;
}

int known_reserve(struct known *k, const struct disclosure_unit *unit, size_t units)
{
	struct known_year *any;
	size_t facts = 0;

	if (units && !year_of(k, KNOWN_ANY_YEAR))
		return ERR_NOMEM;
	k->needed = 0;
	for (size_t i = 0; i < k->years; i++)
		k->year[i].marks_needed = k->year[i].moved_needed = 0;
	for (size_t i = 0; i < units; i++) {
		struct known_year *y = year_of(k, unit[i].year);
		struct needs n;

		if (!y)
			return ERR_NOMEM;
		n = needs_of(k, &unit[i]);
		y->marks_needed += n.marks;
		y->moved_needed += n.moved;
		facts += is_counted(unit, i) ? 0 : n.facts;
		k->needed += n.marks;
		k->needed += n.moved && !moved_find(y, unit[i].whose) ? MOVED_MARKS : 0;
	}
	any = year_find(k, KNOWN_ANY_YEAR); /* now, since another year may have moved it */
	if (any)
		any->marks_needed = facts;
	k->needed += facts;
	if (known_count(k) + k->needed > DISCLOSURE_MARKS_MAX)
		return ERR_LIMIT;
	k->needed = 0;
	return years_reserve(k);
}

void known_begin(struct known *k)
{
	for (size_t i = 0; i < k->years; i++)
		k->year[i].mark_news_count = k->year[i].moved_news_count = 0;
}

bool known_is_news(const struct known *k)
{
	bool is_news = false;

	for (size_t i = 0; i < k->years && !is_news; i++)
		is_news = k->year[i].mark_news_count || k->year[i].moved_news_count;
	return is_news;
}

/* --- bytes -------------------------------------------------------------------------------------
 */

static void put_moved(struct buf *out, const struct known_moved *m)
{
	disclosure_put_number(out, m->whose, 8);
	disclosure_put_number(out, m->amount, 4);
	disclosure_put_number(out, m->facts, 4);
}

static void put_news(const struct known_year *y, struct buf *out)
{
	if (y->mark_news_count)
		disclosure_put_part(out, DISCLOSURE_PART_MARKS, y->year, 4 * y->mark_news_count);
	for (size_t i = 0; i < y->mark_news_count; i++)
		disclosure_put_number(out, y->mark_news[i], 4);
	if (y->moved_news_count)
		disclosure_put_part(out, DISCLOSURE_PART_MOVED, y->year,
				    sizeof(struct known_moved) * y->moved_news_count);
	for (size_t i = 0; i < y->moved_news_count; i++)
		put_moved(out, &y->moved_news[i]);
}

static size_t moved_left(const struct known_year *y)
{
	size_t left = 0;

	for (size_t i = 0; i < y->moved.room; i++)
		left += y->moved.at[i].amount != 0;
	return left;
}

static void put_all(const struct known_year *y, struct buf *out)
{
	disclosure_put_part(out, DISCLOSURE_PART_MARKS, y->year, 4 * y->marks.count);
	for (size_t i = 0; i < y->marks.room; i++) {
		if (y->marks.at[i])
			disclosure_put_number(out, y->marks.at[i], 4);
	}
	disclosure_put_part(out, DISCLOSURE_PART_MOVED, y->year,
			    sizeof(struct known_moved) * moved_left(y));
	for (size_t i = 0; i < y->moved.room; i++) {
		if (y->moved.at[i].amount)
			put_moved(out, &y->moved.at[i]);
	}
}

void known_put(const struct known *k, bool is_whole, struct buf *out)
{
	if (is_whole)
		disclosure_put_part(out, DISCLOSURE_PART_FIRST_YEAR, k->first_year, 0);
	for (size_t i = 0; i < k->years; i++) {
		if (is_whole)
			put_all(&k->year[i], out);
		else
			put_news(&k->year[i], out);
	}
}

static int get_marks(struct known_year *y, struct str bytes, size_t width)
{
	y->marks_needed = bytes.len / width;
	if (bytes.len % width)
		return ERR_INVALID;
	if (marks_reserve(&y->marks, y->marks_needed) < 0 || news_reserve(y) < 0)
		return ERR_NOMEM;
	for (; bytes.len; bytes = (struct str){bytes.at + width, bytes.len - width})
		add_mark(y, (uint32_t)disclosure_number(bytes.at, 4));
	y->mark_news_count = 0;
	return 0;
}

static int get_moved(struct known_year *y, struct str bytes)
{
	const size_t width = sizeof(struct known_moved);

	y->moved_needed = bytes.len / width;
	if (bytes.len % width)
		return ERR_INVALID;
	if (moved_reserve(y, y->moved_needed) < 0 || news_reserve(y) < 0)
		return ERR_NOMEM;
	for (; bytes.len; bytes = (struct str){bytes.at + width, bytes.len - width}) {
		struct known_moved m = {
			.whose = disclosure_number(bytes.at, 8),
			.amount = (uint32_t)disclosure_number(bytes.at + 8, 4),
			.facts = (uint32_t)disclosure_number(bytes.at + 12, 4),
		};

		if (!m.whose)
			return ERR_INVALID;
		set_moved(y, m);
	}
	y->moved_news_count = 0;
	return 0;
}

int known_get(struct known *k, int kind, int32_t year, struct str bytes)
{
	struct known_year *y;

	if (known_count(k) + bytes.len / 4 > 2 * (size_t)DISCLOSURE_MARKS_MAX)
		return ERR_LIMIT;
	if (kind == DISCLOSURE_PART_FIRST_YEAR) {
		k->first_year = year;
		return bytes.len ? ERR_INVALID : 0;
	}
	y = year_of(k, year);
	if (!y)
		return ERR_NOMEM;
	return kind == DISCLOSURE_PART_MARKS ? get_marks(y, bytes, 4) : get_moved(y, bytes);
}

int known_get_old(struct known *k, struct str marks)
{
	struct known_year *y = marks.len ? year_of(k, KNOWN_ANY_YEAR) : NULL;

	if (!marks.len)
		return 0;
	return y ? get_marks(y, marks, 8) : ERR_NOMEM;
}
