// SPDX-License-Identifier: GPL-2.0
/* kernels/: definitions, versions, names in tarballs, the machine's apt sources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../kernels/room.h"

static char dir[] = "/tmp/shpte-test.XXXXXX";

static void put(const char *name, const char *text)
{
	_free_ path = xasprintf("%s/%s", dir, name);
	_free_ parent = xstrndup(path, strrchr(path, '/') - path);

	assert_int_equal(mkdirs(parent), 0);
	assert_int_equal(file_write(path, text, strlen(text)), 0);
}

static void test_path_safe(void **state)
{
	static const char *const good[] = { "Makefile", "mm/memory.c", "a/..b/c..", "-x", "a b/\"c\"", ".gitignore", "a/.github/b" };
	static const char *const bad[] = {
		"", "/etc/passwd", "..", "../x", "a/../b", "a/..", "a//b", "./a", "a/./b", ".git/config", "a/.GIT/hooks/x",
		"a\nb", "a/",
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!path_is_safe(good[i]))
			fail_msg("'%s' is refused", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (path_is_safe(bad[i]))
			fail_msg("'%s' is taken", bad[i]);
}

static void test_path_strip(void **state)
{
	_free_ top = NULL;
	bool same;

	assert_null(path_strip("./", &top, &same));
	assert_true(same);
	assert_null(path_strip("./linux-6.12/", &top, &same));
	assert_true(same);
	assert_string_equal(top, "linux-6.12");
	assert_string_equal(path_strip("linux-6.12/mm/memory.c", &top, &same), "mm/memory.c");
	assert_true(same);
	path_strip("linux-6.1/Makefile", &top, &same);
	assert_false(same);
	path_strip("linux-6.12.1/Makefile", &top, &same);
	assert_false(same);
}

static void clean_is(const char *s, const char *wanted)
{
	_free_ v = version_clean(s), *ref = xasprintf("refs/heads/base/%s", v);
	int valid = 0;

	assert_string_equal(v, wanted);
	assert_int_equal(git_reference_name_is_valid(&valid, ref), 0);
	assert_true(valid);
}

static void test_version_clean(void **state)
{
	clean_is("6.12.117-1~deb12u1", "6.12.117-1_deb12u1");
	clean_is("1:7.2.13-1+b1", "1_7.2.13-1+b1");
	clean_is("6.12.0-rc1", "6.12.0-rc1");
	clean_is("a..b@{c}/d\\e f", "a._b__c__d_e_f");
	clean_is(".6.", "_6_");
	clean_is("-6.lock", "_6_lock");
}

static void makefile_is(const char *text, const char *wanted)
{
	_free_ v = version_of_makefile(text);

	if (!wanted)
		assert_null(v);
	else
		assert_string_equal(v, wanted);
}

static void test_version_of_makefile(void **state)
{
	makefile_is("# SPDX\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 117\nEXTRAVERSION =\nNAME = Baby\n", "6.12.117");
	makefile_is("VERSION = 7\nPATCHLEVEL = 3\nSUBLEVEL = 0\nEXTRAVERSION = -rc2\n", "7.3.0-rc2");
	makefile_is("VERSION=3\nPATCHLEVEL=2\nEXTRAVERSION = # none\n", "3.2");
	makefile_is("EXTRAVERSION = -x\n", NULL);
	makefile_is("VERSION = x\nPATCHLEVEL = 1\n", NULL);
	makefile_is("", NULL);
}

static void test_lines(void **state)
{
	_free_ ours = xasprintf("%s/data", dir), *theirs = xasprintf("%s/their", dir);
	_free_ source = xasprintf("dir:%s/tree", dir), *fixups = xasprintf("%s/their/fixes", dir);
	_cleanup_(line_free) struct line a = {0}, b = {0}, c = {0};
	_strv_ names = {0};

	put("data/kernels/6.2.conf", "[line]\nsource = deb:linux\nsuite = sid\n");
	put("data/kernels/6.12.conf", "[line]\nsource = deb:linux\n");
	put("their/6.12.conf", "[line]\nsource = dir:../tree\ncc = gcc-12\nmake = A=1\nmake = B=2\nfixups = fixes\n");
	put("their/fixes/1.patch", "");
	put("tree/Makefile", "");
	setenv("SHPTE_DATA", ours, 1);
	kernels_dir = NULL;
	assert_int_equal(line_load(&a, "6.12"), 0);
	assert_string_equal(a.source, "deb:linux");
	assert_null(a.suite);
	assert_int_equal(line_load(&b, "6.2"), 0);
	assert_string_equal(b.suite, "sid");
	kernels_dir = theirs;
	assert_int_equal(line_load(&c, "6.12"), 0);
	assert_string_equal(c.source, source);
	assert_string_equal(c.cc, "gcc-12");
	assert_int_equal(c.make.n, 2);
	assert_string_equal(c.fixups, fixups);
	lines_known(&names);
	assert_int_equal(names.n, 2);
	assert_string_equal(names.v[0], "6.2");		/* by version, not by letter */
}

static void load_gives(const char *text, int wanted)
{
	struct line l;

	put("their/bad.conf", text);
	assert_int_equal(line_load(&l, "bad"), wanted);
	assert_null(l.source);
}

static void test_bad_lines(void **state)
{
	_free_ theirs = xasprintf("%s/their", dir);
	struct line l;

	kernels_dir = theirs;
	load_gives("[line]\nsuite = sid\n", -1);
	load_gives("[line]\nsource =\n", -1);
	load_gives("[line]\nsource = floppy:a\n", -1);
	load_gives("[line]\nsource = deb:\n", -1);
	load_gives("[line]\nsource = git:https://example.invalid/x.git\n", -1);
	load_gives("[line]\nsource = tar:x.tar\nsuite = sid\n", -1);
	load_gives("[line]\nsource = deb:x\nsources = y\n", -1);
	load_gives("[line\n", -1);
	assert_int_equal(line_load(&l, "no-such"), -2);
	assert_int_equal(line_load(&l, "../their/6.12"), -2);
	assert_int_equal(line_load(&l, ""), -2);
	kernels_dir = NULL;
	assert_int_equal(line_of_source(&l, "floppy:a"), -2);
	assert_int_equal(line_of_source(&l, "dir:/some/linux-6.12"), 0);
	assert_string_equal(l.name, "linux-6.12");
	line_free(&l);
}

static void sources_are(const char *suite, const char *wanted)
{
	_str_ out = {0};
	int ret = apt_sources(suite, &out);

	assert_int_equal(ret, wanted ? 0 : -1);
	if (wanted)
		assert_string_equal(str_get(&out), wanted);
}

/* The machine's apt sources in both formats, and a suite that they do not name. */
static void test_apt_sources(void **state)
{
	_free_ conf = xasprintf("%s/apt.conf", dir);
	_free_ text = xasprintf("Dir::Etc::sourcelist \"%s/etc/sources.list\";\nDir::Etc::sourceparts \"%s/etc/parts/\";\n",
				dir, dir);

	if (access("/usr/bin/apt-config", X_OK))
		skip();
	put("apt.conf", text);
	put("etc/sources.list", "# deb http://a.invalid/d old main\n"
	    "deb [arch=amd64,i386 signed-by=/k.gpg] http://a.invalid/debian testing main contrib # mine\n"
	    "deb-src http://a.invalid/debian testing main\ndeb http://s.invalid/security testing-security main\n");
	put("etc/parts/b.sources", "# comment\nTypes: deb deb-src\nURIs: http://b.invalid/x\nSuites: one\n two\n"
	    "Components: main\nSigned-By:\n -----BEGIN\n .\n -----END\n\n"
	    "Types: deb\nEnabled: no\nURIs: http://c.invalid\nSuites: three\nComponents: main\n");
	put("etc/parts/ignored.save", "deb http://d.invalid four main\n");
	setenv("APT_CONFIG", conf, 1);
	sources_are("testing", "Types: deb\nURIs: http://a.invalid/debian\nSuites: testing\nComponents: main contrib \n"
		    "Architectures: amd64 i386\nsigned-by: /k.gpg\n\n");
	sources_are("two", "Types: deb\nURIs: http://b.invalid/x\nSuites: two\nComponents: main\n"
		    "Signed-By:\n -----BEGIN\n .\n -----END\n\n");
	sources_are("sid", "Types: deb\nURIs: http://a.invalid/debian\nSuites: sid\nComponents: main\n"
		    "Architectures: amd64 i386\nsigned-by: /k.gpg\n\n");
	sources_are("next-security", "Types: deb\nURIs: http://s.invalid/security\nSuites: next-security\nComponents: main\n\n");
	put("etc/sources.list", "");
	sources_are("sid", NULL);
	unsetenv("APT_CONFIG");
}

static int setup(void **state)
{
	run_init();
	git_libgit2_init();
	if (!mkdtemp(dir))
		return -1;
	setenv("XDG_CACHE_HOME", dir, 1);
	return 0;
}

static int teardown(void **state)
{
	return remove_tree(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_path_safe), cmocka_unit_test(test_path_strip), cmocka_unit_test(test_version_clean),
		cmocka_unit_test(test_version_of_makefile), cmocka_unit_test(test_lines), cmocka_unit_test(test_bad_lines),
		cmocka_unit_test(test_apt_sources),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
