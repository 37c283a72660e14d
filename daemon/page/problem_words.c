/*
 * See problem_words.h.
 */
#include "problem_words.h"

#include "libassets/base/err.h"

static const struct {
	int err;
	struct problem_words words;
} word_table[] = {
	{ERR_UNAUTHENTICATED, {.title = "You need to sign in for this"}},
	{ERR_FORBIDDEN, {.title = "This was refused"}},
	{ERR_HEAD,
	 {"This address cannot be read", "",
	  "Perhaps a part of it was lost on the way: look at where you have it from, or search the "
	  "register."}},
	{ERR_URI_TOO_LONG,
	 {"This address is too long", "",
	  "Choose fewer things at once, write less, or search the register."}},
	{ERR_HEAD_TOO_LARGE,
	 {"Your browser sent more than can be read here", "",
	  "Close the browser and open it again. If it happens again, delete what it keeps of this "
	  "site (cookies)."}},
	{ERR_QUERY,
	 {"Something in this address is wrong", NULL,
	  "Put it right in the address, or go back with your browser’s Back button."}},
	{ERR_METHOD,
	 {"This address shows no page", "",
	  "It takes what a form sends. Go back to the page that led here, or search the "
	  "register."}},
	{ERR_METHOD_UNKNOWN,
	 {"This address shows no page", "",
	  "Go back to the page that led here, or search the register."}},
	{ERR_MEDIA_TYPE,
	 {"What you sent cannot be read", "",
	  "Go back with your browser’s Back button: what you typed still stands there. Send it "
	  "again."}},
	{ERR_LENGTH,
	 {"What you sent cannot be read", "",
	  "Go back with your browser’s Back button: what you typed still stands there. Send it "
	  "again."}},
	{ERR_LIMIT, {.title = "What you sent is too large"}},
	{ERR_TIMEOUT, {.title = "What you sent did not arrive in time", .detail = ""}},
	{ERR_RATE, {.title = "That was too much at once"}},
	{ERR_DB_AWAY, {.title = "The register cannot be opened at the moment"}},
	{ERR_NOMEM, {.title = "The register has too much to do at the moment"}},
	{ERR_BUSY, {.title = "The register has too much to do at the moment"}},
	{ERR_DEADLINE, {.title = "This took too long, and was stopped"}},
	{ERR_DRAINING, {.title = "The register is being started anew"}},
	{ERR_NOT_READY, {.title = "What this page must show has not arrived here yet"}},
};

/* What to do about an error, by what its status says. */
static const char *cure(int status)
{
	switch (status) {
	case 401:
		return "Sign in with your account, or with a key of your authority.";
	case 403:
		return "Sign in with an account or a key that permits it, or ask your authority’s "
		       "administrator.";
	case 404:
		return "Check the address, or search the register.";
	case 410:
		return "Search the register for what took its place.";
	case 409:
	case 412:
		return "Go back, look at it as it is now, and try again.";
	case 408:
		return "Go back with your browser’s Back button: what you typed still stands "
		       "there. Send it again, perhaps from where the line is better.";
	case 413:
		return "Go back with your browser’s Back button: what you typed still stands "
		       "there. Shorten it, or choose a smaller file, and send it again.";
	case 429:
	case 503:
		return "Wait a minute, then try again. Nothing that was stored is lost.";
	case 500:
		return "Try again. If it happens again, write to us with the number below.";
	default:
		return "Go back and put right what is named above; what you typed is still there.";
	}
}

struct problem_words problem_words(int err)
{
	const struct err_info *info = err_info(err);
	struct problem_words words = {0};

	for (size_t i = 0; i < COUNT(word_table); i++) {
		if (word_table[i].err == err)
			words = word_table[i].words;
	}
	words.title = words.title ? words.title : info->title;
	words.cure = words.cure ? words.cure : cure(info->status);
	return words;
}
