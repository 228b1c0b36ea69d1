int __mmu_notifier_register(struct mmu_notifier *subscription,
			    struct mm_struct *mm)
{
	struct mmu_notifier_subscriptions *subscriptions = NULL;
	int ret;

	mmap_assert_write_locked(mm);
	if (!mm->notifier_subscriptions) {
		subscriptions = kzalloc(sizeof(*subscriptions), GFP_KERNEL);
		if (!subscriptions)
			return -ENOMEM;
	}
	ret = mm_take_all_locks(mm);
	return ret;
}
//// becomes
int __mmu_notifier_register(struct mmu_notifier *subscription,
			    struct mm_struct *mm)
{
	struct mmu_notifier_subscriptions *subscriptions = NULL;
	int ret;

	mmap_assert_write_locked(mm);
	if (shpte_unshare_mm(mm, SHPTE_NOTIFIER))
		return -ENOMEM;
	if (!mm->notifier_subscriptions) {
		subscriptions = kzalloc(sizeof(*subscriptions), GFP_KERNEL);
		if (!subscriptions)
			return -ENOMEM;
	}
	ret = mm_take_all_locks(mm);
	return ret;
}
