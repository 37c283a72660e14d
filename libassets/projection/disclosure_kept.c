/*
 * The memory of what was told: marks in a hash table, figures and blocks, and all of it as bytes.
 *
 * Bytes are little endian. What is told now: the number of figures and one byte for each, 1 when it
 * is told; the number of blocks, and of each its figures (DISCLOSURE_SLOTS times 4 bytes), print
 * (8) and sum (16). By which rules each block was told (4 bytes) is kept apart, so that a program
 * that knows nothing of it reads the rest. A mark is 8 bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "disclosure_private.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

enum { BLOCK_BYTES = 4 * DISCLOSURE_SLOTS + 8 + 16 };

struct disclosure *disclosure_new(void)
{
	return calloc(1, sizeof(struct disclosure));
}

void disclosure_free(struct disclosure *d)
{
	if (!d)
		return;
	free(d->told.at);
	free(d->block);
	free(d->figure);
	free(d->mark);
	free(d);
}

/* --- marks and figures ------------------------------------------------------------------------ */

static uint64_t *place_of(const struct prints *p, uint64_t print)
{
	size_t i = print & (p->room - 1);

	while (p->at[i] && p->at[i] != print)
		i = (i + 1) & (p->room - 1);
	return &p->at[i];
}

static int prints_reserve(struct prints *p, size_t more)
{
	struct prints grown = {.room = p->room ? p->room : 64, .count = p->count};

	while (grown.room < 2 * (p->count + more))
		grown.room *= 2;
	if (grown.room == p->room)
		return 0;
	if (grown.room > DISCLOSURE_PRINTS_MAX)
		return ERR_LIMIT;
	grown.at = calloc(grown.room, sizeof(*grown.at));
	if (!grown.at)
		return ERR_NOMEM;
	for (size_t i = 0; i < p->room; i++) {
		if (p->at[i])
			*place_of(&grown, p->at[i]) = p->at[i];
	}
	free(p->at);
	*p = grown;
	return 0;
}

/* Room for what one telling makes, beside the table of all. */
static int reserve_news(struct disclosure *d, size_t marks)
{
	uint64_t *more;

	if (marks <= d->mark_room)
		return 0;
	more = reallocarray(d->mark, marks, sizeof(*more));
	if (!more)
		return ERR_NOMEM;
	d->mark = more;
	d->mark_room = marks;
	return 0;
}

static int reserve_figures(struct disclosure *d, uint32_t figures)
{
	struct figure *more;

	if (figures > DISCLOSURE_FIGURES_MAX)
		return ERR_LIMIT;
	if (figures <= d->figures)
		return 0;
	more = reallocarray(d->figure, figures, sizeof(*more));
	if (!more)
		return ERR_NOMEM;
	memset(more + d->figures, 0, (figures - d->figures) * sizeof(*more));
	d->figure = more;
	d->figures = figures;
	return 0;
}

int disclosure_reserve(struct disclosure *d, uint32_t figures, size_t marks)
{
	int r = reserve_figures(d, figures);

	if (r == 0)
		r = prints_reserve(&d->told, marks);
	return r == 0 ? reserve_news(d, marks) : r;
}

bool disclosure_has(const struct disclosure *d, uint64_t mark)
{
	return d->told.room && *place_of(&d->told, mark);
}

void disclosure_mark(struct disclosure *d, uint64_t mark)
{
	uint64_t *place = place_of(&d->told, mark);

	if (*place)
		return;
	*place = mark;
	d->told.count++;
	d->mark[d->news++] = mark;
}

static void add_rules(struct disclosure_rules *r, uint32_t rules)
{
	r->first = rules < r->first ? rules : r->first;
	r->last = rules > r->last ? rules : r->last;
}

struct disclosure_rules disclosure_rules_of(const struct disclosure *d, uint32_t figure)
{
	const struct disclosure_rules none = {.first = UINT32_MAX};

	return figure < d->figures ? d->figure[figure].rules : none;
}

bool disclosure_stands_by(const struct disclosure *d, uint32_t rules)
{
	bool stands = false;

	for (size_t i = 0; i < d->blocks && !stands; i++)
		stands = d->block[i].rules == rules;
	return stands;
}

void disclosure_sum(struct disclosure *d)
{
	for (uint32_t f = 0; f < d->figures; f++) {
		d->figure[f].sum = 0;
		d->figure[f].blocks = 0;
		d->figure[f].rules = (struct disclosure_rules){.first = UINT32_MAX};
	}
	for (size_t i = 0; i < d->blocks; i++) {
		for (int slot = 0; slot < DISCLOSURE_SLOTS; slot++) {
			struct figure *f = &d->figure[d->block[i].in[slot]];

			f->sum += d->block[i].sum;
			f->blocks++;
			add_rules(&f->rules, d->block[i].rules);
		}
	}
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void put(struct buf *out, uint64_t n, int bytes)
{
	for (int i = 0; i < bytes; i++, n >>= 8)
		buf_char(out, (char)(n & 0xff));
}

/* The next number, moved past; is_short stays set once there was too little. */
struct reader {
	struct str rest;
	bool is_short;
};

static uint64_t get(struct reader *r, size_t bytes)
{
	uint64_t n = 0;

	if (r->rest.len < bytes) {
		r->is_short = true;
		return 0;
	}
	for (size_t i = bytes; i > 0; i--)
		n = n << 8 | (unsigned char)r->rest.at[i - 1];
	r->rest = (struct str){r->rest.at + bytes, r->rest.len - bytes};
	return n;
}

bool disclosure_is_news(const struct disclosure *d)
{
	return d->is_news;
}

void disclosure_put(const struct disclosure *d, struct buf *out)
{
	put(out, d->figures, 8);
	for (uint32_t f = 0; f < d->figures; f++)
		put(out, d->figure[f].is_told, 1);
	put(out, d->blocks, 8);
	for (size_t i = 0; i < d->blocks; i++) {
		const struct block *b = &d->block[i];

		for (int s = 0; s < DISCLOSURE_SLOTS; s++)
			put(out, b->in[s], 4);
		put(out, b->print, 8);
		put(out, (uint64_t)b->sum, 8);
		put(out, (uint64_t)(b->sum >> 64), 8);
	}
}

void disclosure_put_rules(const struct disclosure *d, struct buf *out)
{
	for (size_t i = 0; i < d->blocks; i++)
		put(out, d->block[i].rules, 4);
}

int disclosure_get_rules(struct disclosure *d, struct str rules)
{
	struct reader r = {.rest = rules};

	if (rules.len != 4 * d->blocks)
		return ERR_INVALID;
	for (size_t i = 0; i < d->blocks; i++)
		d->block[i].rules = (uint32_t)get(&r, 4);
	disclosure_sum(d);
	return 0;
}

void disclosure_put_marks(const struct disclosure *d, struct buf *out)
{
	for (size_t i = 0; i < d->news; i++)
		put(out, d->mark[i], 8);
}

static int get_figures(struct disclosure *d, struct reader *r)
{
	uint64_t figures = get(r, 8);
	int err =
		figures <= r->rest.len ? disclosure_reserve(d, (uint32_t)figures, 0) : ERR_INVALID;

	for (uint64_t f = 0; f < figures && err == 0; f++)
		d->figure[f].is_told = get(r, 1) == 1;
	return err;
}

static int get_blocks(struct disclosure *d, struct reader *r)
{
	uint64_t blocks = get(r, 8);

	if (blocks > r->rest.len / BLOCK_BYTES)
		return ERR_INVALID;
	d->block = calloc(blocks + 1, sizeof(*d->block));
	if (!d->block)
		return ERR_NOMEM;
	for (; d->blocks < blocks; d->blocks++) {
		struct block *b = &d->block[d->blocks];
		uint64_t low;

		for (int s = 0; s < DISCLOSURE_SLOTS; s++) {
			b->in[s] = (uint32_t)get(r, 4);
			if (b->in[s] >= d->figures)
				return ERR_INVALID;
		}
		b->print = get(r, 8);
		low = get(r, 8);
		b->sum = (int128)(int64_t)get(r, 8) * ((int128)1 << 64) + (int128)low;
	}
	return r->is_short || r->rest.len ? ERR_INVALID : 0;
}

static int get_marks(struct disclosure *d, struct reader *r)
{
	int err = r->rest.len % 8 ? ERR_INVALID : disclosure_reserve(d, 1, r->rest.len / 8);

	while (r->rest.len && err == 0) {
		uint64_t mark = get(r, 8);

		if (mark)
			disclosure_mark(d, mark);
	}
	d->news = 0;
	return err;
}

int disclosure_get(struct str told, struct str marks, struct disclosure **ret_disclosure)
{
	struct disclosure *d = disclosure_new();
	struct reader r = {.rest = told}, m = {.rest = marks};
	int err = d ? get_figures(d, &r) : ERR_NOMEM;

	if (err == 0)
		err = get_blocks(d, &r);
	if (err == 0)
		err = get_marks(d, &m);
	if (err < 0) {
		disclosure_free(d);
		return err;
	}
	disclosure_sum(d);
	*ret_disclosure = d;
	return 0;
}
