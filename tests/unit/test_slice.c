// SPDX-License-Identifier: GPL-2.0
/* Finding functions, in all the ways that they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "../../lib/str.h"
#include "../../rebase/slice.h"

/* The names of all functions of a text, "a b c". */
static void expect(const char *text, const char *names)
{
	_str_ all = {0};
	struct slice s;

	for (size_t at = 0; slice_next(text, at, &s); at = s.end)
		str_addf(&all, "%s%s", all.len ? " " : "", s.name);
	assert_string_equal(str_get(&all), names);
}

static void test_kernel_style(void **state)
{
	expect("static int\nfoo(int a,\n    int b)\n{\n\tif (a) {\n\t\treturn b;\n\t}\n}\n\nvoid bar(void)\n{\n}\n", "foo bar");
	expect("void foo(void)\n\n{\n}\n", "foo");
}

static void test_braces(void **state)
{
	expect("void foo(int a) {\n\tif (a) {\n\t\tb();\n\t}\n}\nint bar(void)\n{\n}\n", "foo bar");
	expect("int a;\n\nvoid foo(void) {\n\tc();\n}\n\nint bar(void) { return 1; }\n", "foo bar");
	expect("void foo(int a,\n\t int b) {\n\tc();\n}\n", "foo");
	expect("void foo(void)\n{ \n\tc();\n}\n", "foo");
	expect("void foo(void) __must_hold(x) {\n}\n", "foo");
}

static void test_one_line(void **state)
{
	expect("static inline int foo(void) { return 1; }\nvoid bar(void)\n{ if (1) { } }\nint baz(int a)\n{\n}\n", "foo bar baz");
	expect("static inline void foo(int a,\n\t\t\tint b) { }\n", "foo");
}

static void test_two_signatures(void **state)
{
	static const char text[] = "#ifdef X\nint foo(int a)\n#else\nint foo(void)\n#endif\n{\n\tbar();\n}\n";
	struct slice s;

	assert_true(slice_next(text, 0, &s));
	assert_string_equal(s.name, "foo");
	assert_true(starts_with(text + s.start, "int foo(void)\n#endif\n{"));
	assert_int_equal(text[s.body], '{');
}

static void test_names(void **state)
{
	expect("SYSCALL_DEFINE3(mprotect, unsigned long, start)\n{\n}\nSYSCALL_DEFINE1(munlock, int, x)\n{\n}\n",
	       "SYSCALL_DEFINE3(mprotect) SYSCALL_DEFINE1(munlock)");
	expect("static __attribute__((noinline)) int foo(void)\n{\n}\n", "foo");
	expect("__printf(1, 2) int foo(const char *s)\n{\n}\n", "foo");
}

static void test_find(void **state)
{
	static const char text[] = "void a(void)\n{\n}\nSYSCALL_DEFINE1(brk, int, x)\n{\n}\n";
	struct slice s;

	assert_true(slice_find(text, 0, "SYSCALL_DEFINE1(brk)", &s));
	assert_false(slice_find(text, 0, "SYSCALL_DEFINE1(mmap)", &s));
}

static void test_no_functions(void **state)
{
	expect("struct foo {\n\tint a;\n};\nstatic struct foo x = {\n\t.a = f(1),\n};\nenum bar { A, B };\n", "");
	expect("struct foo __attribute__((packed)) {\n\tint a;\n};\n", "");
	expect("#define FOO(x) do {\t\\\n\tbar(x);\t\\\n} while (0)\n#define BAR(a) \\\nstatic int f(int b) { \\\n}\n", "");
	expect("static struct foo y = (struct foo) {\n\t.a = 1,\n};\n", "");
	expect("/* void foo(void) {\n */\n", "");
}

static bool defined(const char *text)
{
	return is_defined(text, strstr(text, "FOO"));
}

static void test_defined(void **state)
{
	assert_true(defined("int x;\n#define FOO 1\n"));
	assert_true(defined("# define FOO\n"));
	assert_true(defined("#\tdefine  FOO(x) x\n"));
	assert_false(defined("#define BAR FOO\n"));
	assert_false(defined("#ifdef FOO\n"));
	assert_false(defined("x = FOO;\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kernel_style), cmocka_unit_test(test_braces), cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_two_signatures), cmocka_unit_test(test_names), cmocka_unit_test(test_find),
		cmocka_unit_test(test_no_functions), cmocka_unit_test(test_defined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
