/*
 * Half of an HMAC is enough for what has to be tried over the network. The purpose goes into the
 * key (auth_sign), so that a ticket for one thing opens no other.
 */
#include "link.h"

#include <openssl/crypto.h>

#include "daemon/mail/mail.h"
#include "daemon/process/worker.h"
#include "libassets/base/address.h"
#include "libassets/shape/shape_form.h"

enum { TICKET_BYTES = 16 };

struct str link_ticket(struct flow *f, const char *purpose, struct str id)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char mac[32];
	char text[2 * TICKET_BYTES];

	if (auth_sign(f->worker->auth, purpose, id, mac) < 0)
		return (struct str){NULL, 0};
	for (size_t i = 0; i < TICKET_BYTES; i++) {
		text[2 * i] = hex[mac[i] >> 4];
		text[2 * i + 1] = hex[mac[i] & 15];
	}
	return arena_str(f->arena, (struct str){text, sizeof(text)});
}

struct str link_network(struct flow *f)
{
	struct str peer = f->request->peer;
	struct address address;
	unsigned char mac[32];
	char text[DB_BYTEA_TEXT(32)];

	/* A proxy of this machine that does not say for whom it asks is a network by its name. */
	if (address_parse(peer, &address) == 0)
		peer = (struct str){(const char *)address.at, address.bytes == 4 ? 3 : 6};
	if (auth_sign(f->worker->auth, "network", peer, mac) < 0)
		return (struct str){NULL, 0};
	db_bytea(mac, sizeof(mac), text);
	return arena_str(f->arena, str_of(text));
}

int link_act(struct flow *f, struct str id)
{
	struct principal *who = ARENA_NEW(f->arena, struct principal);

	if (!who)
		return ERR_NOMEM;
	*who = (struct principal){.id = id, .key_id = STR("")};
	f->who = who;
	return 0;
}

int link_read(struct flow *f, const char *purpose, struct str token, struct str *ret_id)
{
	struct str ticket, want;
	struct str id = shape_form_id(str_cut(token, '.', &ticket), f->arena);

	if (str_is_null(id))
		return ERR_NOT_FOUND;
	want = link_ticket(f, purpose, id);
	if (str_is_null(want))
		return ERR_NOMEM;
	if (ticket.len != want.len || CRYPTO_memcmp(ticket.at, want.at, want.len) != 0)
		return ERR_NOT_FOUND;
	*ret_id = id;
	return 0;
}

enum step_result link_answer(struct flow *f)
{
	return flow_answer(
		f, 202, arena_fmt(f->arena, "{\"state\":\"UNCONFIRMED\",\"days\":%d}", MAIL_DAYS));
}
