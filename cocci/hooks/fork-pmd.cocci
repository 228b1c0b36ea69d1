// x86: a pmd without a write right may lead to a pte page
//
// A table that a fork shared is protected by the pmds that lead to it, as the
// CPU gives no entry more rights than those above it have.  Such a pmd is not
// bad.
//
// In: arch/x86/include/asm/pgtable.h
// Include: none
// Config: X86
// Place: pmd_bad 1
// Adds: IS_ENABLED
// Seen: 6.12 7.2 7.3
// Killed by: forkcow

@bad@
identifier fn = pmd_bad;
identifier pmd;
expression ignored, wanted;
@@
 fn(...)
 {
+	pmdval_t flags = pmd_flags(pmd) | (IS_ENABLED(CONFIG_SHPTE_FORK_PMD) ? _PAGE_RW : 0);
+
 	return
-	(pmd_flags(pmd)
+	(flags
 	& ignored) != wanted;
 }
