/*
 * The inputs of a run as text, behind its figures: a line a page, so that who stores them need not
 * take them apart. In the order of the assets' ids, which is the order in which two runs are
 * walked side by side.
 */
#include <string.h>

#include "libassets/projection/projection_input_print.h"
#include "projector_freeze.h"
#include "projector_private.h"

enum { PAGE_LEAST = 1000 };

static void put_frame(struct freeze *f)
{
	char as_of[DAY_TEXT];

	day_format(f->book->model->as_of, as_of);
	buf_fmt(&f->out, "\n{\"asof\":\"%s\",\"params\":", as_of);
	buf_str(&f->out, str_of(f->book->parameters));
	buf_str(&f->out, STR(",\"partners\":"));
	buf_str(&f->out, str_of(f->book->partners));
	buf_str(&f->out, STR(",\"cpps\":"));
	buf_str(&f->out, str_of(f->book->cpps));
	buf_char(&f->out, '}');
}

static const struct held *held_at(const struct freeze *f, uint32_t i)
{
	uint32_t number = f->order[i];

	return number < f->book->room ? f->book->held[number] : NULL;
}

int freeze_inputs_begin(struct freeze *f)
{
	uint32_t held = 0;
	int err = names_sorted(&f->book->asset, &f->book->arena, &f->order);

	for (uint32_t i = 0; err == 0 && i < f->book->asset.count; i++)
		held += held_at(f, i) != NULL;
	f->page = held / (RUN_PAGES_MAX - 1) + 1;
	if (f->page < PAGE_LEAST)
		f->page = PAGE_LEAST;
	if (err == 0)
		put_frame(f);
	return err;
}

bool freeze_inputs(struct freeze *f)
{
	const struct book *b = f->book;
	const struct projection_words words = {&b->params, &b->partner, &b->cpp, &b->locality,
					       &b->class};
	uint32_t put = 0;

	for (; f->ordered < b->asset.count && put < f->page; f->ordered++) {
		const struct held *h = held_at(f, f->ordered);

		if (!h)
			continue;
		buf_str(&f->out, put++ ? STR(",") : STR("\n["));
		projection_input_print(&f->out, &words, &h->in, b->asset.at[f->order[f->ordered]]);
	}
	if (put)
		buf_char(&f->out, ']');
	return put == f->page;
}
