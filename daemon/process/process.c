/*
 * The table of parts. A new one is a row here and a member of struct process. The order is
 * that of need: the API comes last, so that whoever is served finds the others there, and
 * goes first.
 */
#include "process.h"

#include "api.h"
#include "daemon/document/scan.h"
#include "daemon/feed/feed.h"
#include "daemon/hook/hook.h"
#include "daemon/mail/mail.h"
#include "daemon/projector/projector.h"
#include "libassets/base/err.h"

/* Whoever answers from memory is started before those who ask it. */
const struct part part_table[] = {
	{
		.name = "feed",
		.about = "gives changes their order, and acts for the clock",
		.start = feed_start,
		.reload = feed_reload,
		.stop = feed_leave,
	},
	{
		.name = "projector",
		.about = "keeps the receipt projection in memory",
		.start = projector_start,
		.stop = projector_stop,
	},
	{
		.name = "hooks",
		.about = "sends webhooks",
		.start = hook_start,
		.stop = hook_stop,
	},
	{
		.name = "mail",
		.about = "sends letters by SMTP",
		.start = mail_start,
		.stop = mail_stop,
	},
	{
		.name = "scan",
		.about = "has files looked at for viruses by ClamAV",
		.start = scan_start,
		.stop = scan_stop,
	},
	{
		.name = "api",
		.about = "answers HTTP: the API and the pages",
		.start = api_start,
		.is_ready = api_is_ready,
		.drain = api_drain,
		.is_busy = api_is_busy,
		.reload = api_reload,
		.stop = api_stop,
	},
};

const size_t part_count = COUNT(part_table);

static const struct part *part_find(struct str name)
{
	for (size_t i = 0; i < part_count; i++) {
		if (str_eq(name, str_of(part_table[i].name)))
			return &part_table[i];
	}
	return NULL;
}

int part_parse_list(struct str list, unsigned *ret_parts)
{
	unsigned parts = 0;

	while (!str_is_null(list)) {
		const struct part *part = part_find(str_trim(str_cut(list, ',', &list)));

		if (!part)
			return ERR_INVALID;
		parts |= 1U << (part - part_table);
	}
	*ret_parts = parts;
	return parts ? 0 : ERR_INVALID;
}
