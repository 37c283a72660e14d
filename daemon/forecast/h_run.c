/*
 * Freezing a run: the projector works every figure out under the run's parameters, as the
 * run's authority may see them, and the figures are kept with the run for ever.
 *
 * The figures are taken by the projector's freezer thread; this flow waits by a ticket and stores
 * what it gets, the figures and the inputs, in the same transaction as the run, so a run without
 * them does not exist.
 *
 * Who asks by a page looks at it instead: what takes longer than a page does is promised, under the
 * run's id, and the flow goes on without its client and says how far it is.
 */
#include "h_run.h"

#include <jansson.h>

#include "daemon/base/clock.h"
#include "daemon/flow/flow_apart.h"
#include "daemon/flow/flow_await.h"
#include "daemon/flow/flow_rescue.h"
#include "daemon/process/process.h"
#include "daemon/process/worker.h"
#include "daemon/projector/projector_work.h"
#include "daemon/route/h.h"
#include "h_projection.h"
#include "h_run_overlay.h"
#include "libassets/projection/projection.h"
#include "libassets/projection/run.h"
#include "q.h"

struct run_flow {
	struct run run;
	struct str authority_id; /* whose it is; absent: the whole register's */
	struct str parameters;   /* JSON, absent: none */
	struct run_overlay overlay;
	struct str id; /* once it is promised, or stored */

	/* Of one that a page asks for. */
	struct projector_work *work; /* f->got_blob is its share */
	const struct flow_step *answer;
	struct str asked; /* JSON, as it was sent */
	bool is_promised;
	int64_t due_us; /* when it is promised, or how far it is is said again; monotonic */
};

/* The body before it is taken apart; absent without memory. */
static struct str asked(struct flow *f)
{
	char *text = json_dumps(f->body, JSON_COMPACT);
	struct str asked = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};

	free(text);
	return asked;
}

static int decode(struct flow *f, struct run_flow *run)
{
	json_t *parameters;
	int r = flow_body(f);

	if (r < 0)
		return r;
	run->asked = asked(f);
	if (!run->asked.at)
		return ERR_NOMEM;
	parameters = json_object_get(f->body, "parameters");
	if (parameters && !json_is_null(parameters)) {
		char *text = json_dumps(parameters, JSON_COMPACT | JSON_ENCODE_ANY);

		run->parameters = arena_str(f->arena, str_of(text));
		free(text);
		if (!json_is_object(parameters))
			h_flaw(f, "parameters", "WRONG_TYPE", STR("This is not an object."),
			       STR("Send the changes to the parameters as an object."));
	}
	(void)json_object_del(f->body, "parameters");
	r = run_overlay_read(f, &run->overlay);
	if (r < 0)
		return r;
	shape_clear(&run_shape, &run->run);
	shape_decode(&run_shape, f->body, SHAPE_CREATE, &WIRE_TOP, &f->flaws, &run->run);
	r = run_settle(&run->run, f->today, f->now_us, &f->flaws);
	return f->flaws.count ? flaws_err(&f->flaws) : r;
}

enum step_result run_read(struct flow *f)
{
	struct run_flow *run = f->state = ARENA_NEW(f->arena, struct run_flow);
	int r = run ? decode(f, run) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	if (run_is_as_at(&run->run) && !run->overlay.overlay.count)
		return STEP_NEXT;
	if (!run_is_as_at(&run->run))
		q_change_newest_add(flow_batch(f));
	if (run->overlay.overlay.count)
		run_overlay_ask(f, &run->overlay, &run->run);
	return flow_send(f);
}

/* Whose run it is: nobody's in particular when the caller finances every authority. */
static struct str run_authority(const struct flow *f)
{
	if (principal_may_at(f->who, PERM_RUN_WRITE, STR("")))
		return (struct str){NULL, 0};
	for (size_t i = 0; i < f->who->grant_count; i++) {
		if (f->who->grant[i].roles & permission_roles(PERM_RUN_WRITE))
			return f->who->grant[i].authority_id;
	}
	return (struct str){NULL, 0};
}

/*
 * A run is read again by others who read its authority's money, so it keeps what that authority
 * may see, and not what else the person who freezes it may see elsewhere. Of its partners it sees
 * the forecast as it stands: a stage without a chance, or a day on which one valuation is too old,
 * leaves out one asset of theirs.
 */
static struct projector_reader run_reader(const struct flow *f, const struct run_flow *run)
{
	if (str_is_null(run->authority_id))
		return (struct projector_reader){.is_everywhere = true};
	return (struct projector_reader){
		.authority_id = &run->authority_id,
		.authorities = 1,
		.chose_sums = (run->parameters.len && !str_eq(run->parameters, STR("{}"))) ||
			      run_is_as_at(&run->run) || day_cmp(run->run.as_of_on, f->today) != 0,
	};
}

/* Which data: those of its day and moment, or all that was committed before it was asked for. */
static int run_data(struct flow *f, struct run_flow *run, struct projector_question *q)
{
	bool is_as_at = run_is_as_at(&run->run);
	struct q_change_newest_row newest;
	int r = is_as_at ? 0 : q_change_newest_one(f->got, 0, &newest);

	if (r == 0 && is_as_at) {
		q->valid_on = shape_day_text(run->run.valid_on, f->arena);
		q->known_at = run->run.known_at;
	} else if (r == 0) {
		q->position = newest.position;
		q->event_id = newest.event_id;
	}
	run->authority_id = run_authority(f);
	if (r == 0)
		r = run_overlay_take(f, &run->overlay, &run->run, !is_as_at, &run->authority_id);
	return r;
}

static int question(struct flow *f, struct run_flow *run, struct projector_question *q)
{
	int r;

	*q = (struct projector_question){.kind = ASK_FREEZE};
	r = run_data(f, run, q);
	q->as_of = run->run.as_of_on;
	q->parameters = run->parameters;
	q->seed = (uint64_t)run->run.seed.value;
	q->paths = (uint32_t)run->run.paths.value;
	q->overlay = run->overlay.rows;
	q->reader = run_reader(f, run);
	return r;
}

static enum step_result run_ask(struct flow *f)
{
	struct projector_question q;
	int r = question(f, f->state, &q);

	return r < 0 ? flow_fail(f, r) : h_ask(f, &q, PROJECTOR_RUN_MS);
}

static struct str member(const json_t *object, const char *key)
{
	return str_of(json_string_value(json_object_get(object, key)));
}

/* What was wrong with the parameters, as the projector says it; 0 when nothing was. */
static int take_flaws(struct flow *f)
{
	json_auto_t *answer = NULL;
	json_t *one;
	size_t i;

	if (!str_starts(f->got_mail, STR("{\"flaws\"")))
		return 0;
	answer = json_loadb(f->got_mail.at, f->got_mail.len, 0, NULL);
	json_array_foreach (json_object_get(answer, "flaws"), i, one) {
		flaw_add(&f->flaws, member(one, "pointer"), member(one, "code"),
			 member(one, "detail"), member(one, "cure"));
	}
	return ERR_INVALID;
}

/* The answer's first line are the figures, each further one is a page of inputs. */
static void store_inputs(struct flow *f, struct str id, struct str lines)
{
	for (int32_t number = 0; lines.len; number++) {
		struct str page = str_cut(lines, '\n', &lines);

		q_run_input_insert_add(
			flow_batch(f),
			&(struct q_run_input_insert){.run_id = id, .number = number, .body = page});
	}
}

/* Before it is kept: does it hold what was so at its position? */
static enum step_result look(struct flow *f, int err)
{
	struct run_flow *run = f->state;

	if (err == 0)
		err = take_flaws(f);
	if (err < 0)
		return flow_fail(f, err == ERR_DEADLINE ? ERR_NOT_READY : err);
	if (!run->overlay.overlay.count)
		return STEP_NEXT;
	run_overlay_ask(f, &run->overlay, &run->run);
	return flow_send(f);
}

static enum step_result run_look(struct flow *f)
{
	return look(f, flow_send_err(f));
}

static enum step_result run_store(struct flow *f)
{
	struct run_flow *run = f->state;
	struct str id = run->id = run->is_promised ? run->id : h_id(f, "run_");
	struct str authority_id = run->authority_id;
	struct str fields = h_json(f, &run_shape, &run->run), inputs;
	struct str frozen = str_cut(f->got_mail, '\n', &inputs);
	int err = run_overlay_check(f, &run->overlay, &run->run, 0);

	if (err < 0)
		return flow_fail(f, err);
	q_run_insert_add(flow_batch(f), &(struct q_run_insert){
						.id = id,
						.authority_id = authority_id,
						.overlay = run->overlay.json,
						.parameters_set = run->parameters,
						.fields = fields,
						.model_version = STR(PROJECTION_VERSION),
						.frozen = frozen,
					});
	q_run_figures_insert_add(flow_batch(f),
				 &(struct q_run_figures_insert){.run_id = id, .frozen = frozen});
	store_inputs(f, id, inputs);
	if (run->is_promised)
		q_run_promise_keep_add(flow_batch(f), &(struct q_run_promise_keep){.id = id});
	(void)h_change(f, &(struct h_change){
				  .type = "run.frozen",
				  .subject = id,
				  .seq = 1,
				  .authority_id = authority_id,
				  .data = fields,
				  .is_hidden = true,
			  });
	return flow_store_end(f, "run", id, 201);
}

struct str run_made(const struct flow *f)
{
	return ((const struct run_flow *)f->state)->id;
}

/* --- for a page --------------------------------------------------------------------------------
 */

enum {
	PAGE_WAIT_MS = 2000, /* what is made by then is shown at once */
	LOOK_MS = 50,
	SAY_MS = 1000,
	DETAIL_MAX = 2000,
};

static const struct flow_step wait_steps[3], made_steps[4], promise_steps[3], failed_steps[3];

static void due_in(struct run_flow *run, int ms)
{
	run->due_us = clock_mono_us() + ms * INT64_C(1000);
}

enum step_result run_begin(struct flow *f, const struct flow_step *answer)
{
	struct run_flow *run = f->state;
	struct projector_question q;
	int r = question(f, run, &q);

	if (r < 0)
		return flow_fail(f, r);
	run->work = projector_work_new(f->worker->process->projector, &q, &f->got_blob);
	if (!run->work)
		return flow_fail(f, ERR_NOT_READY);
	run->answer = answer;
	due_in(run, PAGE_WAIT_MS);
	return flow_become(f, wait_steps);
}

static enum step_result say(struct flow *f)
{
	struct run_flow *run = f->state;
	struct projector_progress p = projector_work_look(run->work);

	due_in(run, SAY_MS);
	f->now_us = clock_now_us();
	q_run_promise_say_add(flow_batch(f), &(struct q_run_promise_say){
						     .id = run->id,
						     .step = str_of(projector_step_word(p.step)),
						     .done = (int32_t)p.done,
						     .of_all = (int32_t)p.of,
					     });
	return flow_send_trying(f); /* a database that is away may be back in time */
}

static enum step_result wait_look(struct flow *f)
{
	struct run_flow *run = f->state;
	int r;

	if (projector_work_is_made(run->work))
		return flow_become(f, made_steps);
	if (clock_mono_us() >= run->due_us)
		return run->is_promised ? say(f) : flow_become(f, promise_steps);
	r = flow_pause(f, LOOK_MS);
	return r < 0 ? flow_fail(f, r) : STEP_WAIT;
}

static enum step_result wait_again(struct flow *f)
{
	return flow_become(f, wait_steps);
}

static const struct flow_step wait_steps[] = {
	{"look", wait_look},
	{"again", wait_again},
	{0},
};

static enum step_result promise(struct flow *f)
{
	struct run_flow *run = f->state;

	run->id = h_id(f, "run_");
	flow_store_promise(f, arena_fmt(f->arena, "/v1/projections/runs/%s", run->id.at));
	q_run_promise_add(flow_batch(f), &(struct q_run_promise){
						 .id = run->id,
						 .authority_id = run->authority_id,
						 .name = run->run.name,
						 .tag = run->run.tag,
						 .asked = run->asked,
					 });
	return flow_send(f);
}

static enum step_result part(struct flow *f)
{
	struct run_flow *run = f->state;
	struct str to = arena_fmt(f->arena, "/forecast/runs/%s", run->id.at);
	int r = to.at ? flow_part(f, to) : ERR_NOMEM;

	if (r < 0)
		return flow_fail(f, r);
	run->is_promised = true;
	flow_rescue(f, failed_steps);
	return flow_become(f, wait_steps);
}

static const struct flow_step promise_steps[] = {
	{"promise", promise},
	{"part", part},
	{0},
};

static enum step_result made(struct flow *f)
{
	struct run_flow *run = f->state;
	struct blob *bytes, *share = f->got_blob;
	int err = projector_work_take(run->work, &bytes);

	f->got_blob = bytes;
	f->got_mail = bytes ? blob_view(bytes) : (struct str){NULL, 0};
	run->work = NULL;
	blob_unref(share);
	if (run->is_promised)
		f->now_us = clock_now_us();
	return look(f, err);
}

static enum step_result made_answer(struct flow *f)
{
	return flow_become(f, ((const struct run_flow *)f->state)->answer);
}

static const struct flow_step made_steps[] = {
	{"made", made},
	{"store", run_store},
	{"answer", made_answer},
	{0},
};

/* The first of what is wrong with what was sent, or the sentence that goes with the error. */
static struct str failure_detail(struct flow *f)
{
	const struct flaw *first = f->flaws.count ? &f->flaws.at[0] : NULL;
	struct str s = flow_rescued_detail(f);

	if (first)
		s = arena_fmt(f->arena, "%.*s %.*s", (int)first->detail.len, first->detail.at,
			      (int)first->cure.len, first->cure.at ? first->cure.at : "");
	return s.len && s.len <= DETAIL_MAX ? s : (struct str){NULL, 0};
}

static enum step_result keep_failure(struct flow *f)
{
	const struct run_flow *run = f->state;

	f->now_us = clock_now_us();
	q_run_promise_fail_add(flow_batch(f),
			       &(struct q_run_promise_fail){
				       .id = run->id,
				       .title = str_of(err_info(flow_rescued(f))->title),
				       .detail = failure_detail(f),
			       });
	return flow_send_trying(f); /* who looks sees that nothing was heard of it any more */
}

static enum step_result failure_kept(struct flow *f)
{
	(void)f;
	return STEP_DONE; /* its client has gone */
}

static const struct flow_step failed_steps[] = {
	{"keep", keep_failure},
	{"end", failure_kept},
	{0},
};

const struct flow_step flow_run_add[] = {
	{"read", run_read},
	{"ask", run_ask},
	{"look", run_look},
	{"store", run_store},
	{"answer", flow_store_answer},
	{0},
};
