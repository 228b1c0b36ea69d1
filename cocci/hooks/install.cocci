// mm: give a new pte page no sharing record
//
// The word of a pte page's descriptor that leads to its sharing record is
// not cleared by the page allocator: a table dump shows the index of the
// page's last life in it.  Clear it where pte pages are allocated, also
// those that are laid by beside a huge page and get into a pmd only when it
// is split, so that nobody can take garbage for a record.
//
// In: mm
// Except: mm/shpte/registry.c
// Everywhere: pte_alloc_one
// Place: __pte_alloc 1 after 0
// Place: __do_fault 1
// Place: do_set_pmd 1
// Place: do_fault_around 1
// Place: __do_huge_pmd_anonymous_page 1 always
// Place: do_huge_pmd_anonymous_page 1
// Place: copy_huge_pmd 1 always
// Place: * 1
// Adds: shpte_table_init
// Seen: 6.12 7.2 7.3
// Killed by: attach

@declared@
identifier new;
expression mm;
@@
 	pgtable_t new = pte_alloc_one(mm);
+	shpte_table_init(new);

@assigned@
expression new, mm;
@@
 	new = pte_alloc_one(mm);
+	shpte_table_init(new);
