/*
 * Settings of the mail sender. The file of credentials holds "user:password" in its first line;
 * that it is closed to others on the machine is looked at where settings are read (conf.c).
 */
#include <openssl/crypto.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/base/conf.h"
#include "libassets/base/err.h"
#include "libassets/notify/mail.h"
#include "mail_private.h"

bool mail_is_set(const struct conf *c)
{
	return c->mail_smtp_url[0] || c->mail_folder[0];
}

static int refuse(const char *why)
{
	log_error("no mail can be sent", F_Z("because", why));
	return ERR_INVALID;
}

static int load_credentials(const char *path, struct mail_setup *s)
{
	FILE *file = fopen(path, "re");
	char *line = file ? fgets(s->credentials, sizeof(s->credentials), file) : NULL;
	char *colon;

	if (file)
		(void)fclose(file);
	if (!line)
		return refuse("[mail] credentials_file cannot be read");
	line[strcspn(line, "\r\n")] = '\0';
	colon = strchr(line, ':');
	if (!colon || colon == line)
		return refuse("[mail] credentials_file does not hold user:password");
	*colon = '\0';
	s->server.user = line;
	s->server.password = colon + 1;
	return 0;
}

int mail_setup_load(const struct conf *c, struct mail_setup *ret_setup)
{
	struct str url = str_of(c->mail_smtp_url), base = str_of(c->http_base_url);

	*ret_setup = (struct mail_setup){
		.server = {.url = c->mail_smtp_url,
			   .ca_file = c->mail_ca_file[0] ? c->mail_ca_file : NULL,
			   .is_plain_allowed = c->mail_allow_plain,
			   .timeout_ms = c->mail_timeout_ms},
		.from = c->mail_from,
		.name = c->pages_name,
		.base_url = c->http_base_url,
		.folder = c->mail_folder[0] ? c->mail_folder : NULL,
	};
	if (url.len && c->mail_folder[0])
		return refuse("[mail] has both smtp_url and folder");
	if (c->mail_folder[0] && access(c->mail_folder, W_OK | X_OK) < 0)
		return refuse("[mail] folder is none that can be written into");
	if (url.len && !str_starts(url, STR("smtp://")) && !str_starts(url, STR("smtps://")))
		return refuse("[mail] smtp_url begins neither with smtp:// nor with smtps://");
	if (!mail_address_ok(str_of(c->mail_from)))
		return refuse("[mail] from is no address such as register@example.scot");
	if (!str_starts(base, STR("https://")) && !str_starts(base, STR("http://")))
		return refuse("[http] base_url is not set, and letters carry links");
	return c->mail_credentials_file[0] ? load_credentials(c->mail_credentials_file, ret_setup)
					   : 0;
}

void mail_setup_wipe(struct mail_setup *s)
{
	OPENSSL_cleanse(s->credentials, sizeof(s->credentials));
}
