/*
 * The forms by which an asset's sale or transfer is recorded, and by which one that was recorded
 * wrongly is corrected: another in its place, or none. They go the steps of the API (h_disposal.c,
 * h_disposal_correct.c); what a request's completion made is corrected in that request's ledger.
 */
#include "daemon/register/h_disposal.h"
#include "p_asset_form.h"
#include "p_session.h"

/* clang-format off */
static const struct form_row disposal_rows[] = {
	{"kind",         FORM_CHOICE, FORM_NEEDED, .label = "To whom",
	 .hint = "A community takes it over by its request, whose completion is recorded there."},
	{"completed_on", FORM_DAY,    FORM_NEEDED | FORM_SHORT, .label = "Completed on"},
	{"gross_pence",  FORM_POUNDS, FORM_NEEDED | FORM_SHORT, .label = "Receipt in pounds",
	 .hint = "What was paid, before costs. Everybody reads it."},
	{"cost_pence",   FORM_POUNDS, FORM_SHORT,  .label = "Costs in pounds",
	 .hint = "Of selling it: agents, law, marketing. Empty: none."},
	{"to",           FORM_TEXT,   0,           .label = "Buyer",
	 .hint = "Everybody reads it: name no private person."},
	{"exemption",    FORM_CHOICE, 0,           .label = "Why a request does not bar it",
	 .hint = "Only while a community's request would."},
	{"exemption_dated_on", FORM_DAY, FORM_SHORT, .label = "Since when that is so"},
};
/* clang-format on */

const struct form form_disposal = {disposal_rows, COUNT(disposal_rows), &disposal_shape, NULL,
				   "disposal-"};
const struct form *const disposal_forms[] = {&form_disposal};

static enum step_result disposal_read(struct flow *f)
{
	int r = form_read(f, &form_disposal);

	return r < 0 ? flow_fail(f, r) : STEP_NEXT;
}

static enum step_result go_back(struct flow *f)
{
	session_cookie(f, SAVED_COOKIE, f->param[0], SAVED_S);
	return page_redirect(f, arena_fmt(f->arena, "/assets/%s", f->param[0].at));
}

const struct flow_step dispose_steps[] = {
	{"read", disposal_read},
	{"load", disposal_add_load},
	{"store", disposal_add_store},
	{"answer", go_back},
	{0},
};
const struct flow_step dispose_correct_steps[] = {
	{"read", disposal_read},
	{"load", disposal_correct_load},
	{"store", disposal_correct_store},
	{"answer", go_back},
	{0},
};
const struct flow_step dispose_undo_steps[] = {
	{"load", disposal_undo_load},
	{"store", disposal_undo_store},
	{"answer", go_back},
	{0},
};
