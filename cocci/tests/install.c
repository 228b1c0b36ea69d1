int __pte_alloc(struct mm_struct *mm, pmd_t *pmd)
{
	pgtable_t new = pte_alloc_one(mm);

	if (!new)
		return -ENOMEM;
	return 0;
}

static vm_fault_t __do_fault(struct vm_fault *vmf)
{
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	if (!vmf->prealloc_pte)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t do_set_pmd(struct vm_fault *vmf)
{
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	if (!vmf->prealloc_pte)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t do_fault_around(struct vm_fault *vmf)
{
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	if (!vmf->prealloc_pte)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t __do_huge_pmd_anonymous_page(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(vmf->vma->vm_mm);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t do_huge_pmd_anonymous_page(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(vmf->vma->vm_mm);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t vmf_insert_pfn_pmd(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(vmf->vma->vm_mm);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t copy_huge_pmd(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(dst_mm);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}
//// becomes
int __pte_alloc(struct mm_struct *mm, pmd_t *pmd)
{
	pgtable_t new = pte_alloc_one(mm);
	shpte_table_init(new);

	if (!new)
		return -ENOMEM;
	return 0;
}

static vm_fault_t __do_fault(struct vm_fault *vmf)
{
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	shpte_table_init(vmf->prealloc_pte);
	if (!vmf->prealloc_pte)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t do_set_pmd(struct vm_fault *vmf)
{
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	shpte_table_init(vmf->prealloc_pte);
	if (!vmf->prealloc_pte)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t do_fault_around(struct vm_fault *vmf)
{
	vmf->prealloc_pte = pte_alloc_one(vmf->vma->vm_mm);
	shpte_table_init(vmf->prealloc_pte);
	if (!vmf->prealloc_pte)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t __do_huge_pmd_anonymous_page(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(vmf->vma->vm_mm);
	shpte_table_init(pgtable);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t do_huge_pmd_anonymous_page(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(vmf->vma->vm_mm);
	shpte_table_init(pgtable);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t vmf_insert_pfn_pmd(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(vmf->vma->vm_mm);
	shpte_table_init(pgtable);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}

static vm_fault_t copy_huge_pmd(struct vm_fault *vmf)
{
	pgtable = pte_alloc_one(dst_mm);
	shpte_table_init(pgtable);
	if (!pgtable)
		return VM_FAULT_OOM;
	return 0;
}
