/*
 * An answer of clamd: nothing but the one text is taken for a clean file, and the name of a
 * signature can be shown as it is.
 */
#include <assert.h>

#include "libassets/file/clamd.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char clean[] = "stream: OK";
	struct str reply = {(const char *)data, size};
	char name[CLAMD_NAME_MAX + 1];
	enum clamd_verdict verdict = clamd_answer(reply, name);
	size_t length = strlen(name);

	assert((verdict == CLAMD_CLEAN) ==
	       (size == sizeof(clean) && memcmp(data, clean, size) == 0));
	assert((verdict == CLAMD_FOUND) == (length > 0));
	assert(length <= CLAMD_NAME_MAX);
	for (size_t i = 0; i < length; i++)
		assert(name[i] > 0x20 && name[i] < 0x7F);
	return 0;
}
