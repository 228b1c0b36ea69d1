// fs/proc: charge a process for what it has from a fork before its RSS is read
//
// A fork that need not look at the entries of a table does not count them
// either, and does not charge the child for them.  That is made up for when
// somebody wants to know.
//
// In: fs/proc
// Except: fs/proc/task_nommu.c
// Config: SHPTE_FORK_LAZY
// Place: task_mem 1 after 0
// Place: task_statm 1 after 0
// Place: do_task_stat 1
// Callers: get_mm_counter*|get_mm_rss*|.rss_stat task_mem task_statm do_task_stat
// Adds: shpte_settle_mm
// Seen: 6.12 7.2 7.3
// Killed by: forkrss

@status@
identifier fn = task_mem;
identifier mm;
expression e;
@@
 fn(..., struct mm_struct *mm)
 {
 ...
+	shpte_settle_mm(mm);
 	anon = e;
 ...
 }

@statm@
identifier fn = task_statm;
identifier mm, shared;
expression e;
@@
 fn(struct mm_struct *mm, unsigned long *shared, ...)
 {
 ...
+	shpte_settle_mm(mm);
 	*shared = e;
 ...
 }

@stat@
identifier fn = do_task_stat;
identifier mm;
expression e;
@@
 fn(...)
 {
 <...
+	shpte_settle_mm(mm);
 	e = task_vsize(mm);
 ...>
 }
