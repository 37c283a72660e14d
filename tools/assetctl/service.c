/*
 * Options win over the environment, a file over a key that stands in it: other programs of the
 * machine may see the environment of a process. Nothing is printed of a key.
 */
#include "service.h"

#include <stdlib.h>
#include <string.h>

#include "input.h"

/* A key is a line of printable characters: nothing else may get into a header. */
static int take_key(struct call_service *s, struct str text, const char *from)
{
	text = str_trim(text);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] > ' ' && text.at[i] < 0x7F)
			continue;
		complain("%s does not hold one API key", from);
		return EXIT_USAGE;
	}
	if (!text.len || text.len > CALL_KEY_MAX) {
		complain("%s does not hold one API key", from);
		return EXIT_USAGE;
	}
	memcpy(s->key, text.at, text.len);
	s->key[text.len] = '\0';
	return EXIT_OK;
}

static int find_key(const struct api_words *w, struct call_service *s)
{
	const char *file = w->key_file ? w->key_file : getenv("ASSETD_KEY_FILE");
	const char *key = getenv("ASSETD_KEY");
	CLEANUP(buf_done) struct buf text = BUF(4096);
	int code;

	s->key[0] = '\0';
	if (!file || !*file)
		return key && *key ? take_key(s, str_of(key), "ASSETD_KEY") : EXIT_OK;
	code = input_read(file, &text);
	return code == EXIT_OK ? take_key(s, buf_view(&text), file) : code;
}

int service_find(const struct api_words *w, struct call_service *ret_service)
{
	const char *url = w->url ? w->url : getenv("ASSETD_URL");
	const char *timeout = w->timeout ? w->timeout : "120";
	int64_t seconds;

	ret_service->url = url && *url ? url : "http://127.0.0.1:8080";
	if (strncmp(ret_service->url, "http://", 7) != 0 &&
	    strncmp(ret_service->url, "https://", 8) != 0) {
		complain("%s is no address that begins with https:// or http://", ret_service->url);
		return EXIT_USAGE;
	}
	if (str_to_i64(str_of(timeout), &seconds) < 0 || seconds < 1 || seconds > 86400) {
		complain("%s is no number of seconds from 1 to 86400", timeout);
		return EXIT_USAGE;
	}
	ret_service->timeout_s = (long)seconds;
	return find_key(w, ret_service);
}
