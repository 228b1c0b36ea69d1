#!/bin/sh
# shpte rebase and audit, on trees that are made of the inputs of the semantic patches' own tests.
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/tests/fixtures/mini-tree.sh"
export XDG_CACHE_HOME="$TMP/cache"
mkdir -p "$TMP/lines"
printf '[line]\n\tsource = dir:%s\n' "$TMP/old" >"$TMP/lines/old.conf"

# A newer kernel: code has moved, one hook is not needed, our own files must follow one change, and lines around the hooks are others.
newer() { # DIR
	mini_tree "$1"
	sed -i 's/^PATCHLEVEL = .*/PATCHLEVEL = 13/' "$1/Makefile"
	source_file "$1/mm/vma.c" adjust
	source_file "$1/mm/mmap.c" align modify
	sed -i 's/^	pvmw->ptl = .ptlp;/	spin_lock(*ptlp);\n	if (!pmd_same(*pmdvalp, *pvmw->pmd))\n		return false;/
		s/^	spin_lock(pvmw->ptl);/	pvmw->ptl = *ptlp;/
		s/^		pvmw->ptl = ptl;/		spin_lock(ptl);\n		if (!pmd_same(pmde, *pvmw->pmd))\n			goto restart;/
		s/^		spin_lock(pvmw->ptl);/		pvmw->ptl = ptl;/' "$1/mm/page_vma_mapped.c"
	grep -oh 'softleaf_[a-z_]*' "$here/cocci/churn/softleaf.cocci" | sed 's/$/,/' | sort -u >"$1/include/linux/leafops.h"
	sed -i 's/^	entry = ptep_clear_flush(vma, address, pte);/	flush_cache_page(vma, address, pte_pfn(*pte));\n&/;
		s/entry = pte_wrprotect(entry);/entry = pte_wrprotect(pte_mkclean(entry));/' "$1/mm/rmap.c"
}

mini_tree "$TMP/old"
newer "$TMP/new"
DATA="$TMP/data"
mkdir "$DATA"
for d in build-matrix kernels packages reports; do ln -s "$here/$d" "$DATA/$d"; done
cp -r "$here/cocci" "$DATA/cocci"
sed -i 's,^// Not needed: 6.13 ,// Not needed: ,' "$DATA/cocci/hooks/walk.cocci"
export SHPTE_DATA="$DATA"
status 1 "rebase onto a newer kernel that does without a hook" "$SHPTE" rebase --kernels "$TMP/lines" old --source "dir:$TMP/new"
like "which it has to be said of" "$OUT" \
	'^  hooks/walk: was needed in 6.12, is not here: map_pte\(\) of this tree calls pmd_same\(\) itself; is that so\?'
sed -i 's,^// Not needed: ,&6.13 ,' "$DATA/cocci/hooks/walk.cocci"
ln -s mail.txt "$TMP/mail"
ok "rebase, when it is" "$SHPTE" rebase --kernels "$TMP/lines" old --source "dir:$TMP/new" --mail "$TMP/mail"
like "every other hook has its place" "$OUT" '^Ported; 1 rule is no longer needed: read why; [0-9]+ hooked functions changed: read them; '
like "a function that is in another file is found, and said to be moved" "$OUT" '^  hooks/modify$'
like "from where" "$OUT" '^      was mm/vma.c:[0-9]+ vma_modify$'
like "to where" "$OUT" '^      is  mm/mmap.c:[0-9]+ vma_modify$'
like "a hook that is not needed has a section of its own" "$OUT" '^No longer needed; '
like "and says why" "$OUT" '^  hooks/walk: map_pte\(\) of this tree calls pmd_same\(\) itself$'
like "our files follow what they must" "$OUT" '^  churn/softleaf: mm: entries that are no pages'
like "and nothing else" "$OUT" '^Our own files follow:$'
is "one rule of churn" "$(echo "$OUT" | grep -c '^  churn/')" 1
like "git rebase was run" "$OUT" '^  git rebase +[0-9]+ commits apply, [1-9][0-9]* conflict, [0-9]+ land wrong$'
like "it does not know that code has moved" "$OUT" '^      hooks/modify: conflicts: mm/vma.c$'
like "git am was run" "$OUT" '^  git am -3 +[0-9]+ commits apply'
like "patch was run" "$OUT" '^  patch -F3 +[0-9]+ commits apply'
like "patch puts in what is not needed" "$OUT" '^      hooks/walk: lands wrong: this kernel does not need it$'
is "a link that the mail goes to stays one" "$(readlink "$TMP/mail")" mail.txt
like "what changed around a hook is in the mail" "$(cat "$TMP/mail")" '^-.*entry = pte_wrprotect\(entry\);$'
like "the payload of the branch follows" \
	"$(git --git-dir "$TMP/cache/shpte/store.git" show "$(git --git-dir "$TMP/cache/shpte/store.git" for-each-ref --format '%(refname)' 'refs/heads/shpte/6.13*')":mm/shpte/rss.c)" \
	'softleaf_is_migration\(softleaf_from_pte\(entry\)\)'
report=$(ls "$TMP"/cache/shpte/rebases/*.json)
ok "the report is kept as JSON" perl -MJSON::PP -e 'my $j = decode_json(do { local (@ARGV, $/) = shift; <> });
	my %r = map { $_->{name} => $_ } @{$j->{rules}};
	die "status" unless $r{"hooks/modify"}{status} eq "moved" && $r{"hooks/walk"}{status} eq "no longer needed" && $r{"hooks/zap"}{status} eq "same";
	my @d = @{$j->{decided}};
	die "decided" unless @d == 1 && $d[0]{name} eq "hooks/walk" && !$d[0]{needed} && $d[0]{why} =~ /pmd_same/;
	die "diff" unless grep { $_->{function} eq "page_vma_mkclean_one" } @{$r{"hooks/mkclean"}{around}};
	die "range-diff" unless $j->{range_diff} =~ /mm: add shared pte pages/;
	die "figures" unless $j->{figures}{generated_lines} > 50 && $j->{figures}{rule_lines} > 100 && $j->{figures}{fired_lines} > 0;' "$report"
version=$(perl -MJSON::PP -e 'print decode_json(do { local (@ARGV, $/) = shift; <> })->{new}' "$report")
mkdir -p "$TMP/cache/shpte/sparse/$version"
echo '{"arch": "i386-pae", "files": 20, "warnings": 3, "new": ["mm/<b>.c:1:2: warning: x"]}' >"$TMP/cache/shpte/sparse/$version/i386-pae.json"
cp -r "$here/tests/fixtures/results" "$TMP/cache/shpte/results"
ok "and becomes a page" "$SHPTE" report --output "$TMP/site"
like "with what sparse found on the new kernel" "$(cat "$TMP"/site/rebase/*.html)" 'i386-pae: 20 files, 3 warnings, 1 of them not in the base<br><code>mm/&lt;b&gt;.c:1:2: warning: x'
like "and with the rule that is no longer needed" "$(cat "$TMP"/site/rebase/*.html)" '<li>no longer needed: <code>hooks/walk</code>'
# The other way round.
printf '[line]\n\tsource = dir:%s\n' "$TMP/new" >"$TMP/lines/new.conf"
ok "back to the older kernel" "$SHPTE" rebase --kernels "$TMP/lines" new old
like "the hook is needed" "$OUT" '^Needed from now on'
like "and it says why it was not" "$OUT" '^  hooks/walk: until now, map_pte\(\) of this tree calls pmd_same\(\) itself$'
like "our own files follow less" "$OUT" '^Ported; 1 rule is no longer needed'
is "nothing is left behind" "$(ls "$TMP/cache/shpte/tmp" 2>/dev/null)" ""

# Damage: each is a kernel that is not out yet.
damaged() { # DESCRIPTION REGEX SED-EXPRESSION FILE
	rm -rf "$TMP/bad"
	newer "$TMP/bad"
	sed -i "$3" "$TMP/bad/$4"
	status 1 "$1" "$SHPTE" rebase --kernels "$TMP/lines" old --source "dir:$TMP/bad"
	like "  needs a human, and says which rule, file and function" "$OUT" "$2"
	like "  and no branch is made" "$OUT" '^Needs a human: see below. No branch was made.$'
}
damaged "a function was renamed: its code is found by what it does" \
	'^  hooks/mkclean: there is no function page_vma_mkclean_one in mm; .*; its code may be in mm/rmap.c:[0-9]+ folio_wrprotect_one' \
	's/page_vma_mkclean_one/folio_wrprotect_one/' mm/rmap.c
# The same from a repository that has a past, by its two ways in.
newer "$TMP/past"
git -C "$TMP/past" init -q -b main
past() { git -C "$TMP/past" -c user.name=x -c user.email=x@localhost "$@"; }
past add -A
past commit -qm "mm: the way it was"
sed -i 's/page_vma_mkclean_one/folio_wrprotect_one/' "$TMP/past/mm/rmap.c"
past commit -qam "mm/rmap: name it after folios"
echo '/* later */' >>"$TMP/past/mm/rmap.c"
past commit -qam "mm/rmap: a remark"
for source in "git:$TMP/past#main" "git:file://$TMP/past#main" "dir:$TMP/past"; do
	status 1 "a kernel with a past, ${source%%/*}" "$SHPTE" rebase --kernels "$TMP/lines" old --source "$source"
	like "  the commit that renamed the function is named" "$OUT" \
		'folio_wrprotect_one \(.*; the last commit that added or removed page_vma_mkclean_one\(\) is [0-9a-f]+ \("mm/rmap: name it after folios"\)'
done
damaged "a function was split in two" \
	'^  hooks/zapped: mm/memory.c: matches nothing in zap_pte_range, must match 1; .*; what it lost is in mm/memory.c:[0-9]+ zap_finish, which is new' \
	's/^	add_mm_rss_vec(mm, rss);/	zap_finish(mm, rss);/
	$a static void zap_finish(struct mm_struct *mm, int *rss)\n{\n	add_mm_rss_vec(mm, rss);\n}' mm/memory.c
damaged "one of two places went into a function of its own" \
	'^  hooks/referenced: mm/rmap.c: matches 1 of 2 places in folio_referenced_one; .*; what it lost is in mm/rmap.c:[0-9]+ folio_referenced_end' \
	'/^static bool folio_referenced_one/,/^}/{s/if (vma->vm_flags & VM_LOCKED) {/if (folio_referenced_end(vma, pra)) {/; /a locked vma/,/mapcount--/d}
	$a static bool folio_referenced_end(struct vm_area_struct *vma, struct folio_referenced_arg *pra)\n{\n	if (vma->vm_flags \& VM_LOCKED)\n		/* a locked vma is not shared */\n		pra->mapcount--;\n	return vma->vm_flags \& VM_LOCKED;\n}' mm/rmap.c
damaged "a function has one more place" '^  hooks/adjust: mm/vma.c: matches 2 places in vma_shrink, must match 1' \
	'/^.*vma_shrink(/,/^}/s/^	vma_adjust_trans_huge(.*/&\n&/' mm/vma.c
# beside STATEMENTS: the function under #ifdef, and another one of its name with these
beside() {
	printf '/^static int page_vma_mkclean_one/i #ifdef CONFIG_ODD\n/^static int page_vma_mkclean_one/,/^}/{/^}/a #else\\n%s\\n{\\n%s\\n}\\n#endif\n}' \
		'static int page_vma_mkclean_one(struct page_vma_mapped_walk *pvmw)' "$1"
}
damaged "a function is there twice, under #ifdef" \
	'^  hooks/mkclean: page_vma_mkclean_one is there more than once and 2 places match, must be 1' \
	"$(beside '	entry = ptep_clear_flush(vma, address, pte);')" mm/rmap.c
damaged "a function is there twice, and one does it in another way" \
	'^  hooks/mkclean: mm/rmap.c: matches nothing in page_vma_mkclean_one, must match 1' \
	"$(beside '	clean(pvmw);')" mm/rmap.c
damaged "a function does nothing any more" \
	'^  hooks/mkclean: mm/rmap.c: matches nothing in page_vma_mkclean_one, must match 1; .*; what it lost is in mm/rmap.c:[0-9]+ clean_one, which is new' \
	's/page_vma_mkclean_one/clean_one/; $a static int page_vma_mkclean_one(struct page_vma_mapped_walk *pvmw)\n{\n	return 0;\n}' mm/rmap.c
newer "$TMP/stub"
sed -i "$(beside '	return 0;')" "$TMP/stub/mm/rmap.c"
ok "a function is under #ifdef, with a stub beside it" "$SHPTE" derive --source "dir:$TMP/stub"
like "the hook is in the one that does something" "$OUT" '^hooks/mkclean +1 of 1 '
damaged "a function became a macro" '^  hooks/align: there is no function __get_unmapped_area in mm' \
	's/^__get_unmapped_area(.*/#define __get_unmapped_area(f, a, l, p, g, v) \\/' mm/mmap.c

# --- the audit
: >"$DATA/cocci/audit/reviewed.conf"
status 1 "audit, when nothing was read" "$SHPTE" audit --kernels "$TMP/lines" old
like "every writer is new" "$OUT" '^new +mm/rmap.c:[0-9]+ page_vma_mkclean_one\(\)  .*writes or clears entries.*: .*ptep_clear_flush'
like "none was read" "$OUT" '^6.12.1-?[^:]*: [0-9]+ functions write, move, keep or read page-table entries: 0 read'
list=$OUT
mkdir "$TMP/mute"
printf '#!/bin/sh\ncase "$*" in *--dir*) touch "%s/asked" ;; esac\nexec %s "$@"\n' "$TMP" "$(command -v spatch)" >"$TMP/mute/spatch"
chmod +x "$TMP/mute/spatch"
status 1 "by another spatch" env PATH="$TMP/mute:$PATH" "$SHPTE" audit --kernels "$TMP/lines" old
is "the list is as long" "$(echo "$OUT" | grep -c '^new')" "$(echo "$list" | grep -c '^new')"
ok "which was asked" rm "$TMP/asked"
status 1 "and once more" env PATH="$TMP/mute:$PATH" "$SHPTE" audit --kernels "$TMP/lines" old
is "the same" "$OUT" "$list"
is "and was not" "$(ls "$TMP/asked" 2>&1 | grep -c 'No such file')" 1
status 2 "a verdict needs a reason" "$SHPTE" audit --kernels "$TMP/lines" old --accept page_vma_mkclean_one
like "and says so" "$ERR" 'page_vma_mkclean_one was never reviewed: say why it is safe, --because TEXT'
status 2 "a function that is not on the list" "$SHPTE" audit --kernels "$TMP/lines" old --accept no_such --because x
mkdir "$TMP/bin"
cat >"$TMP/bin/git" <<EOF
#!/bin/sh
case "\$*" in *config*because*) kill -9 \$\$ ;; esac
exec $(command -v git) "\$@"
EOF
chmod +x "$TMP/bin/git"
status 1 "a verdict that is cut short" env PATH="$TMP/bin:$PATH" \
	"$SHPTE" audit --kernels "$TMP/lines" old --accept page_vma_mkclean_one --because 'it is'
is "is none" "$(cat "$DATA/cocci/audit/reviewed.conf")" ""
"$SHPTE" audit --kernels "$TMP/lines" old --accept map_pte --because y >"$TMP/one" 2>&1 &
ok "two verdicts at once" "$SHPTE" audit --kernels "$TMP/lines" old --accept page_vma_mkclean_one --because 'x'
wait
is "are both there" "$(grep -c '^\[function' "$DATA/cocci/audit/reviewed.conf")" 2
: >"$DATA/cocci/audit/reviewed.conf"
ok "a verdict" "$SHPTE" audit --kernels "$TMP/lines" old --accept page_vma_mkclean_one --because 'the hook mkclean "flushes" all sharers'
status 1 "the others remain" "$SHPTE" audit --kernels "$TMP/lines" old
is "it is not listed any more" "$(echo "$OUT" | grep -c page_vma_mkclean_one)" 0
status 1 "nor is it asked for when only comments change" "$SHPTE" audit --kernels "$TMP/lines" old --all
like "the reason is shown" "$OUT" '^read +mm/rmap.c:[0-9]+ page_vma_mkclean_one\(\).*the hook mkclean "flushes" all sharers'
status 1 "on the newer kernel" "$SHPTE" audit --source "dir:$TMP/new"
like "it has changed" "$OUT" '^changed  mm/rmap.c:[0-9]+ page_vma_mkclean_one\(\)'
like "since when, and how" "$OUT" '^ +\+.*entry = pte_wrprotect\(pte_mkclean\(entry\)\);'
ok "and is read again" "$SHPTE" audit --source "dir:$TMP/new" --accept page_vma_mkclean_one
is "both texts are on record" "$(grep -c 'seen = ' "$DATA/cocci/audit/reviewed.conf")" 2
ok "as JSON" sh -c '"$1" audit --kernels "$2" old --json | perl -MJSON::PP -e '\''my $j = decode_json(do { local $/; <STDIN> });
	die unless grep { $_->{function} eq "page_vma_mkclean_one" && $_->{status} eq "read" } @$j'\''' sh "$SHPTE" "$TMP/lines"
status 1 "which has the exit status of the list" "$SHPTE" audit --kernels "$TMP/lines" old --json
status 1 "... on a full disk" sh -c '"$1" audit --kernels "$2" old --json >/dev/full' sh "$SHPTE" "$TMP/lines"
like "which is told" "$ERR" 'shpte: stdout cannot be written: No space left on device'
# Functions that are written in other ways, and such as are in no .c file.
mini_tree "$TMP/odd"
cat >"$TMP/odd/mm/odd.c" <<'EOF'
void knr(pte_t *pte) {
	set_pte(pte, zero);
}
SYSCALL_DEFINE1(odd, pte_t *, pte)
{
	set_pte(pte, zero);
}
#define AGE_PTE(pte) \
	set_pte(pte, pte_mkold(*pte))
static bool page_vma_mkclean_one(pte_t *pte)
{
	set_pte(pte, zero);
}
static void past(pmd_t *pmd, pte_t *ptep)
{
	if (pmd_none(*pmd))
		WRITE_ONCE(*ptep, zero);
}
static bool looks(pmd_t *pmd)
{
	pte_t *pte = pte_offset_map_lock(mm, pmd, addr, &ptl);

	return pte_write(*pte);
}
static int visits(pte_t *pte, struct mm_walk *walk)
{
	return pte_young(ptep_get(pte));
}
static void ages(pte_t *pte)
{
	set_pte(pte, pte_mkold(ptep_get(pte)));
}
EOF
readers="pte_alloc_map_lock get_locked_pte pmd_lock pmd_trans_huge_lock page_vma_mapped_walk page_mapped_in_vma folio_walk_start
	follow_pte follow_pfnmap_start vm_normal_page vm_normal_folio"
for call in $readers; do
	printf 'static void by_%s(void)\n{\n\t%s(here);\n}\n' $call $call
done >"$TMP/odd/mm/readers.c"
echo 'static inline void trim(pte_t *pte) { set_pte(pte, zero); }' >"$TMP/odd/mm/odd.h"
mkdir -p "$TMP/odd/drivers/odd" "$TMP/odd/arch/x86/boot"
echo 'void driven(pte_t *pte) { set_pte(pte, zero); }' | tee "$TMP/odd/drivers/odd/odd.c" >"$TMP/odd/arch/x86/boot/odd.c"
cat >"$TMP/odd/include/linux/pgtable.h" <<'EOF'
static inline void pte_forget(pte_t *pte) { set_pte(pte, zero); }
static inline pte_t *get_locked_pte(pmd_t *pmd) { return pte_offset_map_lock(mm, pmd, addr, &ptl); }
EOF
status 1 "audit, of functions that are written otherwise" "$SHPTE" audit --source "dir:$TMP/odd"
like "a brace at the end of the header" "$OUT" '^new +mm/odd.c:1 knr\(\)'
like "a system call by its name" "$OUT" '^new +mm/odd.c:4 SYSCALL_DEFINE1\(odd\)'
like "a macro" "$OUT" '^new +mm/odd.c:8 AGE_PTE\(\)'
like "one of a name that another file has, which was read" "$OUT" '^new +mm/odd.c:10 page_vma_mkclean_one\(\)'
like "a store, as spatch sees it too" "$OUT" '^new +mm/odd.c:14 past\(\)  writes entries without a primitive: pte_t \*ptep$'
like "one that reads, by the lock that it takes" "$OUT" '^new +mm/odd.c:19 looks\(\)  reads entries under their lock: pte_offset_map_lock$'
like "one that is given an entry" "$OUT" '^new +mm/odd.c:25 visits\(\)  reads entries under their lock: ptep_get$'
like "one that writes as well, with both" "$OUT" '^new +mm/odd.c:29 ages\(\)  writes or clears entries, reads entries under their lock: set_pte, ptep_get$'
is "... which is named once" "$(echo "$OUT" | grep -c ' ages()')" 1
for call in $readers; do
	like "one that reads by $call()" "$OUT" "^new +mm/readers.c:[0-9]+ by_$call\(\)  reads entries under their lock: $call\$"
done
is "none that is itself what is looked for" "$(echo "$OUT" | grep -c ' get_locked_pte()')" 0
like "one of a driver" "$OUT" '^new +drivers/odd/odd.c:1 driven\(\)'
is "none of a file that a pattern excepts" "$(echo "$OUT" | grep -c arch/x86/boot)" 0
like "another name for what is looked for" "$OUT" '^new +include/linux/pgtable.h:1 pte_forget\(\)'
like "one in a header" "$OUT" '^new +mm/odd.h:1 trim\(\)'
status 2 "one of several that is not on the list" "$SHPTE" audit --source "dir:$TMP/odd" --accept looks --accept no_such --because x
like "is named" "$ERR" 'no function no_such of [^ ]+ is on the list'
is "and nothing is written down" "$(grep -c '"looks"' "$DATA/cocci/audit/reviewed.conf")" 0
ok "several that are read" "$SHPTE" audit --source "dir:$TMP/odd" --accept driven --accept looks --accept visits --because x
is "all of them are written down" "$(grep -Ec '^.function "(driven|looks|visits)"' "$DATA/cocci/audit/reviewed.conf")" 3
cp -r "$TMP/odd" "$TMP/odder"
echo 'void driven(pte_t *pte) { set_pte(pte, one); }' >"$TMP/odder/drivers/odd/odd.c"
status 1 "and changes" "$SHPTE" audit --source "dir:$TMP/odder"
like "it is said how" "$OUT" '^ +\+.*set_pte\(pte, one\)'
status 2 "audit of nothing" "$SHPTE" audit
status 2 "rebase of nothing" "$SHPTE" rebase
status 2 "a reason for nothing" "$SHPTE" audit --kernels "$TMP/lines" old --because x
done_testing
