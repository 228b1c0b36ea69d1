int __ksm_enter(struct mm_struct *mm)
{
	struct ksm_mm_slot *mm_slot;
	int needs_wakeup;

	mm_slot = mm_slot_alloc(mm_slot_cache);
	if (!mm_slot)
		return -ENOMEM;
	return 0;
}
//// becomes
int __ksm_enter(struct mm_struct *mm)
{
	struct ksm_mm_slot *mm_slot;
	int needs_wakeup;

	if (shpte_unshare_mm(mm, SHPTE_KSM))
		return -ENOMEM;
	mm_slot = mm_slot_alloc(mm_slot_cache);
	if (!mm_slot)
		return -ENOMEM;
	return 0;
}
