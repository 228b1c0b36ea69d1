#!/bin/sh
# shpte mutate: what leaving hooks out tells, what is done again, what stops it.  QEMU and the kernels are fakes, see
# fixtures/fake-machine.sh; the rules are real.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fixtures/fake-machine.sh"
CELL=good/i386-pae
RESULTS=$XDG_CACHE_HOME/shpte/results/$CELL
STORE=$XDG_CACHE_HOME/shpte/store.git
rm -f "$SHPTE_DATA"/kernels/[0-9]*.conf
kernel good

# hook NAME: a function of the kernel, a rule that has it call shpte_NAME(), and its place in the series.  Each function
# has words of its own: it is no copy of another hooked one.
hook() {
	printf 'int shpte_%s(void);\nint %s(void)\n{\n\treturn !"%s_pte %s_pmd";\n}\n\n' "$1" "$1" "$1" "$1" \
		>>"$TMP/good/mm/memory.c"
	cat >"$SHPTE_DATA/cocci/hooks/$1.cocci" <<-EOF
		// mm: hook $1
		//
		// In: mm
		// Place: $1 1
		// Adds: shpte_$1
		// Seen: 9.9

		@@
		identifier fn = $1;
		@@
		 fn(void)
		 {
		+	shpte_$1();
		 ...
		 }
	EOF
	echo "$1" >>"$SHPTE_DATA/cocci/hooks/series"
}
hook zap
hook free
hook walk
hook move
echo 'int shpte_need(void);' >>"$TMP/good/mm/memory.c"
sed -i 's,^// Seen,// Killed by: exit mremap\n&,' "$SHPTE_DATA/cocci/hooks/free.cocci"

# What each test says of a kernel; $KERNEL is its source.
GUEST='has() { case $KERNEL in *"	shpte_$1();"*) : ;; *) return 1 ;; esac; }
munmap() {
	echo "# Subtest: munmap"
	echo "  ok 1 whole"
	has zap && echo "  ok 2 partial" || echo "  not ok 2 partial # 3 is not 4"
	has zap && echo "ok 1 munmap" || echo "not ok 1 munmap"
	echo "# time munmap 0.10 s"
}
exit_() {
	echo "# Subtest: exit"
	has move || sleep 60
	has free || k "BUG: Bad page state in process exit"
	has free || sleep 60
	echo "ok 2 exit"
	echo "# time exit 0.10 s"
}
boot
echo "KTAP version 1"
echo "1..2"
munmap
exit_
echo "# shpte-guest: end"
ends'
guest "$GUEST"
mutate() { "$SHPTE" mutate --timeout 1 "$@"; }
last() { printf '%s\n' "$OUT" | tail -n 1; }

# --- bad input
status 2 "no cell" "$SHPTE" mutate
status 2 "no architecture" "$SHPTE" mutate good
like "says what is wanted" "$ERR" "'good' is no cell to take hooks from; it is KERNEL/ARCH"
status 2 "the unpatched kernel" "$SHPTE" mutate $CELL/base
like "has no hooks" "$ERR" "no cell to take hooks from"
status 2 "a pattern" "$SHPTE" mutate 'good/*'
like "is none" "$ERR" "one cell"
status 2 "an unknown kernel" "$SHPTE" mutate bad/i386-pae
like "the known ones are named" "$ERR" "unknown kernel 'bad'; known are: .*good"
status 2 "an unknown architecture" "$SHPTE" mutate good/pdp11
like "the known ones are named" "$ERR" "unknown architecture 'pdp11'; known are: .*i386-pae"
status 2 "an unknown hook" "$SHPTE" mutate $CELL zap zip
is "those of the series are named, in a line" "$ERR" "shpte: unknown hook 'zip'; cocci/hooks/series and cocci/flaws/series have zap, free, walk, move"
status 2 "no time" "$SHPTE" mutate $CELL --timeout 0
status 2 "an unknown option" "$SHPTE" mutate $CELL --fast
status 2 "derive without an unknown hook" "$SHPTE" derive good --without zip
like "names those of the series" "$ERR" "unknown hook 'zip'; .* zap, free"
is "nothing was booted" "$(test -e "$TMP/runs" || echo none)" none

# --- all hooks
status 1 "one survives" mutate $CELL
is "a line a hook" "$OUT" "killed  zap  by munmap.partial: 3 is not 4
killed  free  by exit: kernel complained: BUG: Bad page state in process exit
SURVIVED  walk
killed  move  by exit: hang: the guest test exit still runs after 1 s
3 of 4 hooks are noticed; survived: walk"
is "the control and the mutants were booted, twice those that failed where it was not foreseen" "$(runs)" 7
like "which is told" "$ERR" "without zap: noticed by munmap.partial: 3 is not 4; once more, to be sure"
like "with progress" "$ERR" '\[2/4\] good/i386-pae/shpte without free: boot and test'
like "the control's result is the cell's" "$(cat "$RESULTS/shpte/latest/result.json")" '"verdict": "pass"'
is "each mutant has a branch" "$(git --git-dir "$STORE" for-each-ref --format='%(refname:short)' refs/heads/shpte-mutant | sed 's,.*/,,' | xargs)" \
	"free move walk zap"
is "which lacks its commit alone" "$(git --git-dir "$STORE" log --format=%s shpte-mutant/9.9.0-good/free ^base/9.9.0-good)" \
	"mm: hook move
mm: hook walk
mm: hook zap
mm: add shared pte pages"
ok "derive makes such a branch, too" "$SHPTE" derive good --without hooks/free
like "and says so" "$OUT" "^shpte-mutant/9.9.0-good/free: 4 commits .* up to date$"
is "the shipped one has all" "$(git --git-dir "$STORE" rev-list --count shpte/9.9.0-good ^base/9.9.0-good)" 5
is "all are built in one tree" "$(ls -d "$XDG_CACHE_HOME"/shpte/trees/*/*/ | wc -l)" 1
for f in console.log build.log config result.json; do
	ok "$f" test -s "$RESULTS/mutant/zap/latest/$f"
done

# --- nothing changed
status 1 "again" mutate $CELL
is "the results of then" "$OUT" "killed  zap  by munmap.partial: 3 is not 4 (up to date)
killed  free  by exit: kernel complained: BUG: Bad page state in process exit (up to date)
SURVIVED  walk (up to date)
killed  move  by exit: hang: the guest test exit still runs after 1 s (up to date)
3 of 4 hooks are noticed; survived: walk"
is "nothing was booted" "$(runs)" 7
ok "only some" mutate $CELL hooks/zap free zap
is "each once" "$(last)" "2 of 2 hooks are noticed"
ok "the cell's whole name" mutate $CELL/shpte zap
is "one" "$(last)" "1 of 1 hook is noticed"
status 1 "only the one that survives" mutate $CELL walk
is "is what failed" "$(last)" "0 of 1 hook is noticed; survived: walk"
status 1 "quietly" mutate --quiet $CELL
is "it says its lines only" "$ERR" ""

# --- who noticed it the last time runs first, then who should
ok "again by force" mutate --again $CELL zap
is "the control as well, and the mutant once" "$(runs)" 9
like "the one that noticed runs first" "$(cat "$TMP/args")" ' first=munmap$'
ok "again by force" mutate --again $CELL free
like "then those of the rule's header" "$(cat "$TMP/args")" ' first=exit,mremap$'
BEFORE=$(runs)
sed -i 's,^// Seen,// Killed by: munmap\n&,' "$SHPTE_DATA/cocci/hooks/walk.cocci"
status 1 "another header" mutate $CELL
is "is the same kernel" "$(runs)" "$BEFORE"
status 1 "by force" mutate --again $CELL walk
like "whose tests run first" "$(cat "$TMP/args")" ' first=munmap$'

# --- what fails once and not again is the machine's doing
guest "$(printf '%s\n' "$GUEST" | sed 's,^exit_$,has walk || [ -e "$FAKE/once" ] || { : >"$FAKE/once"; echo "not ok 2 race # 1 is not 2"; }\n&,')"
status 1 "a test that fails once" mutate --again $CELL zap walk
like "has not noticed" "$OUT" "^SURVIVED  walk  noticed once, and not again, by race: 1 is not 2$"
guest "$GUEST"
status 1 "by force" mutate --again $CELL walk

# --- what changed is done again
echo 'int shpte = 2;' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
BEFORE=$(runs)
ok "another payload" mutate $CELL zap
is "is a new control and a new mutant" "$(($(runs) - BEFORE))" 2
echo '/* a remark */' >>"$BM/guest/munmap.c"
ok "another guest test" mutate $CELL zap
is "is a new control and a new mutant" "$(($(runs) - BEFORE))" 4

# --- without a control nothing is worth anything
guest 'tests "1..1\nnot ok 1 munmap # 5 is not 6\n"'
status 1 "the kernel with all hooks fails" mutate --again $CELL
is "so nothing is said of the hooks" "$OUT" ""
like "but why" "$ERR" "^shpte: good/i386-pae/shpte does not pass with all its hooks \(test failed: 1 of 1 .*munmap \(5 is not 6\).*\), so a failure without one would say nothing"
BEFORE=$(runs)
status 1 "the next time it is known" mutate $CELL
is "without a boot" "$(runs)" "$BEFORE"
guest "$GUEST"

# --- stopped at any point, the next one goes on
ok "a good control" mutate --again $CELL zap
echo '/* a remark */' >>"$BM/guest/munmap.c"
ok "zap is done" mutate $CELL zap
for signal in INT KILL; do
	rm -f "$TMP/pid"
	guest "has() { :; }; boot; sleep 60"
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SHPTE" mutate $CELL zap walk >"$TMP/out" 2>"$TMP/stopped" &
	for i in $(seq 100); do [ -s "$TMP/pid" ] && break; sleep 0.1; done
	sleep 0.2
	kill -$signal $!
	wait $! 2>/dev/null
	sleep 0.3
	ok "SIG$signal: QEMU is gone" gone "$(cat "$TMP/pid")"
	like "what was done is told" "$(cat "$TMP/out")" "^killed  zap .* \(up to date\)"
	[ $signal = KILL ] || like "and how it goes on" "$(cat "$TMP/stopped")" "stopped; the next 'shpte mutate' goes on"
done
guest "$GUEST"
BEFORE=$(runs)
status 1 "the next one goes on" mutate $CELL zap walk
is "with the mutant that was not done" "$(($(runs) - BEFORE))" 1
is "no unfinished result is left" "$(for d in "$RESULTS"/mutant/*/2*; do [ -f "$d/result.json" ] || echo "$d"; done)" ""

# --- mutants that can't be: neither noticed nor survived
cat >"$SHPTE_DATA/cocci/hooks/need.cocci" <<'EOF'
// mm: a hook that another one needs
//
// In: mm
// Place: zap 1
// Adds: shpte_need
// Seen: 9.9

@@
@@
 shpte_zap();
+shpte_need();
EOF
echo need >>"$SHPTE_DATA/cocci/hooks/series"
status 1 "a hook that another one needs" mutate $CELL zap need
like "can't be left out" "$OUT" "^not tried  zap  derive failed: see above$"
like "for the reason that derive gives" "$ERR" "rule hooks/need: mm/memory.c: matches nothing in zap"
is "and is not counted as noticed" "$(last)" "0 of 2 hooks are noticed; survived: need; not tried: zap"
sed -i '$d' "$SHPTE_DATA/cocci/hooks/series"
kernel other
printf 'int gone(void)\n{\n\treturn it_is_gone;\n}\nint shpte_gone(void);\n' >"$TMP/other/mm/memory.c"
cat >"$SHPTE_DATA/cocci/hooks/gone.cocci" <<'EOF'
// mm: a hook without which nothing compiles
//
// In: mm
// Place: gone 1
// Adds: shpte_gone
// Seen: 9.9

@@
@@
-return it_is_gone;
+return shpte_gone();
EOF
echo gone >"$SHPTE_DATA/cocci/hooks/series"
guest "$(printf '%s\n' "$GUEST" | sed 's/^has() .*/has() { :; }/')"
status 1 "a hook without which nothing compiles" mutate other/i386-pae
like "can't be left out" "$OUT" "^not tried  gone  build failed: mm/memory.c:3:.* error: .it_is_gone. undeclared"
is "and is not counted as noticed" "$(last)" "0 of 1 hook is noticed; not tried: gone"
status 1 "again" mutate other/i386-pae
like "it is up to date" "$OUT" "^not tried  gone  build failed: .* \(up to date\)"
# --- the pages
ln -s "$REPO/reports" "$SHPTE_DATA/reports"
ok "report" "$SHPTE" report --output "$TMP/site"
PAGE=$(cat "$TMP/site/mutate/good-i386-pae.html")
like "a row a hook" "$PAGE" 'munmap.partial.*3 is not 4'
like "those that survived" "$PAGE" 'survived'
like "linked from the cell's page" "$(cat "$TMP/site/cell/good-i386-pae-shpte.html")" 'href="../mutate/good-i386-pae.html"'
like "and from the front" "$(cat "$TMP/site/index.html")" 'href="mutate/good-i386-pae.html"'
ok "and in results.json" perl -MJSON::PP -e 'my $j = decode_json(do { local (@ARGV, $/) = shift; <> });
	die unless grep { $_->{misc}{mutants} && grep { $_->{hook} eq "zap" } @{$_->{misc}{mutants}} } @{$j->{tests}}' "$TMP/site/results.json"
# --- a hook that this kernel has no place for
printf 'zap\nwalk\n' >"$SHPTE_DATA/cocci/hooks/series"
sed -i 's,^// Seen,// Config: NUMA_BALANCING\n&,' "$SHPTE_DATA/cocci/hooks/walk.cocci"
ok "report, a hook with an option" "$SHPTE" report --output "$TMP/site"
PAGE=$(cat "$TMP/site/mutate/good-i386-pae.html")
like "says which one is missing" "$PAGE" 'this kernel has no CONFIG_NUMA_BALANCING'
like "and does not count on it" "$PAGE" 'without a place in this kernel: walk'

# --- a machine that a suite tests
mkdir -p "$BM/suites/drawn"
printf '[suite]\n\tkind = guest\n\ttests = munmap,exit\n\tminutes = 1\n\tverdict = munmap*: the screen is blank\n' >"$BM/suites/drawn/suite.conf"
printf '[arch]\n\ttitle = drawn\n\tlike = i386-pae\n\tsuite = drawn\n' >"$BM/arch/i386-pae-drawn.conf"
guest 'case $KERNEL in *"	shpte_zap()"*) tests "1..1\nok 1 munmap\n" ;; *) tests "1..1\nnot ok 1 munmap # 3 is not 4\n" ;; esac'
ok "its suite is asked who notices" "$SHPTE" mutate good/i386-pae-drawn zap
is "and what it calls that is told" "$OUT" "killed  zap  by munmap: 3 is not 4 (the screen is blank)
1 of 1 hook is noticed"
like "it ran in the mutant" "$(cat "$TMP/args")" "tests=munmap,exit"
ok "they are up to date then" "$SHPTE" mutate good/i386-pae-drawn zap
like "too" "$OUT" "^killed  zap .* \(up to date\)"

# --- a flaw of the payload: nothing is left out, and something is wrong
mkdir "$SHPTE_DATA/cocci/flaws"
printf 'lazy\nblind\n' >"$SHPTE_DATA/cocci/flaws/series"
cat >"$SHPTE_DATA/cocci/flaws/lazy.cocci" <<'EOF'
// mm/shpte: FLAW: nothing is flushed
//
// Killed by: munmap
// Files: mm/shpte/core.c

@@
@@
-int shpte = 2;
+int shpte_lazy = 2;
EOF
sed 's/= 2/= 3/' "$SHPTE_DATA/cocci/flaws/lazy.cocci" >"$SHPTE_DATA/cocci/flaws/blind.cocci"
guest "$(printf '%s\n' "$GUEST" | sed 's/^has() .*/has() { case $KERNEL in *shpte_lazy*) return 1 ;; *) : ;; esac; }/')"
status 1 "hooks and flaws, one of which no longer fits the payload" mutate $CELL lazy blind
like "a flaw is noticed" "$OUT" "^killed  lazy  by munmap.partial: 3 is not 4"
like "one that matches nothing is told" "$OUT" "^not tried  blind  derive failed"
like "the hooks are all in" "$(git --git-dir "$STORE" log --format=%s shpte-mutant/9.9.0-good/lazy ^base/9.9.0-good | head -n 1)" "mm: hook"
ok "a flaw's branch is no longer that of before when the flaw is changed" sh -c "
	sed -i 's/shpte_lazy = 2/shpte_lazy = 4/' '$SHPTE_DATA/cocci/flaws/lazy.cocci' && '$SHPTE' derive good --without flaws/lazy"
like "it is derived anew" "$(git --git-dir "$STORE" show shpte-mutant/9.9.0-good/lazy:mm/shpte/core.c)" "shpte_lazy = 4"
is "the shipped branch has none" "$(git --git-dir "$STORE" show shpte/9.9.0-good:mm/shpte/core.c | grep -c lazy)" 0
done_testing
