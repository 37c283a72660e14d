/*
 * What pages say of reports that an authority owes, beside the pages of reports themselves.
 */
#pragma once

#include "page.h"

/*
 * Put `alarms` into the page: the reports that whoever is signed in has to publish and has not. The
 * batch had q_page_report_alarms_add() as that statement; nobody signed in, none.
 */
void report_alarms_put(struct page *p, int statement);
