/*
 * A locality for everybody: whose land lies there, how deprived it is, what communities ask for,
 * and what receipts are expected of it all together, as everybody is told them. Or as it was on a
 * day, of which the projector is not asked: it knows what is so now. What is planned there, one
 * beside the other, stands on the page of its partnership (p_cpp.c).
 */
#include "daemon/forecast/h_projection.h"
#include "libassets/base/err.h"
#include "p.h"
#include "p_as_at.h"
#include "p_due.h"
#include "p_years.h"
#include "page.h"
#include "q.h"

/* The statement of the page's batch behind the frame's. */
enum { LOCALITY = PAGE_FRAME + 1 };

struct locality_flow {
	struct as_at at;
	bool is_told; /* the answer of the projector is in f->got_mail */
};

static enum step_result locality_ask(struct flow *f)
{
	struct locality_flow *s = f->state = ARENA_NEW(f->arena, struct locality_flow);
	int r = s ? as_at_read_page(f, &s->at) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	if (s->at.is_given)
		return STEP_NEXT;
	return h_ask(f,
		     &(struct projector_question){
			     .kind = ASK_RECEIPTS,
			     .group = GROUP_YEAR,
			     .scenario = SCENARIO_LIKELY,
			     .filter = {.locality_id = f->param[0]},
			     .reader = h_reader(f),
		     },
		     PROJECTOR_ANSWER_MS);
}

/* Without an answer the page shows all the rest. */
static enum step_result locality_load(struct flow *f)
{
	struct locality_flow *s = f->state;

	s->is_told = !s->at.is_given && flow_send_err(f) == 0;
	q_page_locality_add(page_batch(f), &(struct q_page_locality){.id = f->param[0],
								     .valid_on = s->at.valid_on,
								     .known_at = s->at.known_at});
	return flow_send(f);
}

static void put_requests(struct page *p, json_t *requests)
{
	json_t *request;
	size_t i;

	json_array_foreach (requests, i, request)
		due_put(p, request);
	page_put(p, "requests", json_incref(requests));
}

static void put_years(struct page *p)
{
	const struct flow *f = p->flow;
	const struct locality_flow *s = f->state;
	json_auto_t *answer = NULL;

	if (s->is_told)
		answer = json_loadb(f->got_mail.at, f->got_mail.len, 0, NULL);
	page_put(p, "is_told", json_boolean(answer != NULL));
	if (answer)
		years_put(p, answer);
}

static enum step_result locality_answer(struct flow *f)
{
	const struct locality_flow *s = f->state;
	struct q_page_locality_row row;
	int r = q_page_locality_one(f->got, LOCALITY, &row);
	json_t *locality;
	struct page p;

	if (r < 0)
		return flow_fail(f, r);
	locality = json_loadb(row.body.at, row.body.len, 0, NULL);
	p = page_begin(f, "");
	page_put_text(&p, "title", str_of(page_text(locality, "name")));
	page_crumb(&p, "/", STR("Home"));
	page_crumb(&p, arena_fmt(f->arena, "/cpps/%.*s", (int)row.cpp_id.len, row.cpp_id.at).at,
		   str_of(page_text(locality, "cpp_name")));
	page_put(&p, "cpp_id", json_stringn(row.cpp_id.at, row.cpp_id.len));
	page_put(&p, "is_one",
		 json_boolean(json_integer_value(json_object_get(locality, "assets_count")) == 1));
	page_put(&p, "bodies", json_incref(json_object_get(locality, "bodies")));
	page_put(&p, "deciles", json_incref(json_object_get(locality, "deciles")));
	as_at_put(&p, &s->at, arena_fmt(f->arena, "/localities/%s", f->param[0].at));
	put_requests(&p, json_object_get(locality, "requests"));
	page_put(&p, "locality", locality);
	put_years(&p);
	return page_end(&p, "locality", PAGE_REGISTER, 200);
}

const struct flow_step page_locality[] = {
	{"ask", locality_ask},
	{"load", locality_load},
	{"answer", locality_answer},
	{0},
};
