// SPDX-License-Identifier: GPL-2.0
/* Where a textual tool put a call, held against where the rules put it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <string.h>

#include "../../lib/fs.h"
#include "../../rebase/placement.h"

#define BEFORE "int first(void)\n{\n\tbegin();\n\tif (a)\n\t\twork(a);\n\twork(b);\n\treturn 0;\n}\n"
#define AFTER "int last(void)\n{\n\treturn 1;\n}\n"

static char dir[] = "/tmp/shpte-test.XXXXXX";
static git_repository *repo;

/* Opens a tree whose one file is this. */
static void plant(struct tree *t, const char *text)
{
	git_treebuilder *b = NULL;
	git_signature *who = NULL;
	git_tree *tree = NULL;
	git_oid blob, id, out;

	assert_int_equal(git_blob_create_from_buffer(&blob, repo, text, strlen(text)), 0);
	assert_int_equal(git_treebuilder_new(&b, repo, NULL), 0);
	assert_int_equal(git_treebuilder_insert(NULL, b, "a.c", &blob, GIT_FILEMODE_BLOB), 0);
	assert_int_equal(git_treebuilder_write(&id, b), 0);
	assert_int_equal(git_tree_lookup(&tree, repo, &id), 0);
	assert_int_equal(git_signature_new(&who, "x", "x@localhost", 1, 0), 0);
	assert_int_equal(git_commit_create(&out, repo, NULL, who, who, NULL, text, tree, 0, NULL), 0);
	git_signature_free(who);
	git_tree_free(tree);
	git_treebuilder_free(b);
	assert_int_equal(tree_open(t, repo, &out), 0);
}

/* Both trees are made of BEFORE and AFTER; what is wrong with `got` is to be `wrong`. */
static void expect(const char *got, const char *right, const char *wrong)
{
	static char first[] = "first", a_c[] = "a.c";
	char *names[] = { first }, *files[] = { a_c };
	struct place place = { .names = { .v = names, .n = 1 } };
	struct rule rule = { .name = "hooks/x", .adds = "shpte_x", .places = &place, .n = 1 };
	struct rule_fact fact = { .name = "hooks/x" };
	struct derivation now = { .rules = &fact, .n = 1 };
	struct strv paths = { .v = files, .n = 1 };
	_cleanup_(tree_close) struct tree base = {0}, a = {0}, b = {0};
	struct placement p = { .base = &base, .got = &a, .right = &b, .paths = &paths };
	_free_ what = NULL;

	plant(&base, BEFORE AFTER);
	plant(&a, got);
	plant(&b, right);
	what = placement_compare(&p, &now, &fact, &rule, 1);
	if (wrong)
		assert_string_equal(what, wrong);
	else
		assert_null(what);
}

/* In front of the second call of work(). */
#define RIGHT "int first(void)\n{\n\tbegin();\n\tif (a)\n\t\twork(a);\n\tshpte_x(a, b);\n\twork(b);\n\treturn 0;\n}\n" AFTER

static void test_right(void **state)
{
	expect(RIGHT, RIGHT, NULL);
	/* broken into lines otherwise, and beside another hook, with lines of its own further up */
	expect("int first(void)\n{\n\tshpte_y();\n\tbegin();\n\tif (a)\n\t\twork(a);\n\tshpte_x(a,\n\t\tb);\n\tshpte_z();\n"
	       "\twork(b);\n\treturn 0;\n}\n" AFTER, RIGHT, NULL);
	/* a comment is no call */
	expect("int first(void)\n{\n\tbegin();\n\tif (a)\n\t\twork(a);\n\t/* shpte_x() */\n\tshpte_x(a, b);\n\twork(b);\n\treturn 0;\n}\n"
	       AFTER, RIGHT, NULL);
}

static void test_wrong(void **state)
{
	expect(BEFORE AFTER, RIGHT, "shpte_x is in first 0 times, not 1");
	expect("int first(void)\n{\n\tbegin();\n\tif (a)\n\t\tshpte_x(a, b);\n\t\twork(a);\n\twork(b);\n\treturn 0;\n}\n" AFTER, RIGHT,
	       "shpte_x is in first behind line 4, not 5");
	expect("int first(void)\n{\n\tbegin();\n\tif (a)\n\t\twork(a);\n\tshpte_x(a, 0);\n\twork(b);\n\treturn 0;\n}\n" AFTER, RIGHT,
	       "first calls shpte_x(a, 0), not shpte_x(a, b)");
	/* in a line that is another one now */
	expect("int first(void)\n{\n\tbegin();\n\tif (a || shpte_x(a, b))\n\t\twork(a);\n\twork(b);\n\treturn 0;\n}\n" AFTER, RIGHT,
	       "shpte_x is in first behind line 4, not 5");
	expect(RIGHT, BEFORE AFTER, "shpte_x is in first, where it is not to be");
	/* another rule's function */
	expect(BEFORE "int last(void)\n{\n\tshpte_x(a, b);\n\treturn 1;\n}\n", BEFORE AFTER, NULL);
}

static int setup(void **state)
{
	git_libgit2_init();
	return !mkdtemp(dir) || git_repository_init(&repo, dir, 1);
}

static int teardown(void **state)
{
	git_repository_free(repo);
	return remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_right), cmocka_unit_test(test_wrong) };

	return cmocka_run_group_tests(tests, setup, teardown);
}
