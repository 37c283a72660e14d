/*
 * See byte_range.h. A number is digits alone, of at most 15: no file is larger, and no sum
 * overflows.
 */
#include "byte_range.h"

#include "err.h"

enum { DIGITS_MAX = 15 };

static int number(struct str digits, int64_t *ret_value)
{
	int64_t value = 0;

	if (!digits.len || digits.len > DIGITS_MAX)
		return ERR_INVALID;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return ERR_INVALID;
		value = value * 10 + (digits.at[i] - '0');
	}
	*ret_value = value;
	return 0;
}

/* What stands behind the unit, absent when the unit is another. */
static struct str behind_unit(struct str field, struct str unit)
{
	field = str_trim(field);
	if (field.len < unit.len || !str_eq_nocase((struct str){field.at, unit.len}, unit))
		return (struct str){NULL, 0};
	return str_trim((struct str){field.at + unit.len, field.len - unit.len});
}

int byte_range_read(struct str field, int64_t total, struct byte_range *ret)
{
	struct str rest = behind_unit(field, STR("bytes=")), last;
	struct str first = str_cut(rest, '-', &last);
	struct byte_range r = {0, total - 1, total};

	if (str_is_null(rest) || str_is_null(last))
		return ERR_INVALID;
	if (!first.len) {
		int64_t n;

		if (number(last, &n) < 0)
			return ERR_INVALID;
		if (n == 0)
			return ERR_UNSATISFIABLE;
		r.first = n < total ? total - n : 0;
		*ret = r;
		return 0;
	}
	if (number(first, &r.first) < 0 || (last.len && number(last, &r.last) < 0))
		return ERR_INVALID;
	if (last.len && r.last < r.first)
		return ERR_INVALID;
	if (r.first >= total)
		return ERR_UNSATISFIABLE;
	if (r.last >= total)
		r.last = total - 1;
	*ret = r;
	return 0;
}

int byte_range_sent(struct str field, struct byte_range *ret)
{
	struct str total, last;
	struct str first = str_cut(behind_unit(field, STR("bytes ")), '/', &total);
	struct byte_range r;

	first = str_cut(first, '-', &last);
	if (number(first, &r.first) < 0 || number(last, &r.last) < 0 ||
	    number(total, &r.total) < 0 || r.last < r.first || r.last >= r.total)
		return ERR_INVALID;
	*ret = r;
	return 0;
}
