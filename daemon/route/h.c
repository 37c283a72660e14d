/*
 * The small words of the handlers. Texts are built in bounded buffers and kept in the arena.
 * On the worker's thread, inside a step. What fails for want of memory gives an absent text,
 * and a batch that is given one where a value must stand fails as a whole: so handlers add
 * statement after statement and look once.
 */
#include "h.h"

#include "daemon/base/id.h"
#include "daemon/flow/flow_rescue.h"
#include "libassets/base/moment.h"
#include "libassets/shape/wire.h"
#include "q.h"

/* Bytes of one struct as JSON; words of a literal list. */
enum { JSON_MAX = 4 << 20, NAMES_MAX_COUNT = 40 };

int h_decode(struct flow *f, const struct shape *shape, enum shape_mode mode, void *at)
{
	int r = flow_body(f);

	if (r < 0)
		return r;
	if (mode == SHAPE_CREATE)
		shape_clear(shape, at);
	shape_decode(shape, f->body, mode, &WIRE_TOP, &f->flaws, at);
	return flaws_err(&f->flaws);
}

int h_stored(struct flow *f, struct str json, const struct shape *shape, void *ret_at)
{
	return shape_stored(shape, json, f->arena, ret_at);
}

static struct str kept(struct flow *f, struct buf *b)
{
	return buf_err(b) < 0 ? (struct str){NULL, 0} : arena_str(f->arena, buf_view(b));
}

struct str h_json(struct flow *f, const struct shape *shape, const void *at)
{
	CLEANUP(buf_done) struct buf b = BUF(JSON_MAX);

	shape_encode(shape, at, &b);
	return kept(f, &b);
}

int h_patch(struct flow *f, struct str json, const struct shape *shape, void *ret_at,
	    struct str *ret_was)
{
	int r = h_stored(f, json, shape, ret_at);

	if (r < 0)
		return r;
	*ret_was = h_json(f, shape, ret_at);
	return h_decode(f, shape, SHAPE_PATCH, ret_at);
}

struct str h_json_list(struct flow *f, const struct shape *shape, struct shape_list list)
{
	CLEANUP(buf_done) struct buf b = BUF(JSON_MAX);

	shape_encode_list(shape, list, &b);
	return kept(f, &b);
}

struct str h_json_joined(struct flow *f, struct str a, struct str b)
{
	return shape_joined(a, b, f->arena);
}

struct str h_text(struct flow *f, const json_t *value)
{
	char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	struct str kept = text ? arena_str(f->arena, str_of(text)) : (struct str){NULL, 0};

	free(text);
	return kept;
}

enum step_result h_answer_json(struct flow *f, const json_t *value)
{
	struct str text = h_text(f, value);

	return text.at ? flow_answer(f, 200, text) : flow_fail(f, ERR_NOMEM);
}

enum step_result h_answer_put(struct flow *f, const json_t *value, struct str event_id)
{
	if (event_id.len)
		http_reply_field(f->reply, STR("Event-Id"), event_id);
	if (!flow_wants_little(f))
		return h_answer_json(f, value);
	http_reply_field(f->reply, STR("Preference-Applied"), STR("return=minimal"));
	return flow_answer_empty(f, 204);
}

struct str h_words(struct flow *f, struct shape_words words)
{
	return db_text_array(f->arena, words.at, words.count);
}

struct str h_names(struct flow *f, const char *names)
{
	struct str word[NAMES_MAX_COUNT];
	struct str rest = str_of(names);
	size_t n = 0;

	while (rest.len && n < COUNT(word))
		word[n++] = str_cut(rest, ' ', &rest);
	return db_text_array(f->arena, word, n);
}

struct str h_id(struct flow *f, const char *prefix)
{
	char id[ID_TEXT];

	id_new(prefix, f->now_us, id);
	return arena_str(f->arena, str_of(id));
}

struct str h_id_once(struct flow *f, const char *prefix)
{
	unsigned char hash[32];
	char id[ID_TEXT];

	if (!flow_form_once(f, hash))
		return h_id(f, prefix);
	id_hashed(prefix, hash, id);
	return arena_str(f->arena, str_of(id));
}

void h_flaw(struct flow *f, const char *field, const char *code, struct str detail, struct str cure)
{
	wire_flaw(&f->flaws, &WIRE_KEY(&WIRE_TOP, field), str_of(code), detail, cure);
}

void h_unknown(struct flow *f, const char *field)
{
	h_flaw(f, field, "NOT_FOUND", STR("There is nothing of that id."),
	       STR("Look the id up, and whether you may know of it."));
}

int h_may(const struct flow *f, enum permission what, struct str authority_id)
{
	return principal_may_at(f->who, what, authority_id) ? 0 : ERR_FORBIDDEN;
}

struct str h_change(struct flow *f, const struct h_change *c)
{
	struct str id = h_id(f, "evt_");

	flow_told(f, id);
	if (c->is_hidden) {
		q_change_hide_add(flow_batch(f), &(struct q_change_hide){
							 .id = id,
							 .type = str_of(c->type),
							 .subject = c->subject,
							 .subject_seq = c->seq,
							 .authority_id = c->authority_id,
							 .data = c->data,
						 });
		return id;
	}
	q_change_write_add(flow_batch(f), &(struct q_change_write){
						  .id = id,
						  .type = str_of(c->type),
						  .subject = c->subject,
						  .seq = c->seq,
						  .has_seq = c->seq != 0,
						  .authority_id = c->authority_id,
						  .asset_id = c->asset_id,
						  .data = c->data,
						  .was = c->was,
						  .is_now = c->is_now,
						  .money = h_names(f, c->money ? c->money : ""),
						  .reason = c->reason,
					  });
	return id;
}

int32_t h_stale(const struct flow *f)
{
	return -flow_stale(f);
}

int h_moment(struct flow *f, const char *name, struct str *ret_moment)
{
	char text[MOMENT_TEXT];
	int64_t us;

	*ret_moment = flow_query(f, name);
	if (str_is_null(*ret_moment))
		return 0;
	if (moment_parse(*ret_moment, &us) == 0) {
		moment_format(us, text);
		*ret_moment = arena_str(f->arena, str_of(text));
		return str_is_null(*ret_moment) ? ERR_NOMEM : 0;
	}
	flaw_add(&f->flaws, arena_fmt(f->arena, "?%s", name), STR("NOT_A_MOMENT"),
		 STR("This is not a moment."), STR("Write it as 2026-11-21T10:00:00Z."));
	return ERR_QUERY;
}

int h_day(struct flow *f, const char *name, struct str *ret_day)
{
	struct day day;

	*ret_day = flow_query(f, name);
	if (str_is_null(*ret_day) || day_parse(*ret_day, &day) == 0)
		return 0;
	flaw_add(&f->flaws, arena_fmt(f->arena, "?%s", name), STR("NOT_A_DATE"),
		 STR("There is no such day."), STR("Write a day as YYYY-MM-DD."));
	return ERR_QUERY;
}

int h_version(struct flow *f, struct str cure, int32_t *ret_version, bool *ret_is_given)
{
	struct str text = flow_query(f, "version");
	int64_t version = 0;

	*ret_version = 0;
	*ret_is_given = !str_is_null(text);
	if (str_is_null(text))
		return 0;
	if (str_to_i64(text, &version) < 0 || version < 0 || version > INT32_MAX) {
		flaw_add(&f->flaws, STR("?version"), STR("BAD_FORM"), STR("This is no version."),
			 cure);
		return ERR_QUERY;
	}
	*ret_version = (int32_t)version;
	return 0;
}
