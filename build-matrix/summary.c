// SPDX-License-Identifier: GPL-2.0
/* The verdict, when all is over, and the line that explains it. */
#include <string.h>

#include "judge.h"

/* Names of the tests that failed, a few of them. */
static void add_failed(struct str *b, const struct ktap *k)
{
	size_t n = 0;

	for (size_t i = 0; i < k->n && n < 4; i++) {
		if (k->tests[i].status != TEST_FAIL)
			continue;
		str_addf(b, "%s%s", n++ ? ", " : ": ", k->tests[i].name);
		if (*k->tests[i].detail)
			str_addf(b, " (%s)", k->tests[i].detail);
	}
	if (ktap_count(k, TEST_FAIL) > n)
		str_add(b, ", ...");
}

/* "34 of 34 guest tests passed" */
static void add_tests(struct str *b, const struct judge *j)
{
	const struct ktap *k = &j->ktap;
	size_t passed = ktap_count(k, TEST_PASS), failed = ktap_count(k, TEST_FAIL), skipped = ktap_count(k, TEST_SKIP);
	long missing = k->planned - k->reported;

	if (failed) {
		str_addf(b, "%zu of %zu guest tests failed", failed, k->n);
		add_failed(b, k);
	} else {
		str_addf(b, "%zu of %zu guest tests passed", passed, k->n);
	}
	if (skipped)
		str_addf(b, ", %zu skipped", skipped);
	/* Who stops at the first failure has not waited for the others. */
	if (missing > 0 && !j->fail_fast)
		str_addf(b, ", %ld of %ld never reported", missing, k->planned);
}

/* A boot that came to its end: is what the tests said good? */
static enum verdict weigh_tests(const struct judge *j, struct str *detail)
{
	const struct ktap *k = &j->ktap;
	bool missing = k->planned > k->reported;

	if (j->mode == JUDGE_INIT && !k->n && !missing) {
		str_add(detail, str_get(&j->detail));
		return V_PASS;
	}
	if (!k->n) {
		str_add(detail, "no guest test reported");
		return V_TEST_FAILED;
	}
	add_tests(detail, j);
	return missing || ktap_count(k, TEST_FAIL) ? V_TEST_FAILED : V_PASS;
}

static void add_complaints(struct str *b, const struct judge *j, const char *rest)
{
	size_t more = j->complaints.n - 1 + j->more_complaints;

	str_add(b, j->complaints.v[0]);
	if (more)
		str_addf(b, " (and %zu more)", more);
	if (*rest)
		str_addf(b, "; %s", rest);
}

/* A boot that did not come to its end: what led there. */
static void add_cause(struct str *b, const struct judge *j)
{
	str_add(b, str_get(&j->detail));
	if (j->ktap.current && j->mode == JUDGE_TESTS)
		str_addf(b, " (in the guest test %s)", j->ktap.current);
	if (j->complaints.n)
		str_addf(b, " (after: %s)", j->complaints.v[0]);
}

enum verdict judge_finish(struct judge *j, struct str *detail)
{
	enum verdict v = j->verdict;
	_str_ text = {0};

	ktap_finish(&j->ktap);
	if (v == V_PASS || v == V_TEST_FAILED)
		v = weigh_tests(j, &text);
	else if (v == V_COMPLAINED)
		weigh_tests(j, &text);
	else if (v == V_INIT_FAILED)
		str_add(&text, str_get(&j->detail));
	if (j->complaints.n && (v == V_PASS || v == V_COMPLAINED || v == V_TEST_FAILED || v == V_INIT_FAILED)) {
		add_complaints(detail, j, str_get(&text));
		return V_COMPLAINED;
	}
	if (text.len)
		str_add(detail, text.s);
	else
		add_cause(detail, j);
	return v;
}
