int __mmu_notifier_register(struct mmu_notifier *subscription,
			    struct mm_struct *mm)
{
	int ret = check(mm);

	mmap_assert_write_locked(mm);
	if (ret)
		return ret;
	ret = mm_take_all_locks(mm);
	if (unlikely(ret))
		goto out_clean;
	publish(mm, subscription);
out_clean:
	return ret;
}
//// becomes
int __mmu_notifier_register(struct mmu_notifier *subscription,
			    struct mm_struct *mm)
{
	int ret = check(mm);

	mmap_assert_write_locked(mm);
	if (ret)
		return ret;
	ret = mm_take_all_locks(mm);
	if (unlikely(ret))
		goto out_clean;
	shpte_leave_mm(mm, SHPTE_NOTIFIER);
	publish(mm, subscription);
out_clean:
	return ret;
}
