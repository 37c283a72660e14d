/*
 * Two streams of assets in the order of their ids are merged: an asset of both is a pair, one of
 * either is new or gone. A run's stream is its pages, page 0 of which says under which parameters
 * and on which day they were read; the register's is a book.
 *
 * The old inputs are read twice, once by each run's parameters, since a plan's stage is a number in
 * those; where they are equal the new book reads for both, and what nobody changed is not read at
 * all. The newer run's book gives the partners their numbers.
 */
#include "projector_compare.h"

#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/db/db.h"
#include "libassets/base/err.h"
#include "libassets/projection/projection_input_print.h"
#include "q.h"

enum { ROW_MAX = 4 << 20, CLOCK_EVERY = 16 };

/* One of the two runs. */
struct side {
	char run[MOVED_ID]; /* empty: the register */
	struct book *book;  /* NULL before its frame is read */
	int32_t page;       /* the next to be read */
	bool is_last;       /* there is no further page */
	json_t *rows;       /* of the page under way */
	uint32_t *order;    /* of the register: its assets by their ids */
	uint32_t at, count; /* in the rows, or in that order */
};

struct compare {
	struct side from, to;
	int64_t position;
	struct projection_model
		*other; /* of either book, on the other run's day; NULL: none needed */
	const struct book *other_book;
	bool is_one_book; /* equal parameters: the old inputs are read by the new book alone */
	struct movement *movement;
	struct moved *moved;
	struct buf fresh; /* an asset of the register as text */
};

static void name_run(struct side *s, struct str run)
{
	(void)snprintf(s->run, sizeof(s->run), "%.*s", (int)run.len, run.at ? run.at : "");
}

struct compare *compare_new(struct str from, struct str to, struct book *live, int64_t position)
{
	struct compare *c = calloc(1, sizeof(*c));

	if (!c) {
		book_free(live);
		return NULL;
	}
	c->fresh = BUF(ROW_MAX);
	c->position = position;
	name_run(&c->from, from);
	name_run(&c->to, to);
	if (!live)
		return c;
	c->to.book = live;
	c->to.is_last = true;
	c->to.count = live->asset.count;
	if (names_sorted(&live->asset, &live->arena, &c->to.order) == 0)
		return c;
	compare_free(c);
	return NULL;
}

void compare_free(struct compare *c)
{
	if (!c)
		return;
	movement_free(c->movement);
	moved_free(c->moved);
	json_decref(c->from.rows);
	json_decref(c->to.rows);
	book_free(c->from.book);
	book_free(c->to.book);
	buf_done(&c->fresh);
	free(c);
}

struct moved *compare_moved(struct compare *c)
{
	return TAKE(c->moved);
}

/* --- reading --------------------------------------------------------------------------------- */

static bool is_wanting(const struct side *s)
{
	return s->run[0] && !s->is_last && s->at == s->count;
}

static void ask_side(const struct side *s, struct db_batch *b)
{
	if (is_wanting(s))
		q_run_input_add(b,
				&(struct q_run_input){.run_id = str_of(s->run), .number = s->page});
}

void compare_ask(const struct compare *c, struct db_batch *b)
{
	ask_side(&c->from, b);
	ask_side(&c->to, b);
}

/* A text of a run's frame, laid out again as it was stored. */
static int take_frame(struct side *s, const json_t *frame)
{
	static const char *const part[] = {"params", "partners", "cpps"};
	const char *asof = json_string_value(json_object_get(frame, "asof"));
	char *text[COUNT(part)] = {NULL};
	struct arena arena;
	struct flaws flaws;
	struct day as_of;

	arena_init(&arena, 1 << 20);
	flaws_init(&flaws, &arena);
	for (size_t i = 0; i < COUNT(part); i++)
		text[i] =
			json_dumps(json_object_get(frame, part[i]), JSON_COMPACT | JSON_SORT_KEYS);
	if (asof && day_parse(str_of(asof), &as_of) == 0 && text[0] && text[1] && text[2])
		s->book =
			book_new(as_of, str_of(text[0]), str_of(text[1]), str_of(text[2]), &flaws);
	for (size_t i = 0; i < COUNT(part); i++)
		free(text[i]);
	arena_done(&arena);
	return s->book ? 0 : ERR_BUG;
}

static int take_page(struct side *s, const struct db_reply *reply, int statement)
{
	struct q_run_input_row row;
	json_t *page;
	int err = q_run_input_one(reply, statement, &row);

	if (err == ERR_NOT_FOUND && s->page > 0) {
		s->is_last = true;
		return 0;
	}
	if (err < 0)
		return err;
	page = json_loadb(row.body.at, row.body.len, 0, NULL);
	if (!page)
		return ERR_BUG;
	if (s->page++ == 0) {
		err = take_frame(s, page);
		json_decref(page);
		return err;
	}
	json_decref(s->rows);
	s->rows = page;
	s->at = 0;
	s->count = (uint32_t)json_array_size(page);
	return 0;
}

int compare_take(struct compare *c, const struct db_reply *reply)
{
	bool is_from = is_wanting(&c->from);
	int err = is_from ? take_page(&c->from, reply, 0) : 0;

	if (err == 0 && is_wanting(&c->to))
		err = take_page(&c->to, reply, is_from);
	return err;
}

/* --- both frames are there ------------------------------------------------------------------- */

static bool is_same_params(const struct book *a, const struct book *b)
{
	json_auto_t *x = json_loads(a->partners, 0, NULL), *y = json_loads(b->partners, 0, NULL);

	return strcmp(a->parameters_hash, b->parameters_hash) == 0 && json_equal(x, y);
}

/* One more model: a book's parameters on another day. */
static int other_model(struct compare *c, struct book *b, struct day as_of)
{
	c->other_book = b;
	return projection_model_new(&b->arena, &b->params, as_of, &c->other);
}

/* Which models the steps are projected with; `other` is needed where the days differ. */
static int ground_of(struct compare *c, struct movement_ground *ret_ground)
{
	struct book *old = c->from.book, *fresh = c->to.book;
	struct day was = old->model->as_of, is = fresh->model->as_of;
	struct movement_ground g = {old->model, old->model, fresh->model, false, &fresh->partner};
	int err = 0;

	c->is_one_book = g.is_same_params = is_same_params(old, fresh);
	if (c->is_one_book)
		g.before = g.rolled = fresh->model;
	if (day_cmp(was, is) != 0) {
		err = c->is_one_book ? other_model(c, fresh, was) : other_model(c, old, is);
		if (c->is_one_book)
			g.before = c->other;
		else
			g.rolled = c->other;
	}
	*ret_ground = g;
	return err;
}

static int begin(struct compare *c)
{
	const struct book *fresh = c->to.book;
	struct moved_key key = {.position = c->position, .as_of = fresh->model->as_of.number};
	struct movement_ground ground;
	int err = ground_of(c, &ground);

	memcpy(key.from, c->from.run, sizeof(key.from));
	memcpy(key.to, c->to.run, sizeof(key.to));
	memcpy(key.parameters_hash, fresh->parameters_hash, sizeof(key.parameters_hash));
	if (err < 0)
		return err;
	c->movement = movement_new(&ground);
	c->moved = moved_new(&key);
	return c->movement && c->moved ? 0 : ERR_NOMEM;
}

/* --- asset by asset ----------------------------------------------------------------------------
 */

/* The next asset of a side: its id; false where there is none. */
static bool next_id(struct side *s, struct str *ret_id)
{
	while (s->order && s->at < s->count && !s->book->held[s->order[s->at]])
		s->at++;
	if (s->at == s->count)
		return false;
	if (s->order)
		*ret_id = s->book->asset.at[s->order[s->at]];
	else
		*ret_id = str_of(json_string_value(
			json_object_get(json_array_get(s->rows, s->at), "asset")));
	return true;
}

/* An asset of both runs that nobody has changed: by its text, as the runs keep it. */
static bool is_unchanged(struct compare *c, json_t *old, json_t *fresh, const struct held *live,
			 struct str id)
{
	const struct book *b = c->to.book;
	const struct projection_words words = {&b->params, &b->partner, &b->cpp, &b->locality,
					       &b->class};
	char *text;
	bool is_same;

	if (fresh)
		return json_equal(old, fresh);
	text = json_dumps(old, JSON_COMPACT | JSON_ENSURE_ASCII);
	buf_clear(&c->fresh);
	projection_input_print(&c->fresh, &words, &live->in, id);
	is_same = text && str_eq(str_of(text), buf_view(&c->fresh));
	free(text);
	return is_same;
}

/* One asset: what was read of it, each once, and the pair that points there. */
struct reading {
	struct held *before, *kept, *after;
	struct movement_pair pair;
};

static int count_pair(struct compare *c, struct str id, const struct movement_pair *pair)
{
	const struct projection_asset *newest = pair->after ? pair->after : pair->kept;
	const struct movement_cell *cell;
	size_t cells;
	int err;

	if (!newest)
		return ERR_BUG;
	/* Tables of a book move as it meets new names. */
	if (c->other) {
		c->other->partner = c->other_book->setting;
		c->other->class_index = c->other_book->class_index;
	}
	moved_asset(c->moved, id, newest->lead);
	err = movement_asset(c->movement, pair, moved_row, c->moved);
	cell = movement_closing(c->movement, &cells);
	return err < 0 ? err : moved_closing(c->moved, cell, cells);
}

/* What a run keeps was sound when it was frozen. */
static int kept_read(struct book *b, json_t *kept, struct held **ret_held)
{
	int r = book_read_kept(b, kept, ret_held);

	return r == ERR_INVALID ? ERR_BUG : r;
}

/* The new inputs: of a run's page, or as the register's book has them. */
static int read_after(struct compare *c, struct reading *r, json_t *fresh, const struct held *live)
{
	int err = fresh ? kept_read(c->to.book, fresh, &r->after) : 0;

	if (err < 0)
		return err;
	if (r->after)
		r->pair.after = &r->after->in;
	else if (live)
		r->pair.after = &live->in;
	return 0;
}

/* The old ones, as often as need be; those of an asset that nobody changed are the new ones. */
static int read_before(struct compare *c, struct reading *r, json_t *old)
{
	int err = r->pair.is_unchanged ? 0 : kept_read(c->to.book, old, &r->kept);

	if (err < 0)
		return err;
	r->pair.kept = r->pair.is_unchanged ? r->pair.after : &r->kept->in;
	r->pair.before = r->pair.kept;
	if (c->is_one_book)
		return 0;
	err = kept_read(c->from.book, old, &r->before);
	if (err < 0)
		return err;
	r->pair.before = &r->before->in;
	return 0;
}

static int do_pair(struct compare *c, struct str id, bool has_from, bool has_to)
{
	json_t *old = has_from ? json_array_get(c->from.rows, c->from.at) : NULL;
	json_t *fresh = has_to && !c->to.order ? json_array_get(c->to.rows, c->to.at) : NULL;
	const struct held *live = NULL;
	struct reading r = {0};
	int err;

	if (has_to && c->to.order)
		live = c->to.book->held[c->to.order[c->to.at]];
	r.pair.is_unchanged = old && has_to && is_unchanged(c, old, fresh, live, id);
	err = read_after(c, &r, fresh, live);
	if (err == 0 && old)
		err = read_before(c, &r, old);
	if (err == 0)
		err = count_pair(c, id, &r.pair);
	free(r.before);
	free(r.kept);
	free(r.after);
	c->from.at += has_from;
	c->to.at += has_to;
	return err;
}

/* The smaller of both next ids, or the one that both have. False at the end. */
static int next_pair(struct compare *c, bool *ret_is_end)
{
	struct str from, to;
	bool has_from = next_id(&c->from, &from), has_to = next_id(&c->to, &to);
	int order = has_from && has_to ? str_cmp(from, to) : has_from ? -1 : 1;

	*ret_is_end = !has_from && !has_to;
	if (*ret_is_end)
		return moved_end(c->moved, &c->to.book->partner);
	return do_pair(c, order <= 0 ? from : to, order <= 0, order >= 0);
}

int compare_turn(struct compare *c, int64_t until_us, enum compare_state *ret_state)
{
	bool is_end = false;
	int err = 0;

	*ret_state = COMPARE_READ;
	if (is_wanting(&c->from) || is_wanting(&c->to))
		return 0;
	if (!c->movement)
		err = begin(c);
	for (uint32_t n = 1; err == 0 && !is_end; n++) {
		if (is_wanting(&c->from) || is_wanting(&c->to))
			return 0;
		if (n % CLOCK_EVERY == 0 && clock_mono_us() >= until_us)
			break;
		err = next_pair(c, &is_end);
	}
	*ret_state = is_end ? COMPARE_DONE : COMPARE_WORK;
	return err;
}
