/*
 * Freezing a run: the projector works every figure out under the run's parameters, as the
 * run's authority may see them, and the figures are kept with the run for ever.
 *
 * The figures are taken by the projector's freezer thread; this flow waits by a ticket and stores
 * what it gets, the figures and the inputs, in the same transaction as the run, so a run without
 * them does not exist.
 */
#include "h_run.h"

#include <jansson.h>

#include "daemon/projector/projector.h"
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
	struct str id; /* once it is stored */
};

static int decode(struct flow *f, struct run_flow *run)
{
	json_t *parameters;
	int r = flow_body(f);

	if (r < 0)
		return r;
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

enum step_result run_ask(struct flow *f)
{
	struct run_flow *run = f->state;
	struct projector_question q = {.kind = ASK_FREEZE};
	int r = run_data(f, run, &q);

	if (r < 0)
		return flow_fail(f, r);
	q.as_of = run->run.as_of_on;
	q.parameters = run->parameters;
	q.seed = (uint64_t)run->run.seed.value;
	q.paths = (uint32_t)run->run.paths.value;
	q.overlay = run->overlay.rows;
	q.reader = run_reader(f, run);
	return h_ask(f, &q, PROJECTOR_RUN_MS);
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
enum step_result run_look(struct flow *f)
{
	struct run_flow *run = f->state;
	int err = flow_send_err(f);

	if (err == 0)
		err = take_flaws(f);
	if (err < 0)
		return flow_fail(f, err == ERR_DEADLINE ? ERR_NOT_READY : err);
	if (!run->overlay.overlay.count)
		return STEP_NEXT;
	run_overlay_ask(f, &run->overlay, &run->run);
	return flow_send(f);
}

enum step_result run_store(struct flow *f)
{
	struct run_flow *run = f->state;
	struct str id = run->id = h_id(f, "run_"), authority_id = run->authority_id;
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

const struct flow_step flow_run_add[] = {
	{"read", run_read},
	{"ask", run_ask},
	{"look", run_look},
	{"store", run_store},
	{"answer", flow_store_answer},
	{0},
};
