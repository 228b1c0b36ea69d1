static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
	pte_t pteval;

	while (page_vma_mapped_walk(&pvmw)) {
		if (folio_test_hugetlb(folio)) {
			pteval = huge_ptep_clear_flush(vma, address, pvmw.pte);
		} else {
			flush_cache_page(vma, address, pfn);
			if (should_defer_flush(mm, flags)) {
				pteval = ptep_get_and_clear(mm, address, pvmw.pte);
				set_tlb_ubc_flush_pending(mm, pteval, address);
			} else {
				pteval = ptep_clear_flush(vma, address, pvmw.pte);
			}
		}
		if (PageHWPoison(subpage))
			dec_mm_counter(mm, mm_counter(folio));
		else if (pte_unused(pteval))
			dec_mm_counter(mm, mm_counter(folio));
		else if (folio_test_anon(folio)) {
			if (!folio_test_swapbacked(folio)) {
				dec_mm_counter(mm, MM_ANONPAGES);
				continue;
			}
			dec_mm_counter(mm, MM_ANONPAGES);
			inc_mm_counter(mm, MM_SWAPENTS);
		} else
			dec_mm_counter(mm, mm_counter_file(folio));
	}
	return true;
}

static bool try_to_migrate_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
	pte_t pteval;

	while (page_vma_mapped_walk(&pvmw)) {
		if (folio_test_hugetlb(folio)) {
			pteval = huge_ptep_clear_flush(vma, address, pvmw.pte);
		} else {
			flush_cache_page(vma, address, pfn);
			if (should_defer_flush(mm, flags)) {
				pteval = ptep_get_and_clear(mm, address, pvmw.pte);
				set_tlb_ubc_flush_pending(mm, pteval, address);
			} else {
				pteval = ptep_clear_flush(vma, address, pvmw.pte);
			}
		}
		if (PageHWPoison(subpage))
			dec_mm_counter(mm, mm_counter(folio));
		else if (pte_unused(pteval))
			dec_mm_counter(mm, mm_counter(folio));
		else if (folio_test_anon(folio))
			dec_mm_counter(mm, MM_ANONPAGES);
	}
	return true;
}
//// becomes
static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
	pte_t pteval;

	while (page_vma_mapped_walk(&pvmw)) {
		if (folio_test_hugetlb(folio)) {
			pteval = huge_ptep_clear_flush(vma, address, pvmw.pte);
		} else {
			flush_cache_page(vma, address, pfn);
			if (should_defer_flush(mm, flags)) {
				pteval = ptep_get_and_clear(mm, address, pvmw.pte);
				set_tlb_ubc_flush_pending(mm, pteval, address);
			} else {
				pteval = ptep_clear_flush(vma, address, pvmw.pte);
			}
		}
		if (PageHWPoison(subpage))
			shpte_add_rss(vma, pvmw.pmd, mm_counter(folio), -1);
		else if (pte_unused(pteval))
			shpte_add_rss(vma, pvmw.pmd, mm_counter(folio), -1);
		else if (folio_test_anon(folio)) {
			if (!folio_test_swapbacked(folio)) {
				dec_mm_counter(mm, MM_ANONPAGES);
				continue;
			}
			dec_mm_counter(mm, MM_ANONPAGES);
			inc_mm_counter(mm, MM_SWAPENTS);
		} else
			shpte_add_rss(vma, pvmw.pmd, mm_counter_file(folio),
				      -1);
	}
	return true;
}

static bool try_to_migrate_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
	pte_t pteval;

	while (page_vma_mapped_walk(&pvmw)) {
		if (folio_test_hugetlb(folio)) {
			pteval = huge_ptep_clear_flush(vma, address, pvmw.pte);
		} else {
			flush_cache_page(vma, address, pfn);
			if (should_defer_flush(mm, flags)) {
				pteval = ptep_get_and_clear(mm, address, pvmw.pte);
				set_tlb_ubc_flush_pending(mm, pteval, address);
			} else {
				pteval = ptep_clear_flush(vma, address, pvmw.pte);
			}
		}
		if (PageHWPoison(subpage))
			shpte_add_rss(vma, pvmw.pmd, mm_counter(folio), -1);
		else if (pte_unused(pteval))
			shpte_add_rss(vma, pvmw.pmd, mm_counter(folio), -1);
		else if (folio_test_anon(folio))
			dec_mm_counter(mm, MM_ANONPAGES);
	}
	return true;
}
