/*
 * A file names authorities, which the projector does not: so it takes one question more. What may
 * be shown has been settled before; here it changes its form alone.
 */
#include "h_receipts.h"

#include "flow_format.h"
#include "h.h"
#include "h_export.h"
#include "page.h"
#include "q.h"
#include "receipts_sheet.h"
#include "router.h"
#include "sha256.h"

/* What is made into a file within a turn of the worker's loop: some 7,000 items. */
enum { FILE_ANSWER_MAX = 4 << 20 };

/* What f->state holds between the steps. */
struct receipts_flow {
	struct str type;
	bool is_guarded;
	struct str body;
};

/* The members of an item's group, that of time last, so that it stands across. */
static const char *const member_table[] = {
	"authority_id", "cpp_id", "locality_id", "class", "decile", "year", "quarter",
};

int receipts_read(struct flow *f)
{
	struct receipts_flow *s = f->state;
	struct str guard = flow_query(f, "guard");
	bool is_unguarded = str_eq(guard, STR("no"));

	if (s)
		return 0;
	s = f->state = ARENA_NEW(f->arena, struct receipts_flow);
	if (!s)
		return ERR_NOMEM;
	s->is_guarded = !is_unguarded;
	if (!str_is_null(guard) && !is_unguarded && !str_eq(guard, STR("yes"))) {
		h_flaw(f, "guard", "NOT_ONE_OF", STR("It is guarded against formulas or not."),
		       STR("Send yes or no."));
		return ERR_QUERY;
	}
	return flow_format(f, &s->type);
}

bool receipts_is_file(const struct flow *f)
{
	const struct receipts_flow *s = f->state;

	return str_eq(s->type, STR(EXPORT_CSV)) || str_eq(s->type, STR(EXPORT_XLSX));
}

/* Different ids that stand in the answer; a few at most. */
static struct str ids_of(struct flow *f, const json_t *answer)
{
	const json_t *items = json_object_get(answer, "items"), *item;
	json_auto_t *seen = json_object();
	struct str *id = ARENA_ARRAY(f->arena, 2 * json_array_size(items) + 1, struct str);
	size_t i, n = 0;

	json_array_foreach (items, i, item) {
		for (size_t m = 0; id && m < 3; m++) {
			const char *value = json_string_value(
				json_object_get(json_object_get(item, "group"), member_table[m]));

			if (!value || json_object_get(seen, value))
				continue;
			if (json_object_set_new(seen, value, json_true()) == 0)
				id[n++] = arena_str(f->arena, str_of(value));
		}
	}
	return db_text_array(f->arena, id, n);
}

/* Where the digits behind a position end, or 0: is there one? */
static size_t position_end(struct str s, size_t at)
{
	const struct str word = STR("\"position\":");

	if (s.at[at] != '"' || !str_starts((struct str){s.at + at, s.len - at}, word))
		return 0;
	for (at += word.len;
	     at < s.len && (s.at[at] == ' ' || (s.at[at] >= '0' && s.at[at] <= '9'));)
		at++;
	return at;
}

/*
 * Of everything but how far the feed had got: most changes of a register move no receipt, and what
 * says the same is the same (RFC 9110 section 8.8.1, weak). True: the client has it.
 */
static bool is_had(struct flow *f, struct str body, struct str names, struct str parameters)
{
	const struct receipts_flow *s = f->state;
	unsigned char hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct sha256 sum;
	size_t from = 0;

	sha256_begin(&sum);
	sha256_add(&sum, s->type);
	sha256_add(&sum, s->is_guarded ? STR("+") : STR("-"));
	for (size_t at = 0; at < body.len; at++) {
		size_t end = position_end(body, at);

		if (!end)
			continue;
		sha256_add(&sum, (struct str){body.at + from, at - from});
		from = end;
		at = end - 1;
	}
	sha256_add(&sum, (struct str){body.at + from, body.len - from});
	sha256_add(&sum, names);
	sha256_add(&sum, parameters);
	sha256_now(&sum, hash);
	(void)sodium_bin2hex(hex, sizeof(hex), hash, 16);
	return flow_etag_weak(f, str_of(hex));
}

static int too_many(struct flow *f)
{
	h_flaw(f, "group_by", "TOO_MANY",
	       STR("More figures would come of it than a table should have."),
	       STR("Narrow it, or take the JSON."));
	return ERR_QUERY;
}

static enum step_result file_answer(struct flow *f);

static const struct flow_step file_steps[] = {
	{"answer", file_answer},
	{0},
};

enum step_result receipts_answer(struct flow *f, struct str body)
{
	struct receipts_flow *s = f->state;
	json_auto_t *answer = NULL;

	if (!receipts_is_file(f))
		return is_had(f, body, STR(""), STR("")) ? STEP_DONE : flow_answer(f, 200, body);
	if (body.len > FILE_ANSWER_MAX)
		return flow_fail(f, too_many(f));
	answer = json_loadb(body.at, body.len, 0, NULL);
	s->body = arena_str(f->arena, body);
	if (!answer || !s->body.at)
		return flow_fail(f, ERR_NOMEM);
	q_receipt_names_add(flow_batch(f), &(struct q_receipt_names){
						   .ids = ids_of(f, answer),
						   .run_id = flow_query(f, "run"),
					   });
	(void)flow_become(f, file_steps);
	return flow_send(f);
}

/* Which member stands down and which across; of an answer without items there is neither. */
static void settle_members(struct receipts_sheet *s)
{
	const json_t *group =
		json_object_get(json_array_get(json_object_get(s->answer, "items"), 0), "group");

	for (size_t i = 0; i < COUNT(member_table); i++) {
		bool is_time = i + 2 >= COUNT(member_table);

		if (!json_object_get(group, member_table[i]))
			continue;
		if (s->down || is_time)
			s->across = member_table[i];
		else
			s->down = member_table[i];
	}
}

/* Of this very forecast as JSON, with what was asked for by saying nothing. */
static struct str address_of(struct flow *f)
{
	const char *const name[] = {"group_by",    "scenario", "authority_id", "cpp_id",
				    "locality_id", "class",    "run"};
	struct page_filter filter[COUNT(name)];

	for (size_t i = 0; i < COUNT(name); i++)
		filter[i] = (struct page_filter){name[i], flow_query(f, name[i])};
	if (!filter[0].value.len && !filter[2].value.len)
		filter[0].value = STR(RECEIPTS_FILE_GROUPS);
	return page_address(f->arena, "/v1/projections/receipts", filter, COUNT(name));
}

static int put_name(struct flow *f, bool is_book)
{
	struct str day = shape_day_text(f->today, f->arena);
	struct str field = arena_fmt(f->arena, "attachment; filename=\"forecast-%.*s.%s\"",
				     (int)day.len, day.at, is_book ? "xlsx" : "csv");

	if (!field.at)
		return ERR_NOMEM;
	http_reply_field(f->reply, STR("Content-Disposition"), field);
	return 0;
}

static enum step_result file_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(RECEIPTS_FILE_MAX);
	const struct receipts_flow *s = f->state;
	bool is_book = str_eq(s->type, STR(EXPORT_XLSX));
	json_auto_t *answer = json_loadb(s->body.at, s->body.len, 0, NULL), *names = NULL,
		    *parameters = NULL;
	struct receipts_sheet sheet = {.answer = answer,
				       .is_guarded = s->is_guarded,
				       .address = address_of(f),
				       .on = f->today};
	struct q_receipt_names_row row;
	int r = q_receipt_names_one(f->got, 0, &row);

	if (r < 0)
		return flow_fail(f, r);
	if (is_had(f, s->body, row.names, row.parameters))
		return STEP_DONE;
	names = json_loadb(row.names.at, row.names.len, 0, NULL);
	if (row.parameters.at)
		parameters = json_loadb(row.parameters.at, row.parameters.len, 0, NULL);
	sheet.names = names;
	sheet.parameters = parameters;
	settle_members(&sheet);
	r = is_book ? receipts_book(&out, &sheet, f->arena) : receipts_csv(&out, &sheet, f->arena);
	if (r == ERR_LIMIT)
		r = too_many(f);
	if (r == 0)
		r = put_name(f, is_book);
	if (r < 0)
		return flow_fail(f, r);
	if (buf_err(&out) < 0)
		return flow_fail(f, buf_err(&out));
	return flow_answer_as(f, 200,
			      is_book ? s->type : STR("text/csv; charset=utf-8; header=present"),
			      buf_view(&out));
}
