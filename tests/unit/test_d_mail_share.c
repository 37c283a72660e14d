/*
 * Places of letters: a silent domain has its share and no more, many silent ones have half, and the
 * others always find one.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "daemon/mail/mail_share.h"

static struct mail_share share;

static void begin(void)
{
	share = (struct mail_share){.turn = 0};
}

TestSuite(mail_share, .init = begin);

static struct mail_domain *take(const char *address)
{
	return mail_share_take(&share, str_of(address));
}

/* Letters to so many domains, each of which then says nothing. */
static void fall_silent(int domains)
{
	struct mail_domain *had[MAIL_IN_FLIGHT_MAX];
	char address[64];

	cr_assert_leq(domains, MAIL_IN_FLIGHT_MAX);
	for (int i = 0; i < domains; i++) {
		(void)snprintf(address, sizeof(address), "a@silent%d.example", i);
		had[i] = take(address);
		cr_assert(had[i]);
	}
	for (int i = 0; i < domains; i++)
		mail_share_give(had[i], MAIL_SILENT);
}

Test(mail_share, a_domain_has_its_share_whoever_reads_there)
{
	struct mail_domain *one = take("a@quiet.example");

	cr_assert(one);
	cr_assert(take("b@quiet.example") && take("c@Quiet.Example") &&
		  take("\"d@x\"@QUIET.example"));
	cr_assert_not(take("e@quiet.example"));
	cr_assert(take("e@sub.quiet.example"), "another domain");
	mail_share_give(one, MAIL_ANSWERED);
	cr_assert(take("e@quiet.example"), "a place is free again");
}

Test(mail_share, those_that_said_nothing_have_half_of_all_places_together)
{
	char address[64];
	int taken = 0;

	fall_silent(MAIL_IN_FLIGHT_MAX);
	for (int i = 0; i < MAIL_IN_FLIGHT_MAX; i++) {
		(void)snprintf(address, sizeof(address), "b@silent%d.example", i);
		taken += take(address) != NULL;
	}
	cr_assert_eq(taken, MAIL_SILENT_SHARE);
	for (int i = 0; i < MAIL_SHARE; i++)
		cr_assert(take("a@well.example"), "who answers has a whole share");
}

Test(mail_share, who_answers_again_is_as_any_other)
{
	struct mail_domain *back;

	fall_silent(MAIL_IN_FLIGHT_MAX);
	back = take("a@silent0.example");
	mail_share_give(back, MAIL_UNHEARD);
	cr_assert(back->is_silent, "not asked: that says nothing of it");
	back = take("a@silent0.example");
	mail_share_give(back, MAIL_ANSWERED);
	cr_assert_not(back->is_silent);
}

Test(mail_share, the_full_ones_are_named_and_no_others)
{
	struct str full[MAIL_DOMAINS_MAX];

	cr_assert_eq(mail_share_full(&share, full, COUNT(full)), 0);
	for (int i = 0; i < MAIL_SHARE; i++)
		cr_assert(take("a@full.example"));
	cr_assert(take("a@well.example"));
	cr_assert_eq(mail_share_full(&share, full, COUNT(full)), 1);
	cr_assert(str_eq(full[0], STR("full.example")));
}

/* So that the silence of one is not forgotten for the many that answer. */
Test(mail_share, of_more_domains_than_it_has_room_for_it_forgets_those_that_answered)
{
	char address[64];

	fall_silent(1);
	for (int i = 0; i < 4 * MAIL_DOMAINS_MAX; i++) {
		struct mail_domain *d;

		(void)snprintf(address, sizeof(address), "a@well%d.example", i);
		d = take(address);
		cr_assert(d);
		mail_share_give(d, MAIL_ANSWERED);
	}
	cr_assert(take("a@silent0.example")->is_silent);
}
