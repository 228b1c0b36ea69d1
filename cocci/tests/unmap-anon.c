static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (folio_test_anon(folio)) {
			if (!ttu_anon_folio(vma, folio, page, address,
					    pvmw.pte, pteval, nr_pages)) {
				set_ptes(mm, address, pvmw.pte, pteval, nr_pages);
				goto walk_abort;
			}

			goto finish_unmap;
		}
finish_unmap:
		folio_remove_rmap_ptes(folio, page, nr_pages, vma);
		continue;
walk_abort:
		page_vma_mapped_walk_done(&pvmw);
		break;
	}
	return true;
}
//// becomes
static bool try_to_unmap_one(struct folio *folio, struct vm_area_struct *vma,
		     unsigned long address, void *arg)
{
	struct mm_struct *mm = vma->vm_mm;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);

	while (page_vma_mapped_walk(&pvmw)) {
		if (folio_test_anon(folio)) {
			if (!ttu_anon_folio(vma, folio, page, address,
					    pvmw.pte, pteval, nr_pages)) {
				set_ptes(mm, address, pvmw.pte, pteval, nr_pages);
				goto walk_abort;
			}
			shpte_unmapped_anon(vma, pvmw.pmd, folio, nr_pages);

			goto finish_unmap;
		}
finish_unmap:
		folio_remove_rmap_ptes(folio, page, nr_pages, vma);
		continue;
walk_abort:
		page_vma_mapped_walk_done(&pvmw);
		break;
	}
	return true;
}
