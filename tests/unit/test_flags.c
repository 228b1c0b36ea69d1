// SPDX-License-Identifier: GPL-2.0
/* The flags of vmas and mms that a header has, in all the ways that kernels define them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "../../lib/str.h"
#include "../../rebase/flags.h"

static void expect(const char *prefix, const char *text, const char *flags)
{
	_strv_ found = {0};
	_str_ all = {0};

	flags_of(text, prefix, &found);
	for (size_t i = 0; i < found.n; i++)
		str_addf(&all, "%s%s", i ? ", " : "", found.v[i]);
	assert_string_equal(str_get(&all), flags);
}

static void test_defines(void **state)
{
	expect("VM_", "#define VM_FOO\t0x00000001\t/* VM_BAR */\n", "1 VM_FOO");
	expect("VM_", "#ifdef X\n# define VM_FOO\tBIT(31)\n#endif\n", "2 VM_FOO");
	expect("VM_", "#define VM_FOO _BITUL(63)\n", "1 VM_FOO");
	expect("VM_", "#define VM_FOO_BIT\t39\n#define VM_FOO\tBIT(VM_FOO_BIT)\n", "1 VM_FOO, 2 VM_FOO");
	expect("VM_", "# define VM_FOO\t\tVM_ARCH_1\n", "1 VM_FOO");
	expect("VM_", "#define VM_FOO INIT_VM_FLAG(FOO)\n", "1 VM_FOO");
	expect("VM_", "#define VM_FOO \\\n\t0x2\n", "1 VM_FOO");
	expect("VM_", "#define VM_FOO ((__force int)VMA_HIGH_ARCH_0_BIT)\n", "1 VM_FOO, 1 VM_HIGH_ARCH_0");
	expect("VM_", "#define VM_FOO (BIT(3) | BIT(4))\n", "1 VM_FOO");
}

static void test_no_defines(void **state)
{
	expect("VM_", "#define VM_NONE 0x00000000\n#define VM_FOO VM_NONE\n#define VM_BAR\t0\n#define VM_GUARD\n", "");
	expect("VM_", "#define VM_FOO (VM_READ | \\\n\tVM_WRITE)\n", "");
	expect("VM_", "#define VM_FOO vma_flags_to_legacy(VMA_FOO)\n", "");
	expect("VM_", "#define VM_FOO(x) (1)\n", "");
	expect("VM_", "#define FOO VM_FOO\n/* #define VM_FOO 1 */\n", "");
	expect("VM_", "#define VMA_FOO mk_vma_flags(x)\n", "");
	expect(NULL, "#define VM_FOO 0x1\n", "");
}

static void test_bits(void **state)
{
	expect(NULL, "enum {\n\tDECLARE_VMA_BIT(FOO, 13),\n\tDECLARE_VMA_BIT_ALIAS(BAR, FOO),\n};\n", "2 VM_FOO, 3 VM_BAR");
	expect(NULL, "enum {\n\tVMA_FOO_BIT = 13,\n\tVMA_BAR_BIT,\n};\n", "2 VM_FOO, 3 VM_BAR");
	expect(NULL, "#define DECLARE_VMA_BIT(name, bitnum) \\\n\tVMA_ ## name ## _BIT = ((__force vma_flag_t)bitnum)\n", "");
	expect(NULL, "/* VMA_FOO_BIT */\nint NUM_VMA_FLAG_BITS, VMA_LOCK_OFFSET;\n", "");
}

static void test_mms(void **state)
{
	expect("MMF_", "#define MMF_FOO\t\t17\n//#define MMF_BAR\t18\n#define MMF_FOO_MASK\tBIT(MMF_FOO)\n", "1 MMF_FOO, 3 MMF_FOO_MASK");
	expect("MMF_", "#define MMF_INIT_MASK (MMF_A |\\\n\tMMF_B)\n#define VM_FOO 1\n", "");
	expect("VM_", "#define MMF_FOO 17\n", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defines),
		cmocka_unit_test(test_no_defines),
		cmocka_unit_test(test_bits),
		cmocka_unit_test(test_mms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
