/*
 * The nodes of a simulation, printed. A figure that may not fit says so in its place, as a
 * roll-up's does.
 */
#include "simulation_print.h"

#include "libassets/base/err.h"
#include "libassets/clock/quarter.h"

struct printing {
	struct buf *out;
	struct simulation *simulation;
	bool is_next;
};

static void print_spread(struct buf *out, const char *name, const struct simulation_spread *s,
			 bool is_overflown)
{
	const struct {
		const char *name;
		int64_t pence;
	} figure[] = {{"p10", s->p10_pence},
		      {"p50", s->p50_pence},
		      {"p90", s->p90_pence},
		      {"mean", s->mean_pence}};

	buf_fmt(out, ",\"%s\":{", name);
	for (size_t i = 0; i < COUNT(figure); i++) {
		buf_fmt(out, "%s\"%s\":", i ? "," : "", figure[i].name);
		if (is_overflown)
			buf_str(out, STR("\"E_OVERFLOW\""));
		else
			buf_i64(out, figure[i].pence);
	}
	buf_char(out, '}');
}

/* One node: its place, and what the file calls it. */
struct printed {
	enum simulation_dim dim;
	uint32_t key, year;
	const char *word;
	struct str name;
};

static int print_node(struct printing *p, const struct printed *at)
{
	struct simulation_node n;
	int r = simulation_read(p->simulation, at->dim, at->key, at->year, &n);

	if (r < 0)
		return r == ERR_NOT_FOUND ? 0 : r;
	buf_fmt(p->out, "%s{\"dim\":\"%s\",\"key\":", p->is_next ? "," : "", at->word);
	buf_json(p->out, at->name);
	print_spread(p->out, "baseline", &n.baseline, n.is_overflown);
	print_spread(p->out, "adjusted", &n.adjusted, n.is_overflown);
	print_spread(p->out, "adjustment", &n.adjustment, n.is_overflown);
	buf_char(p->out, '}');
	p->is_next = true;
	return 0;
}

int simulation_print_nodes(struct buf *out, struct simulation *s, int32_t first_fy,
			   const struct names *partner, struct arena *arena)
{
	struct printing p = {.out = out, .simulation = s};
	struct printed all = {SIMULATION_ALL, 0, SIMULATION_TOTAL, "ALL", STR("ALL")};
	uint32_t *order;
	char label[FY_TEXT];
	int r = names_sorted(partner, arena, &order);

	if (r == 0)
		r = print_node(&p, &all);
	for (uint32_t y = 0; r == 0 && y < simulation_years(s); y++) {
		fy_format(first_fy + (int32_t)y, label);
		r = print_node(&p, &(struct printed){SIMULATION_ALL, 0, y, "FY", str_of(label)});
	}
	for (uint32_t i = 0; r == 0 && i < partner->count; i++)
		r = print_node(&p, &(struct printed){SIMULATION_PARTNER, order[i], SIMULATION_TOTAL,
						     "PARTNER", partner->at[order[i]]});
	return r;
}
