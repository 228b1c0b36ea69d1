// mm/memory: leave a shared pte page before a private mapping gets a page of its own
//
// A debugger may write to a private mapping of a file that is read-only,
// and a pin may ask for a page of its own.  The anonymous page would go
// into the table that others have as well.  The anon_vma of the vma is
// published at this point; after that no table of the vma can be joined, so
// what is left now stays left.
//
// In: mm
// Place: wp_page_copy 1 after 1
// Place: do_cow_fault 1 after 1
// Callers: vmf_anon_prepare|anon_vma_prepare wp_page_copy do_cow_fault do_anonymous_page do_huge_pmd_anonymous_page
// Callers: vmf_anon_prepare|anon_vma_prepare migrate_vma_insert_page migrate_vma_insert_huge_pmd_page
// Callers: vmf_anon_prepare|anon_vma_prepare find_vma_and_prepare_anon madvise_guard_install
// Callers: vmf_anon_prepare|anon_vma_prepare expand_upwards expand_downwards uprobe_write_opcode
// Killed by: private gup
// Adds: shpte_cow
// Seen: 6.12 7.2 7.3

@copy@
identifier fn = wp_page_copy;
identifier vmf, ret;
statement S;
@@
 fn(struct vm_fault *vmf)
 {
 <...
 	ret = vmf_anon_prepare(vmf);
 	if (unlikely(ret)) S
+	shpte_cow(vmf);
 ...>
 }

@fault@
identifier fn = do_cow_fault;
identifier vmf, ret;
statement S;
@@
 fn(struct vm_fault *vmf)
 {
 <...
 	if (!ret)
 		ret = vmf_anon_prepare(vmf);
 	if (ret) S
+	shpte_cow(vmf);
 ...>
 }
