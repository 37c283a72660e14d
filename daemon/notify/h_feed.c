/*
 * One address for three files, since they differ in nothing but their form: which it is, its name
 * says. Entries have the event's UUID for an id, so that they are the same wherever the register is
 * reached; the newest of each subject says how that stands now, older ones what happened.
 *
 * What is made is hashed for the ETag: a reader that looks every few minutes gets it once.
 */
#include "h_feed.h"

#include "daemon/base/conf.h"
#include "daemon/base/sha256.h"
#include "daemon/process/worker.h"
#include "daemon/request/h_calendar.h"
#include "feed_file.h"
#include "libassets/clock/ical.h"
#include "q.h"
#include "scope.h"

/* Entries; requests of a calendar; bytes of a file. */
enum { ENTRIES = 50, REQUESTS = 1000, FILE_MAX = 16 << 20, TITLE_MAX = 8192 };

enum { SCOPE, ROWS };

struct feed_flow {
	struct scope scope;
	const struct file_row *file;
};

static int put_atom(struct flow *f, const struct feed_head *head, struct buf *out)
{
	return feed_file_put(&feed_atom, head, f->got, ROWS, f->today, out);
}

static int put_json(struct flow *f, const struct feed_head *head, struct buf *out)
{
	return feed_file_put(&feed_json, head, f->got, ROWS, f->today, out);
}

/* There are more requests: a date of today says so, where whoever looks at their dates sees it. */
static void put_more(struct flow *f, const struct feed_head *head, struct buf *out)
{
	char on[DAY_TEXT];

	day_format(f->today, on);
	ical_date(out,
		  &(struct ical_date){
			  .uid = head->self,
			  .stamp = arena_fmt(f->arena, "%.4s%.2s%.2sT000000Z", on, on + 5, on + 8),
			  .sequence = f->today.number,
			  .on = f->today,
			  .summary = arena_fmt(f->arena,
					       "Not all dates are shown: only of the %d requests "
					       "with the nearest",
					       REQUESTS),
			  .description = STR("Take a calendar of fewer: of one authority, one "
					     "place or one search, each at \"Follow\"."),
			  .url = arena_fmt(f->arena, "%s/requests", head->base_url),
		  });
}

static int put_dates(struct flow *f, const struct feed_head *head, struct buf *out)
{
	struct q_feed_dates_row row;

	ical_begin(out, head->title);
	if (db_rows(f->got, ROWS) > REQUESTS)
		put_more(f, head, out);
	for (int i = 0; i < db_rows(f->got, ROWS) && i < REQUESTS; i++) {
		int r = q_feed_dates_row(f->got, ROWS, i, &row);

		if (r < 0)
			return r;
		calendar_put(f->arena,
			     &(struct calendar_request){
				     .id = row.id,
				     .version = row.version,
				     .reference = row.reference,
				     .land = row.land,
				     .stamp = row.stamp,
				     .deadlines = row.deadlines,
				     .base_url = head->base_url,
			     },
			     out);
	}
	ical_end(out);
	return 0;
}

static const struct file_row {
	const char *name;
	const char *type;
	int (*put)(struct flow *f, const struct feed_head *head, struct buf *out);
} file_table[] = {
	{"changes.atom", FEED_ATOM, put_atom},
	{"changes.json", FEED_JSON, put_json},
	{"dates.ics", FEED_ICAL, put_dates},
};

static enum step_result feed_load(struct flow *f)
{
	struct feed_flow *s = f->state = ARENA_NEW(f->arena, struct feed_flow);
	int r;

	if (!s)
		return flow_fail(f, ERR_NOMEM);
	for (size_t i = 0; i < COUNT(file_table); i++) {
		if (str_eq(f->param[0], str_of(file_table[i].name)))
			s->file = &file_table[i];
	}
	if (!s->file)
		return flow_fail(f, ERR_NOT_FOUND);
	r = scope_read(f, &s->scope);
	if (r < 0)
		return flow_fail(f, r);
	q_scope_show_add(flow_batch(f), &(struct q_scope_show){.filter = s->scope.filter});
	if (s->file->put == put_dates)
		q_feed_dates_add(flow_batch(f), &(struct q_feed_dates){.filter = s->scope.filter,
								       .most = REQUESTS + 1});
	else
		q_feed_newest_add(flow_batch(f), &(struct q_feed_newest){.filter = s->scope.filter,
									 .most = ENTRIES});
	return flow_send(f);
}

/* How the outside world names us: by the settings, or as it did just now. */
static struct str base_url(struct flow *f)
{
	struct str set = str_of(f->worker->conf->http_base_url);

	return set.len ? set
		       : arena_fmt(f->arena, "http://%.*s", (int)f->request->host.len,
				   f->request->host.at);
}

static int make(struct flow *f, const struct feed_flow *s, struct buf *out)
{
	CLEANUP(buf_done) struct buf title = BUF(TITLE_MAX);
	struct q_scope_show_row row;
	struct str base = base_url(f), question = s->scope.question;
	int r = q_scope_show_one(f->got, SCOPE, &row);

	if (r < 0)
		return r;
	if (!row.is_known)
		return ERR_NOT_FOUND;
	buf_fmt(&title, "%s: ", f->worker->conf->pages_name);
	scope_title(&title, &s->scope, row.name);
	if (buf_err(&title) < 0 || str_is_null(base))
		return ERR_NOMEM;
	return s->file->put(
		f,
		&(struct feed_head){
			.title = buf_view(&title),
			.name = str_of(f->worker->conf->pages_name),
			.base_url = base.at,
			.self = arena_fmt(f->arena, "/v1/feeds/%s%s%.*s", s->file->name,
					  question.len ? "?" : "", (int)question.len, question.at),
		},
		out);
}

static enum step_result feed_answer(struct flow *f)
{
	CLEANUP(buf_done) struct buf out = BUF(FILE_MAX);
	const struct feed_flow *s = f->state;
	unsigned char hash[SHA256_BYTES];
	char hex[2 * SHA256_BYTES + 1];
	struct sha256 sum;
	int r = make(f, s, &out);

	if (r == 0)
		r = buf_err(&out);
	if (r < 0)
		return flow_fail(f, r);
	sha256_begin(&sum);
	sha256_add(&sum, buf_view(&out));
	sha256_now(&sum, hash);
	(void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash) / 2);
	if (flow_etag_weak(f, str_of(hex)))
		return STEP_DONE;
	return flow_answer_as(f, 200, str_of(s->file->type), buf_view(&out));
}

const struct flow_step flow_feed[] = {
	{"load", feed_load},
	{"answer", feed_answer},
	{0},
};
