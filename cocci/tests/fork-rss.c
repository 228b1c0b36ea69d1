#define SEQ_PUT_DEC(str, val) \
		seq_put_decimal(m, str, val)
void task_mem(struct seq_file *m, struct mm_struct *mm)
{
	unsigned long anon, file;

	anon = get_mm_counter_sum(mm, MM_ANONPAGES);
	file = get_mm_counter_sum(mm, MM_FILEPAGES);
	show(m, anon, file);
}

unsigned long task_vsize(struct mm_struct *mm)
{
	return PAGE_SIZE * mm->total_vm;
}

unsigned long task_statm(struct mm_struct *mm,
			 unsigned long *shared, unsigned long *resident)
{
	*shared = get_mm_counter_sum(mm, MM_FILEPAGES) +
			get_mm_counter_sum(mm, MM_SHMEMPAGES);
	*resident = *shared + get_mm_counter_sum(mm, MM_ANONPAGES);
	return mm->total_vm;
}

static int do_task_stat(struct seq_file *m, struct task_struct *task)
{
	unsigned long vsize = 0;
	struct mm_struct *mm = get_task_mm(task);

	if (mm) {
		vsize = task_vsize(mm);
		permitted(mm);
	}
	scoped_guard(rcu) {
		if (task)
			permitted(mm);
	}
	scoped_seqlock_read (&sig->stats_lock, ss_lock_irqsave) {
		flt = sig->flt;
	}
	show(m, vsize, mm ? get_mm_rss(mm) : 0);
	return 0;
}
//// becomes
#define SEQ_PUT_DEC(str, val) \
		seq_put_decimal(m, str, val)
void task_mem(struct seq_file *m, struct mm_struct *mm)
{
	unsigned long anon, file;

	shpte_settle_mm(mm);
	anon = get_mm_counter_sum(mm, MM_ANONPAGES);
	file = get_mm_counter_sum(mm, MM_FILEPAGES);
	show(m, anon, file);
}

unsigned long task_vsize(struct mm_struct *mm)
{
	return PAGE_SIZE * mm->total_vm;
}

unsigned long task_statm(struct mm_struct *mm,
			 unsigned long *shared, unsigned long *resident)
{
	shpte_settle_mm(mm);
	*shared = get_mm_counter_sum(mm, MM_FILEPAGES) +
			get_mm_counter_sum(mm, MM_SHMEMPAGES);
	*resident = *shared + get_mm_counter_sum(mm, MM_ANONPAGES);
	return mm->total_vm;
}

static int do_task_stat(struct seq_file *m, struct task_struct *task)
{
	unsigned long vsize = 0;
	struct mm_struct *mm = get_task_mm(task);

	if (mm) {
		shpte_settle_mm(mm);
		vsize = task_vsize(mm);
		permitted(mm);
	}
	scoped_guard(rcu) {
		if (task)
			permitted(mm);
	}
	scoped_seqlock_read (&sig->stats_lock, ss_lock_irqsave) {
		flt = sig->flt;
	}
	show(m, vsize, mm ? get_mm_rss(mm) : 0);
	return 0;
}
