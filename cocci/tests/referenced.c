static bool folio_referenced_one(struct folio *folio,
		struct vm_area_struct *vma, unsigned long address, void *arg)
{
	struct folio_referenced_arg *pra = arg;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
	int referenced = 0;

	while (page_vma_mapped_walk(&pvmw)) {
		address = pvmw.address;
		if (vma->vm_flags & VM_LOCKED) {
			/* a locked vma is not shared */
			pra->mapcount--;
			continue;
		}
		if (lru_gen_enabled() && pvmw.pte) {
			if (lru_gen_look_around(&pvmw))
				referenced++;
		} else if (pvmw.pte) {
			if (ptep_clear_flush_young_notify(vma, address, pvmw.pte))
				referenced++;
		} else {
			WARN_ON_ONCE(1);
		}

		pra->mapcount--;
	}
	return true;
}
//// becomes
static bool folio_referenced_one(struct folio *folio,
		struct vm_area_struct *vma, unsigned long address, void *arg)
{
	struct folio_referenced_arg *pra = arg;
	DEFINE_FOLIO_VMA_WALK(pvmw, folio, vma, address, 0);
	int referenced = 0;

	while (page_vma_mapped_walk(&pvmw)) {
		address = pvmw.address;
		if (vma->vm_flags & VM_LOCKED) {
			/* a locked vma is not shared */
			if (shpte_is_first(vma, pvmw.pmd, address))
				pra->mapcount--;
			continue;
		}
		if (lru_gen_enabled() && pvmw.pte) {
			if (lru_gen_look_around(&pvmw))
				referenced++;
		} else if (pvmw.pte) {
			if (ptep_clear_flush_young_notify(vma, address, pvmw.pte))
				referenced++;
		} else {
			WARN_ON_ONCE(1);
		}

		if (shpte_is_first(vma, pvmw.pmd, address))
			pra->mapcount--;
	}
	return true;
}
