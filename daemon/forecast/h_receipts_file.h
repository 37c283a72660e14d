/*
 * Receipts as a file for a spreadsheet, read and written some figures a turn of the loop, and sent
 * as it is made: the answer may be of any length.
 */
#pragma once

#include "daemon/flow/flow.h"

struct receipts_file_call {
	struct str answer; /* JSON, in f->got_mail or borrowed for the step */
	struct str groups; /* what it is grouped by where the query does not say; absent: by year */
	bool is_book;      /* a workbook; else CSV */
	bool is_guarded;
};

/* End the step with the file. ERR_QUERY  more figures than a file should have */
enum step_result receipts_file(struct flow *f, const struct receipts_file_call *call);
