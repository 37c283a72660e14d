/*
 * Rows of a movement as JSON text, written straight into the buffer: a portfolio has millions of
 * cells.
 */
#include "movement_print.h"

#include "libassets/clock/quarter.h"

void movement_print_sum(struct buf *out, int128 sum)
{
	if (money_fits(sum))
		buf_i64(out, (int64_t)sum);
	else
		buf_str(out, STR("\"E_OVERFLOW\""));
}

static void print_cell(struct buf *out, const struct movement_cell *c, const struct str *partner)
{
	char label[QUARTER_TEXT];

	quarter_format(c->quarter, label);
	buf_char(out, '[');
	buf_json(out, partner[c->partner]);
	buf_fmt(out, ",\"%s\",", label);
	movement_print_sum(out, c->pence);
	buf_char(out, ']');
}

void movement_print_row(struct buf *out, struct str id, const struct movement_row *row,
			const struct str *partner, bool *is_first)
{
	buf_str(out, *is_first ? STR("{\"asset\":") : STR(",{\"asset\":"));
	*is_first = false;
	buf_str(out, id);
	buf_fmt(out, ",\"code\":\"%s\",\"value\":", movement_word(row->code));
	movement_print_sum(out, row->value);
	buf_str(out, STR(",\"moved\":"));
	movement_print_sum(out, row->moved);
	buf_str(out, STR(",\"cells\":["));
	for (size_t i = 0; i < row->cells; i++) {
		if (i)
			buf_char(out, ',');
		print_cell(out, &row->cell[i], partner);
	}
	buf_str(out, STR("]}"));
}
