/*
 * A peer of the `http` bench: libevent's own HTTP server with the same head and body.
 *
 * usage: bench_http_evhttp REPLY_FILE       says its port on standard output
 */
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { REPLY_MAX = 65536, FIELDS_MAX = 32 };

static char reply[REPLY_MAX];
static struct {
	char *name, *value;
} field[FIELDS_MAX];
static size_t field_count;
static char *body;

/* Cut the reply into its fields and body; evhttp writes Date and Content-Length itself. */
static int cut_reply(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line, *end;

	if (!f)
		return -1;
	body = fread(reply, 1, sizeof(reply) - 1, f) ? strstr(reply, "\r\n\r\n") : NULL;
	(void)fclose(f);
	if (!body)
		return -1;
	*body = '\0';
	body += 4;
	for (line = strstr(reply, "\r\n"); line && field_count < FIELDS_MAX; line = end) {
		char *colon = strstr(line += 2, ": ");

		end = strstr(line, "\r\n");
		if (end)
			*end = '\0';
		if (!colon)
			continue;
		*colon = '\0';
		field[field_count].name = line;
		field[field_count].value = colon + 2;
		if (strcmp(line, "Date") != 0 && strcmp(line, "Content-Length") != 0)
			field_count++;
	}
	return 0;
}

static void on_request(struct evhttp_request *request, void *arg)
{
	struct evkeyvalq *out = evhttp_request_get_output_headers(request);

	(void)arg;
	for (size_t i = 0; i < field_count; i++)
		(void)evhttp_add_header(out, field[i].name, field[i].value);
	(void)evbuffer_add(evhttp_request_get_output_buffer(request), body, strlen(body));
	evhttp_send_reply(request, 200, "OK", NULL);
}

int main(int argc, char **argv)
{
	struct sockaddr_in a;
	socklen_t len = sizeof(a);
	struct event_base *base = event_base_new();
	struct evhttp *http = base ? evhttp_new(base) : NULL;
	struct evhttp_bound_socket *bound;

	if (argc != 2 || !http || cut_reply(argv[1]))
		return 2;
	evhttp_set_gencb(http, on_request, NULL);
	bound = evhttp_bind_socket_with_handle(http, "127.0.0.1", 0);
	if (!bound || getsockname(evhttp_bound_socket_get_fd(bound), (struct sockaddr *)&a, &len))
		return 1;
	printf("%d\n", ntohs(a.sin_port));
	(void)fflush(stdout);
	return event_base_dispatch(base);
}
