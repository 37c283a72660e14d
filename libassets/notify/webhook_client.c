/*
 * Client certificates and their keys, looked at with OpenSSL.
 */
#include "webhook_client.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

enum { RSA_BITS_MIN = 2048, GROUP_NAME = 32 };

int webhook_client_no_password(char *text, int size, int is_writing, void *arg)
{
	(void)text;
	(void)size;
	(void)is_writing;
	(void)arg;
	return -1;
}

/* Yours to free; NULL if there is none. */
static EVP_PKEY *key_read(struct str text)
{
	BIO *from = BIO_new_mem_buf(text.at, (int)text.len);
	EVP_PKEY *key = NULL;

	if (from)
		key = PEM_read_bio_PrivateKey(from, NULL, webhook_client_no_password, NULL);
	BIO_free(from);
	ERR_clear_error();
	return key;
}

static bool is_group(const EVP_PKEY *key)
{
	static const struct str table[] = {STR_INIT("prime256v1"), STR_INIT("secp384r1"),
					   STR_INIT("secp521r1")};
	char name[GROUP_NAME];
	size_t len;

	if (!EVP_PKEY_get_group_name(key, name, sizeof(name), &len))
		return false;
	for (size_t i = 0; i < COUNT(table); i++) {
		if (str_eq(str_of(name), table[i]))
			return true;
	}
	return false;
}

bool webhook_client_is_key(struct str text)
{
	EVP_PKEY *key = key_read(text);
	bool is_good = false;

	if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
		is_good = EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
	else if (key && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC)
		is_good = is_group(key);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return is_good;
}

enum webhook_client webhook_client_check(struct str certificate, struct str key_text, int64_t now_s)
{
	BIO *from = BIO_new_mem_buf(certificate.at, (int)certificate.len);
	X509 *first = NULL;
	EVP_PKEY *key = key_read(key_text);
	enum webhook_client found = WEBHOOK_CLIENT_STRANGERS;
	time_t now = (time_t)now_s;

	if (from)
		first = PEM_read_bio_X509(from, NULL, webhook_client_no_password, NULL);
	if (first && key && X509_check_private_key(first, key) == 1)
		found = X509_cmp_time(X509_get0_notAfter(first), &now) > 0 ? WEBHOOK_CLIENT_GOOD
									   : WEBHOOK_CLIENT_EXPIRED;
	X509_free(first);
	EVP_PKEY_free(key);
	BIO_free(from);
	ERR_clear_error();
	return found;
}
