/*
 * A movement as the members of a JSON object, or its rows as CSV. What a view leaves out was worked
 * out all the same: the next view is another reader's.
 */
#include <inttypes.h>

#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"
#include "libassets/projection/movement_print.h"
#include "projector_moved_private.h"

static const struct moved_sums nothing;

/* Whose sums and rows: 0 everything's, a partner's number + 1, or 0xffffffff of one that has none.
 */
#define NOBODY UINT32_MAX

static uint32_t number_of(const struct moved *m, struct str authority_id)
{
	if (str_is_null(authority_id))
		return 0;
	for (uint32_t i = 0; i < m->partners; i++) {
		if (str_eq(authority_id, str_of(m->partner[i])))
			return i + 1;
	}
	return NOBODY;
}

static const struct moved_sums *sums_at(const struct moved *m, uint32_t number)
{
	const struct moved_sums *s = NULL;

	if (number < m->sums.count)
		s = ((struct moved_sums *const *)m->sums.at)[number];
	return s ? s : &nothing;
}

static void put_sum(struct buf *out, const char *key, int128 sum)
{
	buf_fmt(out, ",\"%s\":", key);
	movement_print_sum(out, sum);
}

static int128 sum_of(const int128 *value)
{
	int128 sum = 0;

	for (size_t i = 0; i < MOVEMENTS; i++)
		sum += value[i];
	return sum;
}

/* The old figure, what moved it, the new one. */
static void put_ends(struct buf *out, int128 closing, const int128 *value)
{
	buf_str(out, STR("\"old_pence\":"));
	movement_print_sum(out, closing - sum_of(value));
	put_sum(out, "new_pence", closing);
	put_sum(out, "value_pence", sum_of(value));
}

static void put_totals(struct buf *out, const struct moved_sums *s)
{
	const char *comma = "";

	buf_str(out, STR("{"));
	put_ends(out, s->closing, s->value);
	buf_str(out, STR(",\"codes\":["));
	for (enum movement_code c = 0; c < MOVEMENTS; c++) {
		if (!s->rows[c])
			continue;
		buf_fmt(out, "%s{\"code\":\"%s\",\"rows\":%" PRIu32, comma, movement_word(c),
			s->rows[c]);
		put_sum(out, "value_pence", s->value[c]);
		put_sum(out, "moved_pence", s->moved[c]);
		buf_char(out, '}');
		comma = ",";
	}
	buf_str(out, STR("]}"));
}

static void put_codes(struct buf *out, const int128 *value)
{
	const char *comma = "";

	buf_str(out, STR(",\"codes\":["));
	for (enum movement_code c = 0; c < MOVEMENTS; c++) {
		if (!value[c])
			continue;
		buf_fmt(out, "%s{\"code\":\"%s\"", comma, movement_word(c));
		put_sum(out, "value_pence", value[c]);
		buf_char(out, '}');
		comma = ",";
	}
	buf_str(out, STR("]}"));
}

static bool is_empty(int128 closing, const int128 *value)
{
	bool is_empty = closing == 0;

	for (size_t i = 0; i < MOVEMENTS; i++)
		is_empty &= value[i] == 0;
	return is_empty;
}

static void put_years(struct buf *out, const struct moved_sums *s)
{
	const char *comma = "";

	for (int32_t i = 0; i < PROJECTION_FYS; i++) {
		char label[FY_TEXT];

		if (is_empty(s->year[i].closing, s->year[i].value))
			continue;
		fy_format(PROJECTION_FY_MIN + i, label);
		buf_fmt(out, "%s{\"group\":{\"year\":\"%s\"},", comma, label);
		put_ends(out, s->year[i].closing, s->year[i].value);
		put_codes(out, s->year[i].value);
		comma = ",";
	}
}

static void put_authorities(struct buf *out, const struct moved *m, uint32_t only)
{
	const char *comma = "";

	for (uint32_t i = 0; i < m->partners; i++) {
		const struct moved_sums *s = sums_at(m, i + 1);

		if ((only && only != i + 1) || is_empty(s->closing, s->value))
			continue;
		buf_fmt(out, "%s{\"group\":{\"authority_id\":\"%s\"},", comma, m->partner[i]);
		put_ends(out, s->closing, s->value);
		put_codes(out, s->value);
		comma = ",";
	}
}

static const struct moved_asset *asset_of(const struct moved *m, const struct moved_row *r)
{
	return &((const struct moved_asset *)m->asset.at)[r->asset];
}

/* What of a row is shown; false of one in which that partner has no part. */
static bool part_of(const struct moved *m, const struct moved_row *r, uint32_t number,
		    struct moved_part *ret_part)
{
	const struct moved_part *part = m->part.at;

	*ret_part = (struct moved_part){asset_of(m, r)->lead, r->value, r->moved};
	if (!number)
		return true;
	for (uint32_t i = r->part; i < r->part + r->parts; i++) {
		if (part[i].partner + 1 == number) {
			*ret_part = part[i];
			return true;
		}
	}
	return false;
}

static bool is_after(const struct moved *m, const struct moved_row *r, const struct moved_view *v)
{
	struct str id = str_of(asset_of(m, r)->id);
	int order = str_is_null(v->after_asset) ? 1 : str_cmp(id, v->after_asset);

	if (order)
		return order > 0;
	for (enum movement_code c = 0; c < MOVEMENTS; c++) {
		if (str_eq(v->after_code, str_of(movement_word(c))))
			return r->code > c;
	}
	return true;
}

/* Rows stand by asset and code: the first that may be after the view's mark, by halving. */
static uint32_t first_after(const struct moved *m, const struct moved_view *v)
{
	const struct moved_row *row = m->row.at;
	uint32_t from = 0, to = m->row.count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		if (is_after(m, &row[middle], v))
			to = middle;
		else
			from = middle + 1;
	}
	return from;
}

static void put_row(const struct moved *m, const struct moved_row *r, const struct moved_part *p,
		    struct buf *out)
{
	buf_fmt(out, "{\"asset_id\":\"%s\",\"code\":\"%s\",\"authority_id\":\"%s\"",
		asset_of(m, r)->id, movement_word(r->code), m->partner[p->partner]);
	put_sum(out, "value_pence", p->value);
	put_sum(out, "moved_pence", p->moved);
	buf_char(out, '}');
}

static void put_pounds(struct buf *out, int128 sum)
{
	char text[MONEY_TEXT] = "E_OVERFLOW";

	if (money_fits(sum))
		money_plain((int64_t)sum, text);
	buf_str(out, str_of(text));
}

static void put_line(const struct moved *m, const struct moved_row *r, const struct moved_part *p,
		     struct buf *out)
{
	buf_fmt(out, "%s,%s,%s,", asset_of(m, r)->id, movement_word(r->code),
		m->partner[p->partner]);
	put_pounds(out, p->value);
	buf_char(out, ',');
	put_pounds(out, p->moved);
	buf_str(out, STR("\r\n"));
}

/* One row more than were asked for says that there are more; it is not printed. */
static bool put_rows(const struct moved *m, const struct moved_view *v, uint32_t number,
		     struct buf *out)
{
	const struct moved_row *row = m->row.at;
	int32_t put = 0;

	for (uint32_t i = first_after(m, v); i < m->row.count; i++) {
		struct moved_part part;

		if (v->code.at && !str_eq(v->code, str_of(movement_word(row[i].code))))
			continue;
		if (!part_of(m, &row[i], number, &part))
			continue;
		if (put++ == v->most && !v->is_csv)
			return true;
		if (v->is_csv) {
			put_line(m, &row[i], &part, out);
			continue;
		}
		if (put > 1)
			buf_char(out, ',');
		put_row(m, &row[i], &part, out);
	}
	return false;
}

void moved_print(const struct moved *m, const struct moved_view *v, struct buf *out)
{
	uint32_t number = number_of(m, v->authority_id);
	char as_of[DAY_TEXT];
	bool has_more = false;

	if (v->is_csv) {
		buf_str(out, STR("asset_id,code,authority_id,value_gbp,moved_gbp\r\n"));
		(void)put_rows(m, v, number, out);
		return;
	}
	day_format((struct day){m->key.as_of}, as_of);
	buf_fmt(out, "{\"as_of\":\"%s\",\"position\":%" PRId64 ",\"totals\":", as_of,
		m->key.position);
	put_totals(out, sums_at(m, number));
	buf_str(out, STR(",\"items\":["));
	if (v->is_by_authority)
		put_authorities(out, m, number);
	else
		put_years(out, sums_at(m, number));
	buf_str(out, STR("],\"rows\":"));
	if (v->has_rows) {
		buf_char(out, '[');
		has_more = put_rows(m, v, number, out);
		buf_char(out, ']');
	} else {
		buf_str(out, STR("null"));
	}
	buf_fmt(out, ",\"has_more\":%s}", has_more ? "true" : "false");
}
