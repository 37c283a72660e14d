/*
 * What p_notice.c and p_notice_refused.c share: the officers' forms of a notice, shown again.
 */
#pragma once

#include "page.h"

/*
 * A form of the notice was refused: what was typed into it, what is wrong beside each field and in
 * a list that leads there, and both versions where somebody else was faster. To be called once all
 * forms stand in the page; nothing where none was refused.
 */
void notice_put_refused(struct page *p);
