/*
 * How far the files are that somebody is being sent, or was within the hour: rows sent of rows
 * there are. Their own alone. While one goes out the page asks for itself again every two seconds,
 * without script.
 */
#include "daemon/base/clock.h"
#include "daemon/export/export_progress.h"
#include "p.h"
#include "page.h"

static const int64_t MINUTE_US = 60 * INT64_C(1000000);

static const char *const state_name[] = {
	[EXPORT_RUNNING] = "RUNNING",
	[EXPORT_DONE] = "DONE",
	[EXPORT_CUT] = "CUT",
};

/* As long ago as a person reckons: in minutes. */
static json_int_t minutes_ago(const struct export_note *n, int64_t now_us)
{
	int64_t us = now_us - n->begun_us;

	return us > 0 ? us / MINUTE_US : 0;
}

static json_t *note_json(struct page *p, const struct export_note *n, int64_t now_us)
{
	json_t *one = json_pack("{s:s, s:s, s:b, s:b, s:I, s:I}", "file", n->file, "file_state",
				state_name[n->state], "is_running", n->state == EXPORT_RUNNING,
				"is_known", n->of >= 0, "ago", minutes_ago(n, now_us), "rows_count",
				(json_int_t)n->rows);

	if (!one)
		return NULL;
	if (n->of >= 0)
		page_put_in(p, one, "of_count", json_integer(n->of));
	if (n->of > 0 && n->state == EXPORT_RUNNING)
		page_put_in(p, one, "bar",
			    json_pack("{s:I, s:I, s:o}", "done", (json_int_t)n->rows, "of",
				      (json_int_t)n->of, "percent",
				      json_sprintf("%d%%", (int)(100 * n->rows / n->of))));
	return one;
}

static enum step_result downloads_load(struct flow *f)
{
	(void)page_batch(f);
	return flow_send(f);
}

static enum step_result downloads_answer(struct flow *f)
{
	struct page p = page_begin(f, "How far your downloads are");
	int64_t now_us = clock_now_us();
	struct export_note note[EXPORT_NOTES_EACH];
	size_t n = export_progress_list(f->who->id, now_us, note);
	json_t *files = json_array();
	bool is_running = false;

	page_crumb(&p, "/", STR("Home"));
	page_put(&p, "files", files);
	for (size_t i = 0; i < n; i++) {
		is_running |= note[i].state == EXPORT_RUNNING;
		json_array_append_new(files, note_json(&p, &note[i], now_us));
	}
	page_put(&p, "has_files", json_boolean(n > 0));
	page_put(&p, "is_running", json_boolean(is_running));
	if (is_running)
		http_reply_field(f->reply, STR("Refresh"), STR("2"));
	return page_end(&p, "downloads", PAGE_NOWHERE, 200);
}

const struct flow_step page_downloads[] = {
	{"load", downloads_load},
	{"answer", downloads_answer},
	{0},
};
