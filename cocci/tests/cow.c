static vm_fault_t wp_page_copy(struct vm_fault *vmf)
{
	vm_fault_t ret;

	ret = vmf_anon_prepare(vmf);
	if (unlikely(ret))
		goto out;
	return copy(vmf);
out:
	return ret;
}

static vm_fault_t do_cow_fault(struct vm_fault *vmf)
{
	vm_fault_t ret;

	ret = vmf_can_call_fault(vmf);
	if (!ret)
		ret = vmf_anon_prepare(vmf);
	if (ret)
		return ret;
	return copy(vmf);
}

static vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	vm_fault_t ret = vmf_anon_prepare(vmf);

	if (ret)
		return ret;
	return zeroed(vmf);
}
//// becomes
static vm_fault_t wp_page_copy(struct vm_fault *vmf)
{
	vm_fault_t ret;

	ret = vmf_anon_prepare(vmf);
	if (unlikely(ret))
		goto out;
	shpte_cow(vmf);
	return copy(vmf);
out:
	return ret;
}

static vm_fault_t do_cow_fault(struct vm_fault *vmf)
{
	vm_fault_t ret;

	ret = vmf_can_call_fault(vmf);
	if (!ret)
		ret = vmf_anon_prepare(vmf);
	if (ret)
		return ret;
	shpte_cow(vmf);
	return copy(vmf);
}

static vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	vm_fault_t ret = vmf_anon_prepare(vmf);

	if (ret)
		return ret;
	return zeroed(vmf);
}
