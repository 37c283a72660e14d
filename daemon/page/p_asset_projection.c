/*
 * What a forecast says of one asset and why: the tree of what may become of it, with the chance,
 * the day and the price of each outcome, and what follows for each quarter. For those who read its
 * money; the answer is that of its API twin.
 */
#include "chart_tree.h"
#include "daemon/forecast/h_projection.h"
#include "dress.h"
#include "libassets/base/money.h"
#include "libassets/clock/quarter.h"
#include "libassets/projection/parameter_list.h"
#include "p.h"
#include "p_as_at.h"
#include "page.h"
#include "q.h"

enum { ASSET = PAGE_FRAME + 1 };
enum { TREE_MAX = 256 * 1024, LABEL_MAX = 300 };

static const char *const scenario_code[] = {"LIKELY", "BEST", "WORST"};

static struct str scenario_of(struct flow *f)
{
	struct str word = flow_query(f, "scenario");

	for (size_t i = 0; i < COUNT(scenario_code); i++) {
		if (str_eq(word, str_of(scenario_code[i])))
			return word;
	}
	return STR("LIKELY");
}

/* Of then nothing waits for the projector: it is worked out here (h_projection_at.c). */
static enum step_result ask_asset(struct flow *f)
{
	struct as_at at;
	int r = as_at_read_page(f, &at);

	if (r < 0)
		return flow_fail(f, r);
	return at.is_given ? projection_then_load(f, &at) : projection_asset_load(f);
}

static enum step_result ask_projection(struct flow *f)
{
	return f->state ? STEP_NEXT : projection_asset_ask(f);
}

/* The answer stays in f->got_mail while the page asks for the rest. */
static enum step_result load(struct flow *f)
{
	int r = f->state ? projection_then(f, &f->got_mail) : projection_answer_err(f);

	if (r < 0)
		return flow_fail(f, r);
	q_page_asset_projection_add(page_batch(f),
				    &(struct q_page_asset_projection){.id = f->param[0]});
	return flow_send(f);
}

static int64_t number_of(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

/* "67%", "13.6%", "0.05%": as many places as tell it from nothing. */
static void put_chance(struct buf *out, int64_t ppb)
{
	int64_t hundredths = (ppb + 50000) / 100000;

	if (ppb && !hundredths) {
		buf_str(out, STR("under 0.01%"));
		return;
	}
	buf_i64(out, hundredths / 100);
	if (hundredths % 100)
		buf_fmt(out, hundredths % 10 ? ".%02d" : ".%d",
			(int)(hundredths % 10 ? hundredths % 100 : hundredths % 100 / 10));
	buf_char(out, '%');
}

static json_t *chance(int64_t ppb)
{
	CLEANUP(buf_done) struct buf words = BUF(40);

	put_chance(&words, ppb);
	return json_stringn(words.at ? words.at : "", words.len);
}

/* What the branch is called: the market's by the plan, a request's by its reference. */
static struct str branch_name(struct flow *f, const json_t *branch, const json_t *asset)
{
	int64_t number = number_of(branch, "request");
	const json_t *one;
	size_t i;

	if (!number)
		return str_eq(str_of(page_text(asset, "method")), STR("LEASE"))
			       ? STR("Let on the market")
			       : STR("Sold on the market");
	json_array_foreach (json_object_get(asset, "requests"), i, one) {
		if (number_of(one, "number") == number)
			return arena_fmt(f->arena, "Request %s", page_text(one, "reference"));
	}
	return arena_fmt(f->arena, "Request %d", (int)number);
}

/* A leaf as the picture has it: "Oct to Dec 2027 · 13.61 % · £200,000.00". */
static struct str leaf_label(struct flow *f, const json_t *leaf)
{
	CLEANUP(buf_done) struct buf words = BUF(LABEL_MAX);
	const json_t *gross = json_object_get(leaf, "gross_pence");
	int32_t quarter;

	if (quarter_parse(str_of(page_text(leaf, "quarter")), &quarter) == 0)
		dress_quarter_short(&words, quarter);
	buf_str(&words, STR(" · "));
	put_chance(&words, number_of(leaf, "probability_ppb"));
	buf_str(&words, STR(" · "));
	if (json_is_integer(gross))
		money_format(&words, json_integer_value(gross));
	else
		buf_str(&words, STR("too large"));
	return arena_str(f->arena, buf_view(&words));
}

static struct str branch_label(struct flow *f, struct str name, int64_t ppb)
{
	CLEANUP(buf_done) struct buf words = BUF(LABEL_MAX);

	buf_str(&words, name);
	buf_str(&words, STR(" · "));
	put_chance(&words, ppb);
	return arena_str(f->arena, buf_view(&words));
}

/* The branches of one track in the scenario that is shown, each with its leaves in words. */
static json_t *branches_of(struct page *p, const json_t *answer, const json_t *asset,
			   const char *track)
{
	struct flow *f = p->flow;
	json_t *list = json_array(), *branch, *leaf;
	size_t i, n;

	json_array_foreach (json_object_get(answer, "outcomes"), i, branch) {
		struct str name = branch_name(f, branch, asset);

		if (!str_eq(str_of(page_text(branch, "track")), str_of(track)) ||
		    !str_eq(str_of(page_text(branch, "scenario")), scenario_of(f)))
			continue;
		page_put_in(p, branch, "name", json_stringn(name.at, name.len));
		page_put_in(p, branch, "chance", chance(number_of(branch, "probability_ppb")));
		json_array_foreach (json_object_get(branch, "leaves"), n, leaf)
			page_put_in(p, leaf, "chance", chance(number_of(leaf, "probability_ppb")));
		if (json_array_append(list, branch) < 0 && !p->err)
			p->err = ERR_NOMEM;
	}
	return list;
}

static int64_t chance_of_all(const json_t *branches)
{
	const json_t *branch;
	int64_t ppb = 0;
	size_t i;

	json_array_foreach (branches, i, branch)
		ppb += number_of(branch, "probability_ppb");
	return ppb;
}

static void put_picture(struct page *p, const json_t *branches, int64_t rest_ppb)
{
	struct flow *f = p->flow;
	struct tree_row *row = ARENA_ARRAY(f->arena, CHART_TREE_ROWS, struct tree_row);
	CLEANUP(buf_done) struct buf out = BUF(TREE_MAX);
	const json_t *branch, *leaf;
	size_t i, n, rows = 0;
	int r;

	json_array_foreach (branches, i, branch) {
		int64_t ppb = number_of(branch, "probability_ppb");
		struct str name = str_of(page_text(branch, "name"));

		if (row && rows + 2 < CHART_TREE_ROWS)
			row[rows++] = (struct tree_row){branch_label(f, name, ppb), ppb, false};
		json_array_foreach (json_object_get(branch, "leaves"), n, leaf) {
			if (row && rows + 2 < CHART_TREE_ROWS)
				row[rows++] =
					(struct tree_row){leaf_label(f, leaf),
							  number_of(leaf, "probability_ppb"), true};
		}
	}
	if (!row || !rows)
		return;
	row[rows++] =
		(struct tree_row){branch_label(f, STR("It stays"), rest_ppb), rest_ppb, false};
	r = chart_tree(
		&out,
		&(struct chart_tree){
			.id = STR("tree"),
			.title = STR("What may become of it"),
			.about = STR("A tree: each branch with its chance, and under it each "
				     "quarter in which it may complete, with the chance and the "
				     "price. The table below has every figure."),
			.root = STR("As it stands"),
			.row = row,
			.count = rows,
		});
	if (r < 0 && !p->err)
		p->err = r;
	page_put_text(p, "tree", buf_view(&out));
}

static void put_tree(struct page *p, const json_t *answer, const json_t *asset)
{
	json_t *adjusted = branches_of(p, answer, asset, "ADJUSTED");
	json_t *baseline = branches_of(p, answer, asset, "BASELINE");
	int64_t rest = 1000000000 - chance_of_all(adjusted);

	put_picture(p, adjusted, rest);
	page_put(p, "rest", chance(rest));
	page_put(p, "has_tree", json_boolean(json_array_size(adjusted) > 0));
	page_put(p, "has_baseline_tree", json_boolean(json_array_size(baseline) > 0));
	page_put(p, "branches", adjusted);
	page_put(p, "baseline_branches", baseline);
}

static int64_t net_of(const json_t *cells, const char *quarter)
{
	return number_of(json_object_get(cells, quarter), "NET");
}

/* Rows of the quarters that either track has, in order. */
static void put_quarters(struct page *p, json_t *outcome)
{
	json_t *baseline = json_object_get(outcome, "baseline");
	json_t *adjusted = json_object_get(outcome, "adjusted");
	json_auto_t *both = json_object();
	json_t *rows = json_array(), *cell;
	const char *quarter;
	/* Of what is not projected there is neither. */
	int r = !both || (baseline && json_object_update(both, baseline)) ||
		(adjusted && json_object_update(both, adjusted));

	json_object_foreach (both, quarter, cell) {
		int64_t was = net_of(baseline, quarter), is = net_of(adjusted, quarter);
		json_t *row = json_pack("{s:s, s:I, s:I, s:I}", "quarter", quarter,
					"baseline_pence", (json_int_t)was, "adjusted_pence",
					(json_int_t)is, "difference_pence", (json_int_t)(was - is));
		size_t at = json_array_size(rows);

		while (at &&
		       strcmp(page_text(json_array_get(rows, at - 1), "quarter"), quarter) > 0)
			at--;
		r |= json_array_insert_new(rows, at, row);
	}
	if (r && !p->err)
		p->err = ERR_NOMEM;
	page_put(p, "has_quarters", json_boolean(json_array_size(rows) > 0));
	page_put(p, "quarters", rows);
}

/* The totals under the names by which a page's amounts are dressed. */
static void put_totals(struct page *p, const json_t *outcome)
{
	static const char *const name[][2] = {{"baseline_total", "baseline_pence"},
					      {"adjusted_total", "adjusted_pence"},
					      {"adjustment", "adjustment_pence"},
					      {"forgone", "forgone_pence"},
					      {"nfb", "benefit_pence"}};
	json_t *totals = json_object();

	for (size_t i = 0; i < COUNT(name); i++) {
		const json_t *value = json_object_get(outcome, name[i][0]);

		page_put_in(p, totals, name[i][1],
			    json_is_integer(value) ? json_integer(json_integer_value(value))
						   : json_null());
	}
	page_put_in(p, totals, "p_transfer", chance(number_of(outcome, "p_transfer_ppb")));
	page_put_in(p, totals, "p_market", chance(number_of(outcome, "p_market_ppb")));
	page_put(p, "totals", totals);
}

static void put_flags(struct page *p, const json_t *asset)
{
	json_t *list = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(asset, "flags"), i, one) {
		if (json_array_append_new(list, json_pack("{s:O}", "flag", one)) < 0 && !p->err)
			p->err = ERR_NOMEM;
	}
	page_put(p, "has_flags", json_boolean(json_array_size(list) > 0));
	page_put(p, "flags", list);
}

static enum step_result answer(struct flow *f)
{
	json_auto_t *answer = json_loadb(f->got_mail.at, f->got_mail.len, 0, NULL);
	const json_t *asset = json_object_get(answer, "asset");
	struct page p = page_begin(f, "Projection");
	const struct projection_at *then = f->state;
	const struct as_at now = {0};
	json_t *shown = page_item(f, ASSET);
	struct str scenario = scenario_of(f);
	json_t *outcome = json_object_get(json_object_get(asset, "scenarios"),
					  arena_str(f->arena, scenario).at);
	json_t *choices = page_choices(STR("scenario"), scenario_code, COUNT(scenario_code));

	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, "/assets", STR("Register"));
	page_crumb(&p, arena_fmt(f->arena, "/assets/%s", f->param[0].at).at,
		   arena_str(f->arena, str_of(page_text(shown, "name"))));
	page_title(&p, p.data, "What the forecast says of {{name}}",
		   str_of(page_text(shown, "name")), (struct str){NULL, 0});
	as_at_put(&p, then ? &then->at : &now,
		  arena_fmt(f->arena, "/assets/%s/projection", f->param[0].at));
	page_choose(&p, choices, scenario);
	page_put(&p, "choices", choices);
	page_put(&p, "as_of_on", json_incref(json_object_get(answer, "as_of")));
	page_put(&p, "forecast_position", json_incref(json_object_get(answer, "position")));
	page_put(&p, "is_projected", json_boolean(json_is_object(outcome)));
	put_flags(&p, asset);
	put_tree(&p, answer, shown);
	put_totals(&p, outcome);
	put_quarters(&p, outcome);
	page_put(&p, "asset", shown);
	return page_end(&p, "asset_projection", PAGE_REGISTER, 200);
}

const struct flow_step page_asset_projection[] = {
	{"asset", ask_asset}, {"ask", ask_projection}, {"load", load}, {"answer", answer}, {0},
};
