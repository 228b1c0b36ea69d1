// SPDX-License-Identifier: GPL-2.0
/* Stores through a pointer, and to a member, in all the ways that they are written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "../../lib/str.h"
#include "../../rebase/stores.h"

static void expect(const char *text, const char *name)
{
	_free_ found = stores_through(text, 0, strlen(text), "pte_t");

	assert_string_equal(found ? found : "", name);
}

static void test_stores(void **state)
{
	expect("void f(pte_t *ptep)\n{\n\t*ptep = x;\n}", "ptep");
	expect("void f(struct mm_struct *mm, pte_t *a, pte_t *b)\n{\n\tif (x)\n\t\t*b = x;\n}", "b");
	expect("void f(void)\n{\n\tpte_t entry, *ptep = g();\n\n\t*ptep = x;\n}", "ptep");
	expect("void f(pte_t *ptep)\n{\n\tWRITE_ONCE(*ptep, x);\n}", "ptep");
	expect("void f(pte_t *ptep)\n{\n\tptep[g(i[1])] = x;\n}", "ptep");
	expect("void f(pte_t *ptep)\n{\n\tptep->pte_low = x;\n}", "ptep");
	expect("void f(pte_t *ptep)\n{\n\tptep->pte |= x;\n}", "ptep");
	expect("void f(pte_t *ptep)\n{\n\tx = xchg(&ptep->pte, 0);\n}", "ptep");
	expect("void f(pte_t *ptep)\n{\n\tx = cmpxchg(&pte_val(*ptep), a, b);\n}", "ptep");
}

static void test_no_stores(void **state)
{
	expect("void f(pte_t *ptep)\n{\n\tpte_t *p = ptep;\n\n\tif (*p == x || p->pte == y)\n\t\tp = g(*ptep);\n}", "");
	expect("void f(pte_t **ptep, pte_t v)\n{\n\t*ptep = NULL;\n\tv = x;\n}", "");
	expect("void f(pte_t *ptep)\n{\n\t/* *ptep = x */\n\tvmf->ptep = x;\n}", "");
	expect("void f(pte_t *ptep)\n{\n\tpr_cont(\"*ptep = %x\", pte_val(*ptep));\n}", "");
	expect("void f(void)\n{\n\tpte_t *ptes[2];\n\n\tptes[0] = x;\n}", "");
	expect("void f(pmd_t *pmd)\n{\n\t*pmd = x;\n}", "");
	expect("void f(other_pte_t *p)\n{\n\t*p = x;\n}", "");
}

static bool stored(const char *text)
{
	return stores_to(text, strstr(text, "prot"), strlen("prot"));
}

static void test_members(void **state)
{
	assert_true(stored("\tvma->prot = x;"));
	assert_true(stored("\tvma.prot |= x;"));
	assert_true(stored("\tvma->prot[i + 1] = x;"));
	assert_true(stored("\tWRITE_ONCE(mm->vma->prot, x);"));
	assert_true(stored("\tmemcpy(&a.b->prot, &x, 8);"));
	assert_true(stored("&v->prot"));
	assert_false(stored("\tif (vma->prot == x)"));
	assert_false(stored("\tx = vma->prot;"));
	assert_false(stored("\tx = y & vma->prot;"));
	assert_false(stored("\tf(a, vma->prot, b);"));
	assert_false(stored("v->prot"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stores),
		cmocka_unit_test(test_no_stores),
		cmocka_unit_test(test_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
