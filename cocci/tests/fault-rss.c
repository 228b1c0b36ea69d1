vm_fault_t finish_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	int type, nr_pages;

	set_pte_range(vmf, folio, page, nr_pages, addr);
	type = is_cow ? MM_ANONPAGES : mm_counter_file(folio);
	add_mm_counter(vma->vm_mm, type, nr_pages);
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

vm_fault_t filemap_map_pages(struct vm_fault *vmf,
			     pgoff_t start_pgoff, pgoff_t end_pgoff)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long rss = 0;

	add_mm_counter(vma->vm_mm, folio_type, rss);
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

/* anonymous memory is nobody else's */
static vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	add_mm_counter(vma->vm_mm, MM_ANONPAGES, nr_pages);
	return 0;
}
//// becomes
vm_fault_t finish_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	int type, nr_pages;

	set_pte_range(vmf, folio, page, nr_pages, addr);
	type = is_cow ? MM_ANONPAGES : mm_counter_file(folio);
	shpte_fault_rss(vmf, type, nr_pages);
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

vm_fault_t filemap_map_pages(struct vm_fault *vmf,
			     pgoff_t start_pgoff, pgoff_t end_pgoff)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long rss = 0;

	shpte_fault_rss(vmf, folio_type, rss);
	pte_unmap_unlock(vmf->pte, vmf->ptl);
	return 0;
}

/* anonymous memory is nobody else's */
static vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	add_mm_counter(vma->vm_mm, MM_ANONPAGES, nr_pages);
	return 0;
}
