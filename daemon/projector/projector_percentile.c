/*
 * What the simulator is given. After a new book every asset, a few hundred at a time as it has
 * time for them; what changes meanwhile, or later, as the difference. So the simulation
 * follows the book and never holds it up: a span is packed here, some microseconds an asset, and
 * worked off there.
 *
 * Percentiles include the book as it was when their span left. They are of the whole book or none:
 * before the last asset is in there are no figures.
 */
#include <stdlib.h>

#include "daemon/base/clock.h"
#include "daemon/base/conf.h"
#include "daemon/process/process.h"
#include "libassets/base/err.h"
#include "projector_private.h"

enum {
	SWEEP = 256,       /* assets packed in a turn */
	ITEMS_MAX = 20000, /* changes that wait; more, and all is simulated anew */
	PATIENCE_S = 120,  /* for a span */
	AGAIN_S = 10,      /* after one that failed */
	/*
	 * Between figures, each of which costs all percentiles of the nodes that moved: as many
	 * times what they took, so that while changes stream in they keep no more than a tenth of
	 * a processor from the sums that somebody waits for.
	 */
	REST = 9,
	REST_MIN_MS = 100,
	REST_MAX_MS = 1000,
};

const enum rollup_dim percentile_rollup[SIMULATION_DIMS] = {
	[SIMULATION_ALL] = ROLLUP_ALL,         [SIMULATION_CPP] = ROLLUP_CPP,
	[SIMULATION_PARTNER] = ROLLUP_PARTNER, [SIMULATION_LOCALITY] = ROLLUP_LOCALITY,
	[SIMULATION_DECILE] = ROLLUP_DECILE,   [SIMULATION_CLASS] = ROLLUP_CLASS,
};

static bool is_wanted(const struct projector *p)
{
	return p->course.simulator && p->book && !p->course.is_given_up;
}

static bool is_swept(const struct projector *p)
{
	return p->course.swept >= p->book->room;
}

/* Everything from the beginning, not before a moment. */
static void begin_anew(struct projector *p, int64_t due_us)
{
	struct course *c = &p->course;

	span_free(TAKE(c->next));
	c->is_begun = false;
	c->swept = 0;
	c->turn++;
	if (!c->is_under_way)
		c->due_us = due_us;
	for (uint32_t i = 0; p->book && i < p->book->room; i++) {
		if (p->book->held[i])
			p->book->held[i]->is_simulated = false;
	}
}

/* What there was is not of this book any more. */
static void give_up(struct projector *p)
{
	p->course.is_given_up = true;
	begin_anew(p, 0);
	figures_free(TAKE(p->book->figures));
	log_warn(
		"receipts are not simulated: [projection] memory_mib is too little for all bodies, "
		"years and paths",
		F_INT("memory_mib", (int64_t)(p->course.plan.bytes_max >> 20)));
}

static void failed(struct projector *p, int err)
{
	int64_t dropped;

	p->course.is_under_way = false;
	if (err == ERR_LIMIT) {
		give_up(p);
		return;
	}
	begin_anew(p, clock_mono_us() + AGAIN_S * INT64_C(1000000));
	if (log_gate_open(&p->gate, 1, &dropped))
		log_error("simulation", F_ERR(err), F_INT("dropped", dropped));
}

static int put(struct projector *p, struct held *h, const struct projection_result *r, int sign)
{
	struct course *c = &p->course;
	const struct projection_asset *a = &h->in;
	int64_t beta = projection_beta_of_class(&p->book->params, p->book->class.at[a->class]);
	struct lane_asset *packed;
	int err;

	if (!c->next)
		c->next = calloc(1, sizeof(*c->next));
	if (!c->next)
		return ERR_NOMEM;
	err = simulation_pack(c->packer, p->book->model, a, beta, r, &packed);
	if (err < 0)
		return err;
	h->is_left_out = !packed && !projection_is_error(r->status);
	h->is_simulated = packed && sign > 0;
	return packed ? span_add(c->next, packed, sign > 0 ? SIMULATION_ADD : SIMULATION_TAKE_AWAY)
		      : 0;
}

/* What the book tells. Nothing is known of an asset that is gone before it was simulated. */
static void on_counted(void *arg, struct held *h, const struct projection_result *r, int sign)
{
	struct projector *p = arg;
	int err;

	if (p->course.is_given_up || (sign < 0 && !h->is_simulated))
		return;
	if (p->course.next && p->course.next->items >= ITEMS_MAX) {
		begin_anew(p, 0);
		return;
	}
	err = put(p, h, r, sign);
	if (err < 0)
		failed(p, err);
}

static int sweep(struct projector *p)
{
	struct course *c = &p->course;
	int err = 0;

	for (int n = 0; n < SWEEP && !is_swept(p) && err == 0; c->swept++) {
		struct held *h = p->book->held[c->swept];

		if (!h || h->is_simulated)
			continue;
		err = put(p, h, book_project(p->book, h), 1);
		n++;
	}
	return err;
}

static int64_t rest_us(int64_t took_us)
{
	int64_t us = REST * took_us, least = REST_MIN_MS * INT64_C(1000);
	int64_t most = REST_MAX_MS * INT64_C(1000);

	us = us < least ? least : us;
	return us < most ? us : most;
}

static void on_span(void *arg, struct span *s)
{
	struct projector *p = arg;
	struct course *c = &p->course;
	int64_t now_us = clock_mono_us();

	/* One that is answered after all, past our patience, is not the one that is under way. */
	if (s->number == c->number) {
		c->is_under_way = false;
		c->due_us = s->is_last ? now_us + rest_us(now_us - c->given_us) : 0;
	}
	if (s->turn == c->turn && s->err < 0) {
		failed(p, s->err);
	} else if (s->turn == c->turn && s->figures && p->book) {
		figures_free(p->book->figures);
		p->book->figures = TAKE(s->figures);
		p->book->figures_position = s->position;
	}
	span_free(s);
	projector_turn(p);
}

static int begin(struct projector *p)
{
	struct course *c = &p->course;
	int err = simulation_new(p->book->model, &c->plan, &c->next->fresh);

	c->is_begun = err == 0;
	return err;
}

static int give(struct projector *p)
{
	struct course *c = &p->course;
	struct span *s = c->next;
	int err;

	s->is_last = is_swept(p);
	s->position = projector_includes(p);
	s->turn = c->turn;
	s->number = ++c->number;
	err = simulator_give(c->simulator, s, p->loop, on_span, p);
	if (err < 0)
		return err;
	c->next = NULL;
	c->is_under_way = true;
	c->given_us = clock_mono_us();
	c->due_us = c->given_us + PATIENCE_S * INT64_C(1000000);
	return 0;
}

void percentile_turn(struct projector *p)
{
	struct course *c = &p->course;
	bool is_due = clock_mono_us() >= c->due_us;
	int err = 0;

	if (!is_wanted(p) || p->is_leaving || !is_due)
		return;
	if (c->is_under_way) {
		failed(p, ERR_DEADLINE);
		return;
	}
	if (c->is_begun && is_swept(p) && !c->next)
		return;
	if (!c->next)
		c->next = calloc(1, sizeof(*c->next));
	if (!c->next)
		err = ERR_NOMEM;
	if (err == 0 && !c->is_begun)
		err = begin(p);
	if (err == 0)
		err = sweep(p);
	if (err == 0)
		err = give(p);
	if (err < 0)
		failed(p, err);
}

void percentile_date(struct projector *p)
{
	const struct course *c = &p->course;

	if (p->book->figures && c->is_begun && is_swept(p) && !c->next && !c->is_under_way)
		p->book->figures_position = projector_includes(p);
}

void percentile_begin(struct projector *p)
{
	p->course.is_given_up = false;
	if (!is_wanted(p))
		return;
	begin_anew(p, 0);
	p->book->counted = on_counted;
	p->book->counted_arg = p;
	p->book->seed = p->course.plan.seed;
	p->book->paths = p->course.plan.paths;
}

int percentile_init(struct projector *p)
{
	const struct conf *conf = p->process->conf;

	if (!conf->projection_paths)
		return 0;
	p->course.plan = (struct simulation_plan){(uint64_t)conf->projection_seed,
						  (uint32_t)conf->projection_paths, SIMULATION_BEST,
						  (size_t)conf->projection_memory_mib << 20, NULL};
	p->course.packer = simulation_packer_new();
	p->course.simulator = simulator_new((uint32_t)conf->projection_threads);
	return p->course.packer && p->course.simulator ? 0 : ERR_NOMEM;
}

void percentile_done(struct projector *p)
{
	span_free(p->course.next);
	free(p->course.packer);
	simulator_free(p->course.simulator);
}

static enum simulation_dim rollup_of(enum rollup_dim dim)
{
	enum simulation_dim d = SIMULATION_ALL;

	while (percentile_rollup[d] != dim)
		d++;
	return d;
}

bool percentile_find(const struct book *b, enum rollup_dim dim, uint32_t key, uint32_t year,
		     struct simulation_node *ret_node)
{
	if (!b->figures || !b->figures->dim[rollup_of(dim)].is_read)
		return false;
	*ret_node = figures_at(b->figures, rollup_of(dim), key, year);
	return true;
}

static void put_spread(struct buf *out, const struct simulation_spread *s, bool is_overflown)
{
	const struct {
		const char *name;
		int64_t pence;
	} figure[] = {{"p10_pence", s->p10_pence},
		      {"p50_pence", s->p50_pence},
		      {"p90_pence", s->p90_pence}};

	for (size_t i = 0; i < COUNT(figure); i++) {
		buf_fmt(out, "%c\"%s\":", i ? ',' : '{', figure[i].name);
		if (is_overflown)
			buf_str(out, STR("\"E_OVERFLOW\""));
		else
			buf_i64(out, figure[i].pence);
	}
	buf_char(out, '}');
}

void percentile_put(struct buf *out, const struct simulation_node *n)
{
	buf_str(out, STR("{\"baseline\":"));
	put_spread(out, &n->baseline, n->is_overflown);
	buf_str(out, STR(",\"adjusted\":"));
	put_spread(out, &n->adjusted, n->is_overflown);
	buf_str(out, STR(",\"adjustment\":"));
	put_spread(out, &n->adjustment, n->is_overflown);
	buf_char(out, '}');
}
