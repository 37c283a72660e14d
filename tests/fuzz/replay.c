/*
 * The main of a fuzz target in ordinary builds: every file of the folder named is fed to the
 * target once. An empty corpus is a failure, for it would test nothing.
 */
#include <dirent.h>
#include <stdint.h>

#include "libassets/base/base.h"

enum { INPUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *folder, const char *name)
{
	static uint8_t data[INPUT_MAX];
	char path[4096];
	size_t size;
	FILE *in;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	in = fopen(path, "rb");
	if (!in)
		return -1;
	size = fread(data, 1, sizeof(data), in);
	fclose(in);
	return LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
	const char *folder = argc == 2 ? argv[1] : "";
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int fed = 0;

	if (!dir) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.' && replay(folder, entry->d_name) == 0)
			fed++;
	}
	closedir(dir);
	printf("%d inputs\n", fed);
	return fed ? 0 : 1;
}
