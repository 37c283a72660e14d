/*
 * The memory of what was told: figures, blocks and their sums, and all of it as bytes.
 *
 * Bytes are little endian. What is told now: the number of figures and one byte for each, 1 when it
 * is told; the number of blocks, and of each its figures (DISCLOSURE_SLOTS times 4 bytes), print
 * (8) and sum (16). By which rules each block was told (4 bytes) is kept apart, so that a program
 * that knows nothing of it reads the rest. What is known is parts, one behind another.
 */
#include <stdlib.h>
#include <string.h>

#include "disclosure_private.h"
#include "libassets/base/buf.h"
#include "libassets/base/err.h"

enum { BLOCK_BYTES = 4 * DISCLOSURE_SLOTS + 8 + 16 };
enum { SCATTER_FREE = 1 << 11 /* bytes that are of no use and may stay */ };

struct disclosure *disclosure_new(void)
{
	return calloc(1, sizeof(struct disclosure));
}

void disclosure_free(struct disclosure *d)
{
	if (!d)
		return;
	known_done(&d->known);
	free(d->sums.at);
	free(d->block);
	free(d->figure);
	free(d->sum_news);
	free(d);
}

/* --- sums and figures ------------------------------------------------------------------------- */

uint64_t disclosure_mixed(uint64_t n)
{
	n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
	n ^= n >> 31;
	return n ? n : 1;
}

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
static int reserve_news(struct disclosure *d, size_t sums)
{
	uint64_t *more;

	if (sums <= d->sum_news_room)
		return 0;
	more = reallocarray(d->sum_news, sums, sizeof(*more));
	if (!more)
		return ERR_NOMEM;
	d->sum_news = more;
	d->sum_news_room = sums;
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

int disclosure_reserve(struct disclosure *d, uint32_t figures, size_t sums)
{
	int r = reserve_figures(d, figures);

	if (r == 0)
		r = prints_reserve(&d->sums, sums);
	return r == 0 ? reserve_news(d, sums) : r;
}

bool disclosure_has_sum(const struct disclosure *d, uint64_t print)
{
	return d->sums.room && *place_of(&d->sums, print ? print : 1);
}

void disclosure_add_sum(struct disclosure *d, uint64_t print)
{
	uint64_t *place = place_of(&d->sums, print ? print : 1);

	if (*place)
		return;
	*place = print ? print : 1;
	d->sums.count++;
	d->sum_news[d->sum_news_count++] = *place;
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

void disclosure_put_number(struct buf *out, uint64_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++, n >>= 8)
		buf_char(out, (char)(n & 0xff));
}

uint64_t disclosure_number(const char *at, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = bytes; i > 0; i--)
		n = n << 8 | (unsigned char)at[i - 1];
	return n;
}

void disclosure_put_part(struct buf *out, enum disclosure_part kind, int32_t year, size_t length)
{
	disclosure_put_number(out, kind, 1);
	disclosure_put_number(out, (uint32_t)year, 4);
	disclosure_put_number(out, length, 8);
}

/* The next number, moved past; is_short stays set once there was too little. */
struct reader {
	struct str rest;
	bool is_short;
};

static uint64_t get(struct reader *r, size_t bytes)
{
	uint64_t n;

	if (r->rest.len < bytes) {
		r->is_short = true;
		return 0;
	}
	n = disclosure_number(r->rest.at, bytes);
	r->rest = (struct str){r->rest.at + bytes, r->rest.len - bytes};
	return n;
}

bool disclosure_is_news(const struct disclosure *d)
{
	return d->is_news;
}

void disclosure_put(const struct disclosure *d, struct buf *out)
{
	disclosure_put_number(out, d->figures, 8);
	for (uint32_t f = 0; f < d->figures; f++)
		disclosure_put_number(out, d->figure[f].is_told, 1);
	disclosure_put_number(out, d->blocks, 8);
	for (size_t i = 0; i < d->blocks; i++) {
		const struct block *b = &d->block[i];

		for (int s = 0; s < DISCLOSURE_SLOTS; s++)
			disclosure_put_number(out, b->in[s], 4);
		disclosure_put_number(out, b->print, 8);
		disclosure_put_number(out, (uint64_t)b->sum, 8);
		disclosure_put_number(out, (uint64_t)(b->sum >> 64), 8);
	}
}

void disclosure_put_rules(const struct disclosure *d, struct buf *out)
{
	for (size_t i = 0; i < d->blocks; i++)
		disclosure_put_number(out, d->block[i].rules, 4);
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

bool disclosure_is_scattered(const struct disclosure *d)
{
	return d->kept > 2 * sizeof(uint32_t) * known_count(&d->known) + SCATTER_FREE;
}

/* What was told otherwise meanwhile may not be told again just so any more, which is no harm. */
static void forget_sums(struct disclosure *d)
{
	if (d->sums.room)
		memset(d->sums.at, 0, d->sums.room * sizeof(*d->sums.at));
	d->sums.count = d->sum_news_count = 0;
	for (size_t i = 0; i < d->blocks; i++)
		disclosure_add_sum(d, d->block[i].print);
}

/* Sums that stand are in what is told. */
void disclosure_put_known(struct disclosure *d, bool is_whole, struct buf *out)
{
	size_t before = out->len;

	if (is_whole)
		forget_sums(d);
	known_put(&d->known, is_whole, out);
	if (!is_whole && d->sum_news_count) {
		disclosure_put_part(out, DISCLOSURE_PART_SUMS, 0, 8 * d->sum_news_count);
		for (size_t i = 0; i < d->sum_news_count; i++)
			disclosure_put_number(out, d->sum_news[i], 8);
	}
	d->kept = (is_whole ? 0 : d->kept) + out->len - before;
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

/* A block that stands may be told again just so. */
static int get_standing(struct disclosure *d)
{
	int err = disclosure_reserve(d, 1, d->blocks);

	for (size_t i = 0; i < d->blocks && err == 0; i++)
		disclosure_add_sum(d, d->block[i].print);
	d->sum_news_count = 0;
	return err;
}

static int get_sums(struct disclosure *d, struct str sums)
{
	int err = sums.len % 8 ? ERR_INVALID : disclosure_reserve(d, 1, sums.len / 8);

	for (size_t i = 0; i < sums.len && err == 0; i += 8)
		disclosure_add_sum(d, disclosure_number(sums.at + i, 8));
	d->sum_news_count = 0;
	return err;
}

static int get_part(struct disclosure *d, struct reader *r)
{
	uint64_t kind = get(r, 1), year = get(r, 4), length = get(r, 8);
	struct str part = {r->rest.at, length};

	if (kind >= DISCLOSURE_PARTS || r->is_short || length > r->rest.len)
		return ERR_INVALID;
	r->rest = (struct str){r->rest.at + length, r->rest.len - length};
	if (kind == DISCLOSURE_PART_SUMS)
		return get_sums(d, part);
	return known_get(&d->known, (int)kind, (int32_t)(uint32_t)year, part);
}

static int get_known(struct disclosure *d, struct str known, struct str old)
{
	struct reader r = {.rest = known};
	int err = known_get_old(&d->known, old);

	while (r.rest.len && err == 0)
		err = get_part(d, &r);
	d->kept = known.len + old.len;
	return err;
}

int disclosure_get(struct str told, struct str known, struct str old,
		   struct disclosure **ret_disclosure)
{
	struct disclosure *d = disclosure_new();
	struct reader r = {.rest = told};
	int err = d ? get_figures(d, &r) : ERR_NOMEM;

	if (err == 0)
		err = get_blocks(d, &r);
	if (err == 0)
		err = get_standing(d);
	if (err == 0)
		err = get_known(d, known, old);
	if (err < 0) {
		disclosure_free(d);
		return err;
	}
	disclosure_sum(d);
	*ret_disclosure = d;
	return 0;
}
