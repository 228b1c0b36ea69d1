#!/bin/sh
# shpte derive and export, on a tree that is made of the inputs of the semantic patches' own tests: all that the rules look at, nothing else.
. "$(dirname "$0")/lib.sh"

here=$(cd "$(dirname "$0")/.." && pwd)
export XDG_CACHE_HOME="$TMP/cache"
store="$XDG_CACHE_HOME/shpte/store.git"

. "$here/tests/fixtures/mini-tree.sh"

branch() { git --git-dir "$store" for-each-ref --format '%(refname:short)' 'refs/heads/shpte/*'; }

mini_tree "$TMP/good"
ok "derives on a tree that the store doesn't know" "$SHPTE" derive --source "dir:$TMP/good"
like "says a line a rule" "$OUT" '^hooks/walk +2 of 2 .* mm/page_vma_mapped.c:[0-9]+ map_pte'
is "has a commit for the payload and one a rule that the tree needs" \
	"$(git --git-dir "$store" rev-list --count "$(branch)" ^"$(branch | sed s/^shpte/base/)")" \
	"$(($(sed 's/#.*//' "$here/cocci/hooks/series" | grep -c .) + 1 - $(echo "$OUT" | grep -c '^hooks/.* not needed: ')))"
like "says which it does not need, and why" "$OUT" '^hooks/guard +not needed: include/uapi/ of this tree has no .MADV_GUARD_INSTALL.$'
like "nor churn" "$OUT" "^churn/softleaf +not needed: include/linux/leafops.h of this tree has no 'softleaf_is_migration'$"
is "the subject of a commit is the rule's first line" \
	"$(git --git-dir "$store" log -1 --format=%s "$(branch)")" \
	"$(sed -n '1s,^// ,,p' "$here/cocci/hooks/$(tail -n 1 "$here/cocci/hooks/series").cocci")"
like "the hooked file includes our header once" \
	"$(git --git-dir "$store" show "$(branch):mm/memory.c" | grep -c '<linux/shpte.h>')" '^1$'
like "the tree builds our files" "$(git --git-dir "$store" show "$(branch):mm/Makefile")" 'CONFIG_SHPTE.*shpte/'
first=$(git --git-dir "$store" rev-parse "$(branch)")
ok "again" "$SHPTE" derive --source "dir:$TMP/good"
like "it is up to date" "$OUT" 'up to date'
is "and the same" "$(git --git-dir "$store" rev-parse "$(branch)")" "$first"

# What a tree has, and what it has not.
mini_tree "$TMP/between"
mkdir "$TMP/between/include/uapi/asm-generic"
echo '#define MADV_GUARD_INSTALL 102' >"$TMP/between/include/uapi/asm-generic/some-header.h"
echo 'config MM_ID' >"$TMP/between/mm/Kconfig.some"
source_file "$TMP/between/include/linux/rmap.h" mapcount
source_file "$TMP/between/mm/pagewalk.c" guard
source_file "$TMP/between/mm/guard.c" fork-guard
ok "a tree with guard regions" "$SHPTE" derive --source "dir:$TMP/between"
like "wherever it says so" "$OUT" '^hooks/guard +1 of 1 '
like "and whichever Kconfig file has the option" "$OUT" '^hooks/mapcount +2 of 2 '
like "of which no flag tells" "$OUT" '^churn/guard-lazy +1 of 1 '
is "is looked at by each fork" \
	"$(git --git-dir "$store" show "$(branch | tail -n 1):mm/shpte/Kconfig" | sed -n '/^config SHPTE_FORK_LAZY/{n;p}')" "	bool"
echo '#define VM_MAYBE_GUARD 1' >>"$TMP/between/include/linux/mm.h"
ok "and with the flag" "$SHPTE" derive --source "dir:$TMP/between"
like "need not be" "$OUT" "^churn/guard-lazy +not needed: include/linux/mm.h of this tree has 'VM_MAYBE_GUARD'\$"

# How a file is written.
mini_tree "$TMP/odd"
printf 'obj-y := memory.o' >"$TMP/odd/mm/Makefile"
sed -i 's,^#include <linux/mm.h>,&\n#ifdef CONFIG_X\n#include <linux/x.h>\n#endif,' "$TMP/odd/mm/rmap.c"
# of the flags one is gone; what is a mask, or nothing, is none
sed -i '/VM_PAT/d' "$TMP/odd/include/linux/mm.h"
printf '#define VM_ANY (VM_READ | \\\n\tVM_WRITE)\n#define VM_ODD VM_NONE\n' >>"$TMP/odd/include/linux/mm.h"
ok "a Makefile without a newline at its end, an include under #ifdef, other flags" "$SHPTE" derive --source "dir:$TMP/odd"
odd=$(echo "$OUT" | sed -n '$s/: .*//p')
is "our line is a line" "$(git --git-dir "$store" show "$odd:mm/Makefile" | sed -n 's,^\(obj-.*\) += shpte/.*,\1,p')" 'obj-$(CONFIG_SHPTE)'
like "our include is not under it" "$(git --git-dir "$store" show "$odd:mm/rmap.c" | tr '\n' ' ')" \
	'<linux/mm.h> #include <linux/shpte.h> #ifdef CONFIG_X #include <linux/x.h> #endif'

# Spatch is asked once: after a change, for the functions that it touches.
mkdir "$TMP/asked"
cat >"$TMP/asked/spatch" <<EOF
#!/bin/sh
case "\$*" in *--sp-file*) echo "\$*" >>"$TMP/questions" ;; esac
exec $(command -v spatch) "\$@"
EOF
chmod +x "$TMP/asked/spatch"
ask() { : >"$TMP/questions"; PATH="$TMP/asked:$PATH" "$SHPTE" derive --source "dir:$TMP/one"; }
asked() { wc -l <"$TMP/questions"; }
rm -rf "$XDG_CACHE_HOME"
mini_tree "$TMP/one"
ok "a spatch that was not asked yet" ask
all=$(asked)
sed -i 's/entry = pte_wrprotect(entry);/& barrier();/' "$TMP/one/mm/rmap.c"
ok "a tree with one function changed" ask
is "is asked for what that concerns" "$([ "$(asked)" -gt 0 ] && [ "$(asked)" -lt $((all / 5)) ] && echo few || echo "$(asked) of $all")" few
one=$(git --git-dir "$store" rev-parse "$(branch | tail -n 1)^{tree}")
rm -rf "$XDG_CACHE_HOME/shpte/spatch" "$XDG_CACHE_HOME/shpte/derived"
ok "all of it anew" ask
is "makes the same tree" "$(git --git-dir "$store" rev-parse "$(branch | tail -n 1)^{tree}")" "$one"
mkdir -p "$TMP/same/cocci" && cp -r "$here/cocci" "$TMP/same" && for d in build-matrix kernels packages reports; do ln -s "$here/$d" "$TMP/same/$d"; done
echo '// more' >>"$TMP/same/cocci/hooks/mkclean.cocci"
ok "a rule that has changed" env SHPTE_DATA="$TMP/same" PATH="$TMP/asked:$PATH" sh -c ": >'$TMP/questions'; '$SHPTE' derive --source 'dir:$TMP/one'"
is "is asked for, and it alone" "$(sed -n 's,.*--sp-file [^ ]*/\([^ ]*\).cocci .*,\1,p' "$TMP/questions" | sort -u)" mkclean

# Damage: each names rule, file and function, and leaves no branch.
broken() { # DESCRIPTION REGEX SED-EXPRESSION FILE
	rm -rf "$TMP/bad"
	# what spatch made of what is as it was, it would make again
	find "$XDG_CACHE_HOME/shpte" -mindepth 1 -maxdepth 1 ! -name spatch -exec rm -rf {} +
	mini_tree "$TMP/bad"
	echo 'static inline void vma_trim(struct vm_area_struct *vma) { vma_adjust_trans_huge(vma, 0, 1, 0); }' >"$TMP/bad/mm/vma_oneliner.txt"
	echo 'static inline void vma_seal(struct vm_area_struct *vma) { vm_flags_set(vma, VM_SEALED); }' >"$TMP/bad/mm/vma_sealed.txt"
	sed -i "$3" "$TMP/bad/$4"
	status 1 "$1" "$SHPTE" derive --source "dir:$TMP/bad"
	like "  and says which rule, file and function" "$ERR" "$2"
	is "  and leaves no branch" "$(branch)" ""
}
broken "a hooked function was renamed" 'hooks/mkclean: there is no function page_vma_mkclean_one in mm' \
	's/page_vma_mkclean_one/folio_mkclean_one/' mm/rmap.c
broken "a rule matches nothing" 'hooks/mkclean: mm/rmap.c: matches nothing in page_vma_mkclean_one' \
	's/entry = ptep_clear_flush(vma, address, pte)/entry = ptep_take(pte)/' mm/rmap.c
broken "a rule matches in too few places" 'hooks/unmap-rss: mm/rmap.c: matches 2 of 3 places in try_to_unmap_one' \
	'0,/dec_mm_counter(mm, mm_counter(folio))/s//gone()/' mm/rmap.c
broken "a rule matches too often" 'hooks/adjust: mm/vma.c: matches 2 places in __split_vma, must match 1' \
	's/^	vma_adjust_trans_huge(vma, vma->vm_start.*/&\n&/' mm/vma.c
broken "a function that no rule knows calls what must be hooked everywhere" \
	'hooks/adjust: mm/vma.c: matches 1 place in vma_new_function' \
	'$a static int vma_new_function(struct vm_area_struct *vma)\n{\n	vma_adjust_trans_huge(vma, 0, 1, 0);\n	return 0;\n}' mm/vma.c
broken "spatch cannot parse a hooked function" 'hooks/zap: mm/memory.c:[0-9]+: spatch cannot parse the function zap_pte_range' \
	's/^	init_rss_vec(rss);/	for_each_odd(rss) unless (rss) { +++ ;/' mm/memory.c
like "which is an outcome of its own" "$OUT" '^hooks/zap +parse failure: '
broken "or one of several names" 'hooks/fork-scan: mm/khugepaged.c:[0-9]+: spatch cannot parse the function hpage_collapse_scan_pmd' \
	's/^	if (folio_likely_mapped_shared(folio)) {/	for_each_odd(folio) unless (folio) { +++ ;/' mm/khugepaged.c
like "which is one, too" "$OUT" '^hooks/fork-scan +parse failure: '
broken "a function that is to be hooked calls nothing of the kind" 'hooks/install: mm/memory.c: copy_huge_pmd is there, but calls no pte_alloc_one' \
	's/pte_alloc_one(dst_mm)/pte_alloc_one_map(dst_mm)/' mm/memory.c
broken "a function that is to be changed is not" 'hooks/smaps: no function smaps_pmd_entry in fs/proc is changed' \
	's/smaps_account(mss, page, true, present)/smaps_add(mss, page)/' fs/proc/task_mmu.c
input modify >"$TMP/twice.c"
broken "a hooked function is there twice" 'hooks/modify: vma_modify is there more than once' \
	'$r '"$TMP/twice.c" mm/vma.c
broken "a function that no rule knows has what only a hooked one may have" \
	'hooks/swapoff: mm/swapfile.c:[0-9]+ unuse_one_table has unuse_pte_range; read it and hook it, or name it in a Callers line of' \
	'$a static int unuse_one_table(struct vm_area_struct *vma, pmd_t *pmd)\n{\n	return unuse_pte_range(vma, pmd, 0, 1, 0);\n}' mm/swapfile.c
broken "or one in a folder that the rule does not look at" \
	'hooks/swapoff: fs/proc/task_mmu.c:[0-9]+ unuse_one_table has unuse_pte_range; read it and hook it, or name it' \
	'$a static int unuse_one_table(struct vm_area_struct *vma, pmd_t *pmd)\n{\n	vm_flags_set(vma, 1);\n	return unuse_pte_range(vma, pmd, 0, 1, 0);\n}' \
	fs/proc/task_mmu.c
is "  where a pattern's names are anybody's" "$(echo "$ERR" | grep -c vm_flags_set)" 0
broken "a macro does" 'hooks/swapoff: mm/swapfile.c:[0-9]+ something outside of all functions has unuse_pte_range;' \
	'$a #define UNUSE(vma, pmd) unuse_pte_range(vma, pmd, 0, 1, 0)' mm/swapfile.c
broken "or one of a pattern's names" 'hooks/modify: mm/vma.c:[0-9]+ mseal_all has vm_flags_set;' \
	'$a static void mseal_all(struct vm_area_struct *vma)\n{\n	/* vm_flags_mod() */\n	vm_flags_set(vma, VM_SEALED);\n}' mm/vma.c
broken "nothing has such a name any more" 'hooks/mremap: nothing in mm is called move_normal_pmd;' '/move_normal_pmd/d' mm/callers.c
broken "a function calls it where no rule matches, too" \
	'hooks/adjust: mm/vma.c: vma_shrink calls vma_adjust_trans_huge 2 times, and 1 of them match;' \
	'/^static int vma_shrink/,/^}/s/^	vma_adjust_trans_huge(.*/&\n	if (!vma_adjust_trans_huge(vma, 0, 1, 0))\n		return 1;/' mm/vma.c
broken "what is to be replaced is left" 'hooks/unmap-rss: mm/rmap.c: the rule does not fit try_to_unmap_one: 1 calls of \*_mm_counter are left, not 0' \
	'/try_to_unmap_one/,/^}/s/^	while (.*/&\n		add_mm_counter(mm,\n				mm_counter(folio), odd);/' mm/rmap.c
broken "a reading that is not hooked" 'hooks/smaps: .*does not fit smaps_account: [0-9]+ calls of folio_\*mapcount\|.* are left' \
	'/smaps_account/,/^}/s/^{/{\n	bool odd = folio_mapcount(NULL);/' fs/proc/task_mmu.c
broken "one of two functions is not hooked" \
	'hooks/fork-move: mm/userfaultfd.c: matches nothing in move_pages_ptes, but elsewhere in move_pages_pte\|move_pages_ptes' \
	'$a static long move_pages_ptes(struct mm_struct *mm)\n{\n	return odd(mm);\n}' mm/userfaultfd.c
broken "a label is another one" 'hooks/fork-collapse: .*does not fit collapse_huge_page: goes to out_up_write, which is no label there' \
	's/out_up_write/out_unlock/' mm/khugepaged.c
broken "a function returns nothing any more" \
	'hooks/fork-dontneed: .*does not fit madvise_dontneed_single_vma: returns a value from a function that returns nothing' \
	's/long madvise_dontneed_single_vma/void madvise_dontneed_single_vma/' mm/madvise.c
broken "a function returns something else" 'hooks/mremap: mm/mremap.c: matches nothing in move_page_tables, must match 1' \
	's/^unsigned long move_page_tables/int move_page_tables/' mm/mremap.c
broken "a function is told a length" 'hooks/fork-dontneed: mm/madvise.c: matches nothing in madvise_dontneed_single_vma, must match 1' \
	'/madvise_dontneed_single_vma/,/^}/s/\bend\b/len/' mm/madvise.c
broken "a call is under a condition" 'hooks/adjust: .*does not fit commit_merge: shpte_adjust is under a condition' \
	'/commit_merge/,/^}/s/^	vma_adjust_trans_huge(/	if (odd)\n	&/' mm/vma.c
broken "or under an option" 'hooks/adjust: .*does not fit commit_merge: shpte_adjust is under a condition' \
	'/commit_merge/,/^}/s/^	vma_adjust_trans_huge(.*/#ifdef CONFIG_ODD\n&\n#endif/' mm/vma.c
broken "a function returns before its call" \
	'hooks/modify: .*does not fit vma_modify: there are more than 0 ways to return before shpte_modify is called' \
	'/vma_modify/,/^}/s/^{/{\n	if (odd)\n		return NULL;/' mm/vma.c
broken "or goes past it" 'hooks/modify: .*does not fit vma_modify: there are more than 0 ways to return before shpte_modify is called' \
	'/vma_modify/,/^}/{s/^{/{\n	if (odd)\n		goto out;/; s/^}/out:\n	return NULL;\n}/}' mm/vma.c
broken "a call that may be many times in a function is under an option" \
	'hooks/mkclean: .*does not fit page_vma_mkclean_one: shpte_flush_page is under an #if' \
	'/page_vma_mkclean_one/,/^}/s/^	*entry = ptep_clear_flush(.*/#ifdef CONFIG_ODD\n&\n#endif/' mm/rmap.c
broken "what has to come behind a call comes before it" \
	'hooks/fault-rss: mm/filemap.c: the rule does not fit finish_fault: no pte_unmap_unlock comes behind shpte_fault_rss' \
	'/^vm_fault_t finish_fault/,/^}/{/pte_unmap_unlock/d; s/^	add_mm_counter/	pte_unmap_unlock(vmf->pte, vmf->ptl);\n&/}' mm/filemap.c
broken "a function does twice what is to be hooked" \
	'hooks/fork: mm/memory.c: the rule does not fit copy_pmd_range: 2 calls of copy_pte_range are left, not 1' \
	'/^copy_pmd_range/,/^}/s/^	do {/&\n		if (odd \&\& copy_pte_range(dst_vma, src_vma, src_pmd, dst_pmd, addr, end))\n			continue;/' mm/memory.c
input mkclean | sed 's/page_vma_mkclean_one/pfn_vma_mkclean_one/' >"$TMP/copy.c"
broken "a hooked function was copied" \
	'hooks/mkclean: mm/rmap.c:[0-9]+ pfn_vma_mkclean_one is much like page_vma_mkclean_one, and the rule would match there as well; read it' \
	'$r '"$TMP/copy.c" mm/rmap.c
broken "into another file" 'hooks/mkclean: mm/gup.c:[0-9]+ pfn_vma_mkclean_one is much like page_vma_mkclean_one, and the rule would' \
	'$r '"$TMP/copy.c" mm/gup.c
broken "what a rule adds has another name here" \
	'hooks/pagemap: .*does not fit pagemap_pmd_range: adds PM_MMAP_EXCLUSIVE, which this tree does not have' \
	'/^PM_MMAP_EXCLUSIVE,/d' include/asm-generic/added.h
broken "the tree has a file of ours already" 'payload: the tree has a file include/linux/shpte.h of its own' \
	'w '"$TMP/bad/include/linux/shpte.h" mm/vma.c
broken "a line to add to has no place" 'payload: mm/Kconfig has no line .endmenu.' 's/endmenu//' mm/Kconfig
like "  the rules are tried all the same" "$OUT" '^hooks/zap +1 of 1 '
broken "what we call is gone" \
	'payload: mm/shpte/unshare.c:[0-9]+ calls swap_free\(\), which no header of this tree has; a rule of cocci/churn must follow' \
	'/^swap_free,/d' include/asm-generic/all.h
broken "it has another name" 'calls swap_free\(\), which no header .* must follow; names like it: swap_free_nr\(\) in include/linux/swap.h' \
	'/^swap_free,/{s/.*/void swap_free_nr(void);/;w '"$TMP/bad/include/linux/swap.h"'
}' include/asm-generic/all.h
broken "it is named in a comment only" 'calls swap_free\(\), which no header' 's,^swap_free\,,/* & */,' include/asm-generic/all.h
broken "what we call wants another argument" \
	'payload: mm/shpte/core.c:[0-9]+ calls mm_has_notifiers\(\) with 1 arguments, which in this tree has 2; a rule' \
	's/(struct mm_struct \*mm)/(struct mm_struct *mm,\n\tbool all)/' include/linux/mmu_notifier.h
broken "or none" 'with 1 arguments, which in this tree has 0; a rule' 's/(struct mm_struct \*mm)/(void)/' include/linux/mmu_notifier.h
broken "a constant that we name is gone" 'payload: mm/shpte/core.c:[0-9]+ names FAULT_FLAG_UNSHARE, which no header of this tree has; a rule' \
	'/^FAULT_FLAG_UNSHARE,/d' include/asm-generic/all.h
broken "or a member" 'payload: mm/shpte/leave.c:[0-9]+ names fullmm, which no header' '/^fullmm,/d' include/asm-generic/all.h
broken "an option that we ask for is gone" 'payload: mm/shpte/leave.c:[0-9]+ asks for MEM_SOFT_DIRTY, which no Kconfig file of this tree has; a rule' \
	'/MEM_SOFT_DIRTY/d' arch/Kconfig
broken "or one that must not be set" 'payload: mm/shpte/Kconfig:[0-9]+ asks for DEVICE_MIGRATION, which no Kconfig file' \
	'/DEVICE_MIGRATION/d' arch/Kconfig

# What is new in the tree, and nobody has read.
broken "a vma can have a flag that is not listed" \
	'payload: include/linux/mm.h:[0-9]+ has VM_FOO, a flag of vmas that nobody has read; .* say so in cocci/payload/flags.conf' \
	'$a # define VM_FOO	BIT(50)' include/linux/mm.h
broken "its bit is one of an enum" 'payload: include/linux/mm.h:[0-9]+ has VM_FOO, a flag of vmas' \
	'$a enum {\n	DECLARE_VMA_BIT_ALIAS(FOO, HIGH_ARCH_6),\n};' include/linux/mm.h
broken "in another header" 'payload: include/linux/mmu_notifier.h:[0-9]+ has VM_FOO, a flag of vmas' \
	'$a enum {\n	VMA_FOO_BIT = 50,\n};' include/linux/mmu_notifier.h
broken "an mm can have a flag that is not listed" \
	'payload: include/linux/mm_types.h:[0-9]+ has MMF_FOO, a flag of mms that nobody has read; .* say so in cocci/payload/flags.conf' \
	'$a #define MMF_FOO		32' include/linux/mm_types.h
broken "a vma can have more flags than a long has bits" \
	'payload: include/linux/mm.h:[0-9]+ says that NUM_VMA_FLAG_BITS is \(2 \* BITS_PER_LONG\), not BITS_PER_LONG; the payload compares' \
	'$a #define NUM_VMA_FLAG_BITS	(2 * BITS_PER_LONG)' include/linux/mm.h
broken "flags are defined where nobody looks" 'payload: VM_LOCKED is in none of the headers that cocci/payload/flags.conf names; find out' \
	'/VM_LOCKED/d' include/linux/mm.h
broken "those of mms" 'payload: MMF_VM_MERGEABLE is in none of the headers that cocci/payload/flags.conf names; find out' \
	'/MMF_VM_MERGEABLE/d' include/linux/mm_types.h
broken "a function that no rule knows says what new entries may do" \
	'hooks/modify: mm/mprotect.c:[0-9]+ vma_open_up has vm_page_prot; read it and hook it' \
	'$a static void vma_open_up(struct vm_area_struct *vma)\n{\n	vma->vm_page_prot = PAGE_SHARED;\n}' mm/mprotect.c
broken "or sets a flag in passing" 'hooks/modify: mm/mprotect.c:[0-9]+ vma_pass has vma_set_atomic_flag;' \
	'$a static void vma_pass(struct vm_area_struct *vma)\n{\n	vma_set_atomic_flag(vma, VMA_LOCKED_BIT);\n}' mm/mprotect.c
broken "or is called by a pointer that stands outside of all functions" \
	'hooks/modify: mm/mprotect.c:[0-9]+ something outside of all functions has vm_flags_set;' \
	'$a static void (*const vma_setter)(struct vm_area_struct *vma, vm_flags_t flags) =\n	vm_flags_set;' mm/mprotect.c
broken "or reads what a process has past the functions that tell it" \
	'hooks/fork-rss: fs/proc/task_mmu.c:[0-9]+ proc_rss has rss_stat;' \
	'$a static long proc_rss(struct mm_struct *mm)\n{\n	return percpu_counter_sum(\&mm->rss_stat[0]);\n}' fs/proc/task_mmu.c

# Calls that the rule cannot look at.
broken "a function is called by a pointer" 'hooks/adjust: mm/vma.c:[0-9]+ calls vma_adjust_trans_huge\(\) by another name or a pointer; look at it' \
	'$a static void (*const trim)(struct vm_area_struct *vma, long by) = vma_adjust_trans_huge;' mm/vma.c
broken "or by another name" 'hooks/install: mm/memory.c:[0-9]+ calls pte_alloc_one\(\) by another name or a pointer' \
	'$a #define new_table pte_alloc_one' mm/memory.c
broken "a header has what only a hooked function may have" 'hooks/modify: mm/vma.h:1 vma_seal has vm_flags_set;' \
	'1w '"$TMP/bad/mm/vma.h" mm/vma_sealed.txt
broken "a call in a macro" \
	'hooks/adjust: mm/vma.c:[0-9]+ calls vma_adjust_trans_huge\(\) outside any function that could be read; look at it' \
	'$a #define vma_trim(vma) \\\n	vma_adjust_trans_huge(vma, 0, 1, 0)' mm/vma.c
broken "a function in a header" 'hooks/adjust: mm/vma.h:1 calls vma_adjust_trans_huge\(\) in a header' \
	'1w '"$TMP/bad/mm/vma.h" mm/vma_oneliner.txt
broken "a function with its brace at the end of its header" 'hooks/adjust: mm/vma.c: matches 1 place in vma_chop' \
	'$a void vma_chop(struct vm_area_struct *vma) {\n	vma_adjust_trans_huge(vma, 0, 1, 0);\n}\
void vma_line(struct vm_area_struct *vma) { vma_adjust_trans_huge(vma, 0, 1, 0); }\
#ifdef X\nvoid vma_clip(struct vm_area_struct *vma, int a)\n#else\nvoid vma_clip(struct vm_area_struct *vma)\n#endif\
{\n	vma_adjust_trans_huge(vma, 0, 1, 0);\n}' mm/vma.c
like "one on one line, in the same run" "$ERR" 'hooks/adjust: mm/vma.c: matches 1 place in vma_line'
like "and one with two signatures" "$ERR" 'hooks/adjust: mm/vma.c: matches 1 place in vma_clip'

# What says that a rule is not needed may be a mistake.
broken "what an older release needed is not there" \
	"hooks/guard: was needed in 7.3, is not here: include/uapi/ of this tree has no 'MADV_GUARD_INSTALL'; is that so\\? Then add a line" \
	's/^VERSION = 6/VERSION = 8/' Makefile
like "our own files' rules as well" "$ERR" "churn/mm-flags: was needed in 7.3, is not here: include/linux/mm.h of this tree has no 'mm_flags_test'"
like "a line a rule is printed all the same" "$OUT" '^hooks/guard +needs a human: was needed in 7.3'
like "of those that have their place, too" "$OUT" '^hooks/zap +1 of 1 '
broken "the tree does itself what a rule is for, in one of two places" \
	'hooks/walk: map_pte\(\) of this tree calls pmd_same\(\) itself, and nothing does so for page_vma_mapped_walk' \
	's/^	pvmw->ptl = .ptlp;/	if (!pmd_same(*pvmw->pmd, zero))\n		return false;\n&/' mm/page_vma_mapped.c
broken "in both, and there is a place where it doesn't" \
	'hooks/walk: map_pte\(\) .* itself, but mm/page_vma_mapped.c: map_pte has a place that the rule matches as well' \
	's/^	*pvmw->ptl = .*ptl.*;/	if (!pmd_same(*pvmw->pmd, zero))\n		return false;\n&/' mm/page_vma_mapped.c

mini_tree "$TMP/moved"
mv "$TMP/moved/mm/gup.c" "$TMP/moved/mm/pin.c"
status 1 "a file that a rule names is another one" "$SHPTE" derive --source "dir:$TMP/moved"
like "needs a human" "$ERR" "hooks/fork-pin-fast: the tree has no mm/gup.c; find where its code went and change the line 'In:' of "
like "as one of all rules" "$OUT" '^hooks/fork-rss +3 of 3 '

status 2 "no kernel and no source" "$SHPTE" derive
status 2 "a kernel and a source" "$SHPTE" derive 6.12 --source dir:/
status 2 "an unknown kernel" "$SHPTE" derive 0.01
like "  names those that are known" "$ERR" '0\.01.*6\.12'
status 2 "an unknown option" "$SHPTE" derive --frobnicate 6.12
status 1 "a folder that is no kernel" "$SHPTE" derive --source "dir:$TMP"
status 1 "a folder that is not there" "$SHPTE" derive --source "dir:$TMP/none"
ok "help" "$SHPTE" derive --help
like "  names the options" "$OUT" '--source'

# A rule that is broken itself.  The data folder is a copy with one rule changed.
data() { # SED-EXPRESSION FILE
	rm -rf "$TMP/data"
	mkdir "$TMP/data"
	cp -r "$here/cocci" "$here/kernels" "$here/build-matrix" "$TMP/data/"
	sed -i "$1" "$TMP/data/$2"
}
data 's/^@declared@/@declared/' cocci/hooks/install.cocci
status 1 "a rule that spatch cannot read" env SHPTE_DATA="$TMP/data" "$SHPTE" derive --source "dir:$TMP/good"
like "  is named" "$ERR" 'rule hooks/install: spatch: exit status'
like "  and where in it" "$ERR" 'install.cocci", line [0-9]+'
data 's/^\/\/ Adds:.*//' cocci/hooks/install.cocci
status 1 "a rule without its Adds line" env SHPTE_DATA="$TMP/data" "$SHPTE" derive --source "dir:$TMP/good"
like "  is named" "$ERR" "install.cocci: the rule's header has no line 'Adds: CALL'"
data 's/^\/\/ Callers:.*/\/\/ Callers: unuse_pte_range/' cocci/hooks/swapoff.cocci
status 1 "a rule with Callers that are none" env SHPTE_DATA="$TMP/data" "$SHPTE" derive --source "dir:$TMP/good"
like "  is named" "$ERR" "swapoff.cocci: the rule's header has Callers that are not 'NAME FUNCTION...'"
data 's/^\/\/ Place:.*/& sometimes/' cocci/hooks/swapoff.cocci
status 1 "a rule with a Place that is none" env SHPTE_DATA="$TMP/data" "$SHPTE" derive --source "dir:$TMP/good"
like "  is named" "$ERR" "swapoff.cocci: the rule's header has a Place that is not 'FUNCTION COUNT', 'FUNCTION COUNT always' or"
data 's/^\/\/ Left:.*/\/\/ Left: all/' cocci/hooks/unmap-rss.cocci
status 1 "a rule with a Left that is none" env SHPTE_DATA="$TMP/data" "$SHPTE" derive --source "dir:$TMP/good"
like "  is named" "$ERR" "unmap-rss.cocci: the rule's header has a Left that is not 'COUNT CALL\('"
data '/^\[flag "VM_LOCKED"\]/{n;n;d}' cocci/payload/flags.conf
status 1 "a flag of which nobody says why" env SHPTE_DATA="$TMP/data" "$SHPTE" derive --source "dir:$TMP/good"
like "  is named" "$ERR" 'flags.conf: \[flag "VM_LOCKED"\] needs a verdict and a because'
data 's/^install$/instal/' cocci/hooks/series
status 1 "a rule of the series that is not there" env SHPTE_DATA="$TMP/data" "$SHPTE" derive --source "dir:$TMP/good"
like "  is named" "$ERR" 'instal.cocci: no such rule'
status 1 "spatch is missing" env PATH=/nonexistent "$SHPTE" derive --source "dir:$TMP/good"
like "  and the message says what to install" "$ERR" 'spatch.*coccinelle|git'

# Export: a series that git am applies.
rm -rf "$XDG_CACHE_HOME"
mkdir "$TMP/lines"
printf '[line]\n\tsource = dir:%s\n' "$TMP/good" >"$TMP/lines/mini.conf"
# A git that dies when half of the series is written.
mkdir "$TMP/bin"
cat >"$TMP/bin/git" <<EOF
#!/bin/sh
case "\$*" in *format-patch*) $(command -v git) "\$@" && kill -9 \$\$ ;; esac
exec $(command -v git) "\$@"
EOF
chmod +x "$TMP/bin/git"
mkdir "$TMP/series"
status 1 "an export that is cut short" env PATH="$TMP/bin:$PATH" "$SHPTE" export mini --kernels "$TMP/lines" --output "$TMP/series/"
is "  leaves nothing" "$(find "$TMP" -maxdepth 2 -path "$TMP/*series*")" "$TMP/series"
mkdir "$TMP/.series.new"
echo half >"$TMP/.series.new/0001-half.patch"
printf '[diff]\n\tnoprefix = true\n[format]\n\tsuffix = .txt\n' >"$TMP/gitconfig"
ok "exports a series, after one that was killed and whatever git is told, too" \
	env GIT_CONFIG_GLOBAL="$TMP/gitconfig" "$SHPTE" export mini --kernels "$TMP/lines" --output "$TMP/series"
is "and leaves nothing beside it" "$(find "$TMP" -maxdepth 1 -name '.series*'; ls "$TMP/series" | grep half)" ""
ok "with a cover letter that is filled in" sh -c '! grep "\*\*\*" "$1"/0000-cover-letter.*' sh "$TMP/series"
git init -q "$TMP/tree"
cp -r "$TMP/good/." "$TMP/tree"
git -C "$TMP/tree" add -A
git -C "$TMP/tree" -c user.name=t -c user.email=t@localhost commit -qm base
ok "that git am applies" sh -c 'git -C "$1/tree" -c user.name=t -c user.email=t@localhost am -q "$1"/series/*.patch' sh "$TMP"
is "and gives the branch's tree" "$(git -C "$TMP/tree" rev-parse 'HEAD^{tree}')" "$(git --git-dir "$store" rev-parse "$(branch)^{tree}")"
status 1 "not over another series" "$SHPTE" export mini --kernels "$TMP/lines" --output "$TMP/series"
like "  and says what to do" "$ERR" "/series is not empty; remove it or name another folder with --output$"
status 2 "an unknown kernel" "$SHPTE" export 0.01
for who in "" Ann '<ann@localhost>' 'Ann <ann>' 'Ann <ann@localhost> x'; do
	status 2 "signed off by nobody: '$who'" "$SHPTE" export --sign-off "$who" mini --kernels "$TMP/lines" --output "$TMP/signed"
done
ok "signed off" "$SHPTE" export --sign-off 'Ann <ann@localhost>' mini --kernels "$TMP/lines" --output "$TMP/signed"
is "by the author of each patch" "$(for p in "$TMP/signed"/*.patch; do
	git mailinfo /dev/null /dev/null <"$p" | grep -x 'Author: Ann\|Email: ann@localhost'
	grep -x 'Signed-off-by: Ann <ann@localhost>' "$p"; done | sort | uniq -c | sort -u -k1,1n | wc -l)" 1
git -C "$TMP/tree" checkout -q -b signed "$(git -C "$TMP/tree" rev-list --max-parents=0 HEAD)"
ok "which git am applies" sh -c 'git -C "$1/tree" -c user.name=t -c user.email=t@localhost am -q "$1"/signed/*.patch' sh "$TMP"
is "to the same tree" "$(git -C "$TMP/tree" rev-parse 'HEAD^{tree}')" "$(git --git-dir "$store" rev-parse "$(branch)^{tree}")"
done_testing
