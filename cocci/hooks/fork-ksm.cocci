// mm/ksm: a process whose pages are merged shares no pte pages by fork
//
// ksmd puts a merged page in the place of equal ones, entry by entry, and
// flushes one process.  From here on a fork of this process shares nothing;
// unshare what it shares by now.
//
// In: mm
// Config: KSM
// Place: __ksm_enter 1 after 0
// Adds: shpte_unshare_mm
// Seen: 6.12 7.2 7.3
// Killed by: forkvma

@enter@
identifier fn = __ksm_enter;
identifier mm, mm_slot;
expression cache;
@@
 fn(struct mm_struct *mm)
 {
 ...
+	if (shpte_unshare_mm(mm, SHPTE_KSM))
+		return -ENOMEM;
 	mm_slot = mm_slot_alloc(cache);
 	if (!mm_slot) return -ENOMEM;
 ...
 }
