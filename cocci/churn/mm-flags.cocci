// mm: flags of an mm are looked at by mm_flags_test()
//
// When: include/linux/mm.h mm_flags_test
// Files: mm/shpte/fork.c
// Seen: 7.2 7.3

@@
expression flag;
identifier mm;
@@
-test_bit(flag, &mm->flags)
+mm_flags_test(flag, mm)
