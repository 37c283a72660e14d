/*
 * The book: rows of projection_input become structs, structs become sums.
 *
 * An asset is held in one block, input and all that hangs on it, so that putting it again is
 * one allocation and a rebuild walks memory in order. Its old cells are not kept: they are
 * worked out once more from what is held, and subtracted, which is exact (MODEL.md 8). One
 * thread at a time: the projector's, or the freezer's for a book of its own.
 */
#include "projector_book.h"

#include <openssl/sha.h>
#include <stdlib.h>

#include "daemon/base/fault.h"
#include "libassets/base/err.h"
#include "libassets/projection/projection_flags.h"
#include "libassets/projection/projection_wire.h"
#include "projector_row.h"
#include "projector_simulator.h"

/* Bytes: of names and the model, which only grow; of one row while it is read. */
enum { BOOK_ARENA_MAX = 1 << 30, ROW_ARENA_MAX = 8 << 20 };

static json_t *loaded(struct str text)
{
	return text.at ? json_loadb(text.at, text.len, 0, NULL) : NULL;
}

/* A row's input, yours. ERR_INVALID: it is none, and jansson says why, as it does not say of
 * memory; ERR_NOMEM. */
static int load_input(struct str text, json_t **ret_input)
{
	json_error_t error = {0};

	*ret_input = text.at ? json_loadb(text.at, text.len, 0, &error) : NULL;
	if (*ret_input)
		return 0;
	if (!text.at)
		return ERR_INVALID;
	return error.text[0] && json_error_code(&error) != json_error_out_of_memory ? ERR_INVALID
										    : ERR_NOMEM;
}

static struct str text_of(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value)
		       ? (struct str){json_string_value(value), json_string_length(value)}
		       : (struct str){NULL, 0};
}

/* Room for a number in a table by number, doubled when it is passed; new items are zero. */
static void *grown(void *at, uint32_t *room, uint32_t need, size_t size)
{
	uint32_t had = *room, want = had ? had : 64;

	if (need <= had)
		return at;
	while (want < need)
		want *= 2;
	at = reallocarray(at, want, size);
	if (!at)
		return NULL;
	memset((char *)at + had * size, 0, (want - had) * size);
	*room = want;
	return at;
}

/*
 * A partner's number; one that is new has the default settings. The model looks into the same
 * table, which moves as it grows, so it is told each time.
 */
static int partner_number(struct book *b, struct str name, uint32_t *ret_number)
{
	uint32_t had = b->settings;
	void *at;
	int r = names_number(&b->partner, name, ret_number);

	if (r < 0 || *ret_number < had)
		return r;
	at = grown(b->setting, &b->settings, *ret_number + 1, sizeof(*b->setting));
	if (!at)
		return ERR_NOMEM;
	b->setting = at;
	for (uint32_t i = had; i < b->settings; i++)
		b->setting[i] = b->params.partner_default;
	b->model->partner = b->setting;
	return 0;
}

static int class_number(struct book *b, struct str name, uint32_t *ret_number)
{
	uint32_t had = b->classes;
	void *at;
	int r = names_number(&b->class, name, ret_number);

	if (r < 0)
		return r;
	at = grown(b->class_index, &b->classes, *ret_number + 1, sizeof(*b->class_index));
	if (!at)
		return ERR_NOMEM;
	b->class_index = at;
	if (*ret_number >= had || b->class.count == *ret_number + 1)
		b->class_index[*ret_number] = projection_index_of_class(&b->params, name);
	b->model->class_index = b->class_index;
	return 0;
}

static int read_partners(struct book *b, const json_t *partners, struct flaws *flaws)
{
	json_t *one;
	size_t i;

	json_array_foreach (partners, i, one) {
		uint32_t number;
		int r = partner_number(b, text_of(one, "id"), &number);

		if (r < 0)
			return r;
		projection_partner_read(&b->setting[number], one, &WIRE_INDEX(&WIRE_TOP, i), flaws);
	}
	return flaws_err(flaws);
}

static int read_members(struct book *b, const json_t *cpps)
{
	json_t *one;
	size_t i;

	b->member = ARENA_ARRAY(&b->arena, json_array_size(cpps) + 1, struct cpp_member);
	if (!b->member)
		return ERR_NOMEM;
	json_array_foreach (cpps, i, one) {
		struct cpp_member *m = &b->member[b->members];
		int r = names_number(&b->cpp, text_of(one, "cpp"), &m->cpp);

		if (r == 0)
			r = partner_number(b, text_of(one, "partner"), &m->partner);
		if (r < 0)
			return r;
		b->members++;
	}
	return 0;
}

/* SHA-256 of the parameters as they were laid over the defaults, in their canonical form. */
static int hash_parameters(struct book *b, const json_t *params)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char *text = json_dumps(params, JSON_COMPACT | JSON_SORT_KEYS);

	if (!text)
		return ERR_NOMEM;
	(void)SHA256((const unsigned char *)text, strlen(text), digest);
	free(text);
	for (size_t i = 0; i < sizeof(digest); i++)
		(void)snprintf(&b->parameters_hash[2 * i], 3, "%02x", digest[i]);
	return 0;
}

static int book_begin(struct book *b, struct day as_of, json_t *params, struct flaws *flaws)
{
	int r = projection_params_init(&b->params, &b->arena);

	if (r == 0)
		r = projection_params_read(&b->params, params, &WIRE_KEY(&WIRE_TOP, "parameters"),
					   &b->arena, flaws);
	if (r == 0)
		r = flaws_err(flaws);
	if (r == 0)
		r = hash_parameters(b, params);
	if (r == 0)
		r = projection_model_new(&b->arena, &b->params, as_of, &b->model);
	if (r == 0)
		rollup_init(&b->live, b->model);
	return r;
}

/* Give the names of `from` the same numbers in `to`, so that inputs can be copied as they are. */
static int same_names(struct names *to, const struct names *from)
{
	uint32_t number;
	int r = 0;

	for (uint32_t i = 0; i < from->count && r == 0; i++)
		r = names_number(to, from->at[i], &number);
	return r;
}

static int same_numbers(struct book *to, const struct book *from)
{
	uint32_t number;
	int r = same_names(&to->asset, &from->asset);

	if (r == 0)
		r = same_names(&to->cpp, &from->cpp);
	if (r == 0)
		r = same_names(&to->locality, &from->locality);
	for (uint32_t i = 0; i < from->partner.count && r == 0; i++)
		r = partner_number(to, from->partner.at[i], &number);
	for (uint32_t i = 0; i < from->class.count && r == 0; i++)
		r = class_number(to, from->class.at[i], &number);
	return r;
}

/* like: a book whose names have the same numbers in this one; or NULL. */
static struct book *book_like(const struct book *like, struct day as_of, struct str params,
			      struct str partners, struct str cpps, struct flaws *flaws)
{
	json_auto_t *given = loaded(params);
	json_auto_t *settings = loaded(partners);
	json_auto_t *members = loaded(cpps);
	struct book *b = calloc(1, sizeof(*b));
	int r = ERR_NOMEM;

	if (!b)
		return NULL;
	b->seed = 1;
	b->paths = SIMULATION_PATHS;
	b->parameters = strndup(params.at, params.len);
	b->partners = strndup(partners.at, partners.len);
	b->cpps = strndup(cpps.at, cpps.len);
	arena_init(&b->arena, BOOK_ARENA_MAX);
	names_init(&b->asset, &b->arena);
	names_init(&b->partner, &b->arena);
	names_init(&b->cpp, &b->arena);
	names_init(&b->locality, &b->arena);
	names_init(&b->class, &b->arena);
	b->scratch = projection_scratch_new();
	if (b->scratch && b->parameters && b->partners && b->cpps && given && settings && members)
		r = book_begin(b, as_of, given, flaws);
	if (r == 0 && like)
		r = same_numbers(b, like);
	if (r == 0)
		r = read_partners(b, settings, flaws);
	if (r == 0)
		r = read_members(b, members);
	if (r == 0)
		return b;
	book_free(b);
	return NULL;
}

struct book *book_new(struct day as_of, struct str params, struct str partners, struct str cpps,
		      struct flaws *flaws)
{
	return book_like(NULL, as_of, params, partners, cpps, flaws);
}

void book_free(struct book *b)
{
	if (!b)
		return;
	for (uint32_t i = 0; i < b->room; i++)
		free(b->held[i]);
	free(b->held);
	free(b->excepted);
	figures_free(b->figures);
	free(b->setting);
	free(b->class_index);
	free(b->parameters);
	free(b->partners);
	free(b->cpps);
	rollup_done(&b->live);
	projection_scratch_free(b->scratch);
	arena_done(&b->arena);
	free(b);
}

static int read_owners(struct book *b, const json_t *owners, struct arena *a,
		       struct projection_asset *ret)
{
	struct projection_owner *owner;
	json_t *one;
	size_t i;

	if (json_array_size(owners) > PROJECTION_OWNERS_MAX)
		return ERR_INVALID;
	owner = ARENA_ARRAY(a, json_array_size(owners) + 1, struct projection_owner);
	if (!owner)
		return ERR_NOMEM;
	json_array_foreach (owners, i, one) {
		int r = partner_number(b, text_of(one, "partner"), &owner[i].partner);

		if (r < 0)
			return r;
		owner[i].units = json_integer_value(json_object_get(one, "units"));
		ret->owners++;
	}
	ret->owner = owner;
	return 0;
}

static int read_requests(struct book *b, json_t *requests, struct arena *a, struct flaws *flaws,
			 struct projection_asset *ret)
{
	struct projection_request *request;
	json_t *one;
	size_t i;

	if (json_array_size(requests) > PROJECTION_REQUESTS_MAX)
		return ERR_INVALID;
	request = ARENA_ARRAY(a, json_array_size(requests) + 1, struct projection_request);
	if (!request)
		return ERR_NOMEM;
	json_array_foreach (requests, i, one) {
		bool is_live = false;

		projection_request_read(&b->params, &request[ret->requests], &is_live, one,
					&WIRE_INDEX(&WIRE_TOP, i), flaws);
		ret->requests += is_live;
	}
	ret->request = request;
	return 0;
}

static int read_row(struct book *b, const struct book_row *row, json_t *input, struct arena *a,
		    struct flaws *flaws, struct projection_asset *ret)
{
	int r;

	if (!json_is_object(input))
		return ERR_INVALID;
	ret->id = row->model_id;
	ret->decile = (uint8_t)row->decile;
	r = partner_number(b, row->lead, &ret->lead);
	if (r == 0)
		r = class_number(b, row->class, &ret->class);
	if (r == 0)
		r = names_number(&b->cpp, row->cpp.at ? row->cpp : STR(""), &ret->cpp);
	if (r == 0)
		r = names_number(&b->locality, row->locality.at ? row->locality : STR(""),
				 &ret->locality);
	if (r == 0)
		r = read_owners(b, json_object_get(input, "owners"), a, ret);
	if (r == 0)
		r = read_requests(b, json_object_get(input, "requests"), a, flaws, ret);
	if (r == 0)
		r = projection_completed_read(&ret->completed, wire_member(input, "completed"),
					      &WIRE_KEY(&WIRE_TOP, "completed"), a, flaws);
	if (r < 0)
		return r;
	projection_valuation_read(ret, wire_member(input, "valuation"),
				  &WIRE_KEY(&WIRE_TOP, "valuation"), flaws);
	projection_plan_read(&b->params, &ret->plan, wire_member(input, "plan"),
			     &WIRE_KEY(&WIRE_TOP, "plan"), flaws);
	return flaws_err(flaws);
}

/* Everything of an asset in one block, so that holding 150,000 costs 150,000 allocations. */
static struct held *packed(const struct projection_asset *a)
{
	const struct projection_completed *c = a->completed;
	size_t owners = a->owners * sizeof(*a->owner);
	size_t requests = a->requests * sizeof(*a->request);
	size_t frozen = c ? c->baseline_quarters * sizeof(*c->baseline) : 0;
	struct held *h = calloc(1, sizeof(*h) + owners + requests + sizeof(*c) + frozen);
	char *at = h ? (char *)(h + 1) : NULL;

	if (!h)
		return NULL;
	h->in = *a;
	h->is_sold = c != NULL;
	if (requests)
		h->in.request = memcpy(at, a->request, requests);
	at += requests;
	if (owners)
		h->in.owner = memcpy(at, a->owner, owners);
	at += owners;
	if (c) {
		struct projection_completed *copy = memcpy(at, c, sizeof(*c));

		at += sizeof(*c);
		if (frozen)
			copy->baseline = memcpy(at, c->baseline, frozen);
		h->in.completed = copy;
	}
	return h;
}

/*
 * input: the row's, or that of a run's page. What a row may hold is bounded, and fits its arena:
 * that there is no room is short memory, and never the row's own fault.
 */
static int read_held(struct book *b, const struct book_row *row, json_t *input,
		     struct held **ret_held)
{
	struct projection_asset asset = {0};
	struct arena arena;
	struct flaws flaws;
	int r;

	arena_init(&arena, ROW_ARENA_MAX);
	flaws_init(&flaws, &arena);
	r = read_row(b, row, input, &arena, &flaws, &asset);
	*ret_held = r == 0 ? packed(&asset) : NULL;
	arena_done(&arena);
	if (r == 0)
		return *ret_held ? 0 : ERR_NOMEM;
	return r == ERR_NOMEM ? r : ERR_INVALID;
}

int book_read(struct book *b, const struct book_row *row, struct held **ret_held)
{
	json_auto_t *input = NULL;
	int r = FAULT_POINT(PROJECT_READ) < 0 ? ERR_NOMEM : load_input(row->input, &input);

	*ret_held = NULL;
	if (r < 0)
		return r;
	r = read_held(b, row, input, ret_held);
	if (r < 0)
		return r;
	(*ret_held)->print = row_print(row);
	(*ret_held)->is_valued_openly = row->is_valued_openly;
	return 0;
}

int book_read_kept(struct book *b, json_t *kept, struct held **ret_held)
{
	const struct book_row row = {
		.model_id = json_integer_value(json_object_get(kept, "id")),
		.lead = text_of(kept, "lead"),
		.cpp = text_of(kept, "cpp"),
		.locality = text_of(kept, "locality"),
		.class = text_of(kept, "class"),
		.decile = (int32_t)json_integer_value(json_object_get(kept, "decile")),
	};

	return read_held(b, &row, kept, ret_held);
}

const struct projection_result *book_project(struct book *b, const struct held *h)
{
	return projection_run(b->model, &h->in, b->scratch);
}

static void tell(const struct held *h, void (*touched)(void *arg, uint32_t partner), void *arg)
{
	for (uint32_t i = 0; touched && i < h->in.owners; i++)
		touched(arg, h->in.owner[i].partner);
}

/* Add an asset to the sums, or take it away; its flags are known from then on. is_news: to be told
 * of. */
static int count_in(struct book *b, struct held *h, int sign, bool is_news)
{
	const struct projection_result *r = book_project(b, h);
	int err = sign > 0 ? rollup_add(&b->live, &h->in, r) : rollup_subtract(&b->live, &h->in, r);

	h->flags = r->flags;
	if (err == 0 && is_news && b->counted)
		b->counted(b->counted_arg, h, r, sign);
	return err;
}

static int place_of(struct book *b, struct str id, struct held ***ret_place)
{
	uint32_t number;
	void *at;
	int r = names_number(&b->asset, id, &number);

	if (r < 0)
		return r;
	at = grown(b->held, &b->room, number + 1, sizeof(struct held *));
	if (!at)
		return ERR_NOMEM;
	b->held = at;
	*ret_place = &b->held[number];
	return 0;
}

/* The old one out, the new one in: both are told, for an owner may be in one of them alone. */
int book_put(struct book *b, const struct book_row *row,
	     void (*touched)(void *arg, uint32_t partner), void *arg)
{
	struct held *fresh = NULL, **place, *old;
	int read = row->is_out ? 0 : book_read(b, row, &fresh);
	int r = read == ERR_NOMEM ? read : place_of(b, row->id, &place);
	bool is_same;

	if (r < 0) {
		free(fresh);
		return r;
	}
	old = *place;
	*place = fresh;
	is_same = old && fresh && old->print == fresh->print;
	if (is_same) {
		fresh->is_simulated = old->is_simulated;
		fresh->is_left_out = old->is_left_out;
	}
	if (old) {
		r = count_in(b, old, -1, !is_same);
		tell(old, is_same ? NULL : touched, arg);
		free(old);
	}
	if (fresh && r == 0) {
		r = count_in(b, fresh, 1, !is_same);
		tell(fresh, is_same ? NULL : touched, arg);
	}
	return r < 0 ? r : read;
}

static int same_assets(struct book *to, const struct book *from)
{
	int r = 0;

	to->held = calloc(from->room + 1, sizeof(struct held *));
	if (!to->held)
		return ERR_NOMEM;
	to->room = from->room;
	for (uint32_t i = 0; i < from->room && r == 0; i++) {
		if (!from->held[i])
			continue;
		to->held[i] = packed(&from->held[i]->in);
		r = to->held[i] ? 0 : ERR_NOMEM;
	}
	return r;
}

int book_under(const struct book *b, struct day as_of, struct str params, struct flaws *flaws,
	       struct book **ret_book)
{
	json_auto_t *merged = loaded(str_of(b->parameters));
	json_auto_t *over = params.at ? loaded(params) : json_object();
	char *text = NULL;
	int r;

	if (merged && over && json_object_update_recursive(merged, over) == 0)
		text = json_dumps(merged, JSON_COMPACT | JSON_SORT_KEYS);
	if (!text)
		return params.at && !json_is_object(over) ? ERR_INVALID : ERR_NOMEM;
	r = book_with(b, as_of, str_of(text), str_of(b->partners), flaws, ret_book);
	free(text);
	return r;
}

int book_bare(const struct book *b, struct day as_of, struct str params, struct str partners,
	      struct flaws *flaws, struct book **ret_book)
{
	struct book *under = book_like(b, as_of, params, partners, str_of(b->cpps), flaws);

	if (!under)
		return flaws->count ? ERR_INVALID : ERR_NOMEM;
	under->parameters_version = b->parameters_version;
	*ret_book = under;
	return 0;
}

int book_with(const struct book *b, struct day as_of, struct str params, struct str partners,
	      struct flaws *flaws, struct book **ret_book)
{
	struct book *under = NULL;
	int r = book_bare(b, as_of, params, partners, flaws, &under);

	if (r == 0)
		r = same_assets(under, b);
	if (r == 0)
		*ret_book = under;
	else
		book_free(under);
	return r;
}

int book_count(struct book *b, uint32_t *at, uint32_t most)
{
	int r = 0;

	for (; *at < b->room && most && r == 0; ++*at, most--) {
		if (b->held[*at])
			r = count_in(b, b->held[*at], 1, false);
	}
	return r;
}
