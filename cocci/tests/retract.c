static void retract_page_tables(struct address_space *mapping, pgoff_t pgoff)
{
	vma_interval_tree_foreach(vma, &mapping->i_mmap, pgoff, pgoff) {
		struct mm_struct *mm;
		unsigned long addr;
		spinlock_t *pml;

		addr = vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT);
		if (addr & ~HPAGE_PMD_MASK)
			continue;
		mm = vma->vm_mm;
		mmu_notifier_invalidate_range_start(&range);

		pml = pmd_lock(mm, pmd);
		take(pmd);
		spin_unlock(pml);
		pte_free_defer(mm, pmd_pgtable(pgt_pmd));
	}
}
//// becomes
static void retract_page_tables(struct address_space *mapping, pgoff_t pgoff)
{
	vma_interval_tree_foreach(vma, &mapping->i_mmap, pgoff, pgoff) {
		struct mm_struct *mm;
		unsigned long addr;
		spinlock_t *pml;

		addr = vma->vm_start + ((pgoff - vma->vm_pgoff) << PAGE_SHIFT);
		if (addr & ~HPAGE_PMD_MASK)
			continue;
		mm = vma->vm_mm;
		mmu_notifier_invalidate_range_start(&range);

		pml = pmd_lock(mm, pmd);
		if (shpte_retract(vma, pmd, addr)) {
			spin_unlock(pml);
			mmu_notifier_invalidate_range_end(&range);
			continue;
		}
		take(pmd);
		spin_unlock(pml);
		pte_free_defer(mm, pmd_pgtable(pgt_pmd));
	}
}
