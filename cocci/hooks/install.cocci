// mm/memory: give a new pte page no sharing record
//
// The word of a pte page's descriptor that leads to its sharing record is
// not cleared by the page allocator: a table dump shows the index of the
// page's last life in it.  Clear it where every pte page of a user mapping
// becomes visible, under the pmd lock and before pmd_populate(), so that no
// walker can take garbage for a record.
//
// In: mm
// Place: pmd_install 1
// Adds: shpte_table_init
// Seen: 6.12

@install@
identifier fn = pmd_install;
identifier mm, pmd, pte;
@@
 fn(struct mm_struct *mm, pmd_t *pmd, pgtable_t *pte)
 {
 <...
+	shpte_table_init(*pte);
 	smp_wmb();
 	pmd_populate(mm, pmd, *pte);
 ...>
 }
