#!/bin/sh
# shpte matrix: which cells, what is recorded, what is done again, what stops it.  QEMU and the kernels are fakes, see
# fixtures/fake-machine.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fixtures/fake-machine.sh"
PASS='tests "1..2\nok 1 munmap\n# figure kb 3\nok 2 exit\n"'
kernel good
rm -f "$SHPTE_DATA"/kernels/[0-9]*.conf
# latest CELL FIELD...: what the cell's last result.json has there, a line each; FIELD as in verdict or tests.0.name
latest() {
	_cell=$1
	shift
	perl -MJSON::PP -e 'local $/; my $json = decode_json(<STDIN>);
		for (@ARGV) {
			my $v = $json;
			$v = ref $v eq "ARRAY" ? $v->[$_] : $v->{$_} for split /[.]/;
			print ref $v eq "ARRAY" ? scalar @$v : defined $v ? $v : "none", "\n";
		}' "$@" <"$RESULTS/$_cell/latest/result.json"
}
# The marks that each folder of results is whole: none without result.json.
unfinished() { for d in "$RESULTS"/good/i386-pae/*/2*; do [ -f "$d/result.json" ] || echo "$d"; done; }

# --- bad input
status 2 "a pattern that matches nothing" "$SHPTE" matrix 'x*'
like "says so" "$ERR" "no cell matches 'x\*'"
status 2 "an unknown architecture" "$SHPTE" matrix good/pdp11/base
like "names the known ones" "$ERR" "known are: .*i386-pae"
status 2 "an unknown option" "$SHPTE" matrix --fast
status 2 "no jobs" "$SHPTE" matrix --jobs 0
status 2 "a folder of kernels that is not there" "$SHPTE" matrix --kernels "$TMP/none"

# --- all is well
guest "$PASS"
ok "base and derived" "$SHPTE" matrix 'good/*'
is "a line a cell, and the verdict" "$OUT" "good/i386-pae/base: pass: 2 of 2 guest tests passed
good/i386-pae/shpte: pass: 2 of 2 guest tests passed
2 cells: pass"
like "with progress" "$ERR" '\[2/2\] good/i386-pae/shpte: boot and test'
is "the derived kernel is what was booted" "$(grep -c shpte "$XDG_CACHE_HOME"/shpte/trees/*/shpte/build-i386-pae/arch/x86/boot/bzImage)" 1
is "verdict" "$(latest good/i386-pae/shpte verdict)" pass
is "cell" "$(latest good/i386-pae/shpte cell kernel arch variant version | xargs)" \
	"good/i386-pae/shpte good i386-pae shpte 9.9.0-good"
is "tests" "$(latest good/i386-pae/shpte tests tests.0.name tests.0.status tests.1.name | xargs)" "2 munmap pass exit"
is "figures" "$(latest good/i386-pae/shpte figures.kb)" 3
like "rules" "$(latest good/i386-pae/shpte rules.0.commit)" '^[0-9a-f]{40}$'
is "the base has none" "$(latest good/i386-pae/base rules)" none
is "machine" "$(latest good/i386-pae/base mem smp qemu | xargs)" "3221225472 4 fake QEMU 1.0"
like "compiler" "$(latest good/i386-pae/base compiler)" "gcc"
like "commit and time" "$(latest good/i386-pae/base commit started | xargs)" '^[0-9a-f]{40} 20..-..-..T..:..:..Z$'
like "ccache" "$(latest good/i386-pae/shpte ccache.hits ccache.misses | xargs)" '^([1-9] 0|0 [1-9])$'
is "how to see it again" "$(latest good/i386-pae/shpte reproduce)" "build/shpte boot good/i386-pae/shpte"
for f in console.log ktap.log build.log config; do
	ok "$f" test -s "$RESULTS/good/i386-pae/shpte/latest/$f"
done
is "the KTAP alone" "$(sed -n 2p "$RESULTS/good/i386-pae/base/latest/ktap.log")" "1..2"

# --- nothing changed
BEFORE=$(date +%s)
ok "again" "$SHPTE" matrix 'good/*'
is "says so, and what they are" "$OUT" "good/i386-pae/base: pass: 2 of 2 guest tests passed (up to date)
good/i386-pae/shpte: pass: 2 of 2 guest tests passed (up to date)
nothing changed: 2 cells are up to date
2 cells: pass"
is "within 5 s" "$(($(date +%s) - BEFORE < 5))" 1
is "nothing was booted" "$(runs)" 2
ok "--again does it all the same" "$SHPTE" matrix --again good/i386-pae/base
is "it was booted" "$(runs)" 3
is "the history stays" "$(ls -d "$RESULTS"/good/i386-pae/base/2* | wc -l)" 2

# --- what changed is done again, and only that
echo '# a remark' >>"$BM/failures.conf"
ok "another failures.conf" "$SHPTE" matrix good/i386-pae/base
is "is a new boot" "$(runs)" 4
is "but no new build" "$(wc -l <"$TMP/made")" 2
echo '/* a remark */' >>"$BM/guest/munmap.c"
ok "another guest test" "$SHPTE" matrix good/i386-pae/base
is "is a new boot" "$(runs)" 5
echo 'int shpte = 2;' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
ok "another rule" "$SHPTE" matrix 'good/*'
is "is a new build of the derived kernel alone" "$(wc -l <"$TMP/made")" 3
like "the base is up to date" "$OUT" "^good/i386-pae/base: pass: .* \(up to date\)"
sed -i 's/^\tsmp = 4/\tsmp = 2/' "$BM/arch/i386-pae.conf"
ok "another machine" "$SHPTE" matrix good/i386-pae/base
is "is a new boot" "$(latest good/i386-pae/base smp)" 2

# --- other machines
ok "--cpus" "$SHPTE" matrix --cpus 1 'good/*'
is "are other cells" "$OUT" "good/i386-pae,cpus=1/base: pass: 2 of 2 guest tests passed
good/i386-pae,cpus=1/shpte: pass: 2 of 2 guest tests passed
2 cells: pass"
is "of the same kernels" "$(wc -l <"$TMP/made")" 3
is "with what QEMU was told" "$(latest good/i386-pae,cpus=1/base cell arch smp mem reproduce | xargs)" \
	"good/i386-pae,cpus=1/base i386-pae,cpus=1 1 3221225472 build/shpte boot good/i386-pae,cpus=1/base"
ok "QEMU" grep -q '^1,sockets=1' "$TMP/args"
ok "again" "$SHPTE" matrix --cpus 1 'good/*'
like "is up to date" "$OUT" "nothing changed"
ok "the cells of the machine as described" "$SHPTE" matrix 'good/*'
like "are what they were" "$OUT" "^good/i386-pae/base: pass: .* \(up to date\)"
ok "what the description says anyhow" "$SHPTE" matrix --cpus 2 --mem 3G good/i386-pae/base
like "is no other machine" "$OUT" "^nothing changed: 1 cell is up to date"
ok "a machine's full name" "$SHPTE" matrix good/i386-pae,mem=1G,cpus=4/base
is "in one form" "$(latest good/i386-pae,cpus=4,mem=1024M/base mem smp | xargs)" "1073741824 4"
for bad in cpus=0 cpus=x cpus= mem=3 mem= fast cpus=256; do
	status 2 "no such machine: $bad" "$SHPTE" matrix good/i386-pae,$bad/base
	like "says so" "$ERR" "i386-pae,$bad: after an architecture comes"
done
status 2 "no CPUs" "$SHPTE" matrix --cpus 0 'good/*'
status 2 "no memory" "$SHPTE" matrix --mem 1M 'good/*'

printf '[arch]\n\ttitle = for suites\n\tlike = i386-pae\n\tnamed = true\n' >"$BM/arch/i386-pae-suites.conf"
touch "$BM/arch/i386-pae-suites.config"
ok "a machine that is for suites" "$SHPTE" matrix 'good/*'
is "is left out" "$(echo "$OUT" | grep -c suites)" 0
ok "but where it is named" "$SHPTE" matrix 'good/i386-pae-suites/*'
is "it is not" "$(echo "$OUT" | grep -c '^good/i386-pae-suites/.*: pass')" 2
rm -r "$BM/arch/i386-pae-suites".*

# --- failures
guest 'case $KERNEL in *shpte*) tests "1..2\nnot ok 1 munmap # 3 is not 4\nnot ok 2 exit\n" ;; *) tests "1..2\nok 1 munmap\nnot ok 2 exit\n" ;; esac'
status 1 "tests fail" "$SHPTE" matrix --again 'good/*'
like "which, and which of them on the base too" "$OUT" \
	"shpte: test failed: 2 of 2 guest tests failed: munmap \(3 is not 4\), exit; regression: munmap; base too: exit$"
like "the last line names the derived kernel" "$OUT" "^2 cells: 1 did not pass: good/i386-pae/shpte: test failed$"
is "recorded" "$(latest good/i386-pae/shpte verdict tests.0.detail | xargs)" "test failed 3 is not 4"
status 1 "a failure is a fact: nothing to do again" "$SHPTE" matrix 'good/*'
like "says so" "$OUT" "nothing changed"
status 1 "a base that fails is one, alone" "$SHPTE" matrix good/i386-pae/base
guest 'tests "1..2\nok 1 munmap\nnot ok 2 exit\n"'
ok "what the base fails too is no regression" "$SHPTE" matrix --again 'good/*'
like "and is said" "$OUT" "^2 cells: no regression: 0 pass, 2 fail as the base does, 0 could not be tried$"
guest 'case $KERNEL in *shpte*) boot; echo "ok 1 munmap"; k "BUG: Bad rss-counter state mm:(ptrval)"; echo "# shpte-guest: end"; ends ;; *) '"$PASS"' ;; esac'
status 1 "the kernel complains" "$SHPTE" matrix --again 'good/*'
is "recorded" "$(latest good/i386-pae/shpte verdict kind complaints complaints.0 | xargs)" \
	"kernel complained: accounting kernel complained 1 BUG: Bad rss-counter state mm:(ptrval)"
guest 'boot; kill -9 $$'
status 1 "QEMU dies" "$SHPTE" matrix --again good/i386-pae/base
is "recorded" "$(latest good/i386-pae/base verdict)" "emulator failed"
guest "$PASS"
ok "that is tried again" "$SHPTE" matrix good/i386-pae/base

# --- a branch that can't be derived is the derived cell's verdict, not the base's
mv "$SHPTE_DATA/cocci/payload/payload.conf" "$TMP"
echo '# a remark' >>"$BM/failures.conf"
status 1 "no branch" "$SHPTE" matrix 'good/*'
like "the base is tested" "$OUT" "^good/i386-pae/base: pass"
like "the derived kernel is not" "$OUT" "^good/i386-pae/shpte: derive failed"
is "recorded" "$(latest good/i386-pae/shpte verdict)" "derive failed"
mv "$TMP/payload.conf" "$SHPTE_DATA/cocci/payload"
ok "it is tried again" "$SHPTE" matrix 'good/*'

# --- a source that can't be fetched
kernel gone
rm -rf "$TMP/gone"
status 1 "no source" "$SHPTE" matrix 'g*/i386-pae/base'
like "the others are tested" "$OUT" "^good/i386-pae/base: pass"
like "this one is not" "$OUT" "^gone/i386-pae/base: fetch failed"
rm "$SHPTE_DATA/kernels/gone.conf"

# --- a kernel that is defined elsewhere
mkdir "$TMP/lines"
kernel other
mv "$SHPTE_DATA/kernels/other.conf" "$TMP/lines"
ok "--kernels" "$SHPTE" matrix --kernels "$TMP/lines" other/i386-pae/base
is "is in the command that shows it again" "$(latest other/i386-pae/base reproduce)" \
	"build/shpte boot --kernels '$TMP/lines' other/i386-pae/base"

# --- a kernel that doesn't compile
kernel broken
echo 'int memory = ;' >"$TMP/broken/mm/memory.c"
status 1 "a kernel that doesn't compile" "$SHPTE" matrix broken/i386-pae/base
like "recorded" "$(latest broken/i386-pae/base verdict detail | xargs -0)" '^mm/memory.c:1:14: error'
ok "with the log" grep -q error "$RESULTS/broken/i386-pae/base/latest/build.log"

# --- stopped at any point, the next one goes on
guest 'boot; sleep 60'
for signal in INT KILL; do
	rm -f "$TMP/pid"
	echo '# a remark' >>"$BM/failures.conf"
	# Not in the background of this shell, where SIGINT would be ignored.
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' \
		"$SHPTE" matrix good/i386-pae/base >"$TMP/out" 2>"$TMP/stopped" &
	for i in $(seq 100); do [ -s "$TMP/pid" ] && break; sleep 0.1; done
	sleep 0.2
	kill -$signal $!
	wait $! 2>/dev/null
	sleep 0.3
	ok "SIG$signal: QEMU is gone" gone "$(cat "$TMP/pid")"
done
is "SIGKILL leaves an unfinished result" "$(unfinished | wc -l)" 1
is "the last result is still there" "$(latest good/i386-pae/base verdict)" pass
guest "$PASS"
ok "the next run goes on" "$SHPTE" matrix good/i386-pae/base
is "no unfinished result is left" "$(unfinished)" ""

# --- a port that is built and booted, too, and a version that is in the store
mkdir "$SHPTE_DATA/cocci/audit" "$SHPTE_DATA/cocci/churn"
: >"$SHPTE_DATA/cocci/audit/reviewed.conf"
cp "$REPO"/cocci/audit/*.cocci "$SHPTE_DATA/cocci/audit"
printf '[audit]\n\tin = mm\n' >"$SHPTE_DATA/cocci/audit/audit.conf"
echo 'static int shpte __attribute__((unused));' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
kernel newer
sed -i 's/^SUBLEVEL = .*/SUBLEVEL = 1/' "$TMP/newer/Makefile"
ok "the new kernel of a rebase" "$SHPTE" rebase --matrix 'i386-*' --mail "$TMP/mail" good newer
like "is in its report" "$OUT" "^Built, booted and tested, no worse than the base:$"
like "each cell" "$OUT" "^  newer/i386-pae/shpte: pass: 2 of 2 guest tests passed"
like "and what sparse says of it" "$OUT" "^  newer/i386-pae/shpte: 1 files, 0 warnings, 0 of them not in the base"
like "and in the mail" "$(cat "$TMP/mail")" "^  newer/i386-pae/base: pass: 2 of 2 guest tests passed"
ok "as JSON" "$SHPTE" rebase --json --matrix 'i386-*' good newer
printf "%s\n" "$OUT" >"$TMP/port.json"
is "it says so, too" "$(perl -MJSON::PP -e 'my $p = decode_json(do { local (@ARGV, $/) = shift; <> }); print "$p->{cells_good} $p->{cells}[1]{cell} $p->{cells}[1]{verdict}"' "$TMP/port.json")" \
	"1 newer/i386-pae/shpte pass"
is "and what sparse says" "$(perl -MJSON::PP -e 'my $p = decode_json(do { local (@ARGV, $/) = shift; <> }); print "$p->{sparse_clean} ", $p->{sparse}[0]{summary} =~ s/ .*//r, " ", scalar @{$p->{sparse}[0]{new}}' "$TMP/port.json")" \
	"1 newer/i386-pae/shpte: 0"
guest 'case $KERNEL in *shpte*) boot; echo "ok 1 munmap"; k "BUG: Bad page state"; echo "# shpte-guest: end"; ends ;; *) '"$PASS"' ;; esac'
echo '# a remark' >>"$BM/failures.conf"
status 1 "one that is worse than its base" "$SHPTE" rebase --matrix 'i386-*' good newer
like "is told" "$OUT" "NOT all is well:$"
status 2 "machines that there are not" "$SHPTE" rebase --matrix 'pdp*' good newer
like "are told" "$ERR" "no cell matches 'newer/pdp\*'"
guest "$PASS"
echo 'int shpte;' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
status 1 "one that sparse warns of" "$SHPTE" rebase --matrix 'i386-*' good newer
like "is told, too" "$OUT" "^    new: .*core.c:1:5: warning: symbol 'shpte' was not declared"
echo 'static int shpte __attribute__((unused));' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
ok "a tree that is no line" "$SHPTE" rebase --matrix '*' good --source "dir:$TMP/newer"
like "is built by its version" "$OUT" "^  9.9.1-newer/i386-pae/shpte: pass"
rm "$SHPTE_DATA/kernels/newer.conf"

# --- cells at once
mv "$SHPTE_DATA/kernels" "$TMP/kernels"
mkdir "$SHPTE_DATA/kernels"
for k in red green blue; do kernel $k; done
# What was at work when: "begin red shpte", "end red shpte"
cat >"$TMP/guest" <<'EOF'
case $KERNEL in *shpte*) v=shpte ;; *) v=base ;; esac
k=$(echo "$KERNEL" | sed -n 's/.*name_\([a-z]*\).*/\1/p')
echo "$$" >>"$FAKE/pids"
echo "begin $k $v" >>"$FAKE/times"
sleep 1
[ ! -e "$FAKE/hang" ] || sleep 60
echo "end $k $v" >>"$FAKE/times"
tests "1..2\nok 1 munmap\n# figure kb 3\nok 2 exit\n"
EOF
for k in red green blue; do
	echo "int name_$k;" >>"$TMP/$k/mm/memory.c"
	# What make is told, and a part of it that is a make itself.
	sed -i "s|^bzImage:|bzImage: sub\nsub:\n\t@echo \"\$\$MAKEFLAGS\" >>$TMP/flags\n\t+@\$(MAKE) -s -f scripts/sub\nbzImage:|" "$TMP/$k/Makefile"
	printf 'all: a b\na b:\n\t@:\n' >"$TMP/$k/scripts/sub"
done
guests_of() { "$SHPTE" matrix --cpus 1 "$@"; }
sum() { grep -c "^begin" "$TMP/times"; }
# The most that were booted at one time.
most() { awk '/^begin/ { if (++n > max) max = n } /^end/ { n-- } END { print max }' "$TMP/times"; }
ok "--jobs 3" guests_of --jobs 3 '*'
is "all cells are run" "$(printf '%s\n' "$OUT" | tail -1)" "6 cells: pass"
is "each of them is told once" "$(printf '%s\n' "$OUT" | grep -c ': pass: 2 of 2 guest tests passed$')" 6
is "... and booted once" "$(sum)" 6
CPUS=$(nproc)
is "as many at once as there are CPUs" "$(most)" "$([ "$CPUS" -lt 3 ] && echo "$CPUS" || echo 3)"
late=0
for k in red green blue; do
	[ "$(grep -n "^end $k base" "$TMP/times" | cut -d: -f1)" -lt "$(grep -n "^begin $k shpte" "$TMP/times" | cut -d: -f1)" ] || late=1
done
is "a derived kernel comes after its base" $late 0
like "make has a job server" "$(cat "$TMP/flags")" '--jobserver-auth=[0-9]+,[0-9]+'
is "... which works" "$(cat "$XDG_CACHE_HOME"/shpte/results/*/*/*/latest/build.log | grep -c 'warning:.*job')" 0
like "with progress, each line whole" "$ERR" '^shpte: \[6/6\] [a-z]*/i386-pae,cpus=1/shpte: boot and test'
is "... nothing that is for a terminal" "$(printf '%s' "$ERR" | grep -c "$(printf '\r\|\001')")" 0
is "... and nobody says that it waits for another" "$(printf '%s' "$ERR" | grep -c waiting)" 0
ok "again" guests_of '*'
like "nothing is done" "$OUT" '^nothing changed: 6 cells are up to date'
echo '# a remark' >>"$BM/failures.conf"
: >"$TMP/times"
ok "--jobs 1" guests_of --jobs 1 '*'
is "is one after the other" "$(most) $(sum)" "1 6"
# many N: in a process that may have 256 descriptors; what hangs is killed
many() { timeout -s KILL 100 sh -c 'ulimit -n 256; exec "$@"' - "$SHPTE" matrix --again --cpus 1 --jobs "$1" '*/base'; }
ok "more jobs than descriptors" many 1000
is "are as many as there are cells" "$(printf '%s\n' "$OUT" | tail -1)" "3 cells: pass"
ok "more jobs than memory" many 4611686018427387904
is "too" "$(printf '%s\n' "$OUT" | tail -1)" "3 cells: pass"

# --- a failure of one is not that of another
kernel bad
echo 'int memory = ;' >"$TMP/bad/mm/memory.c"
echo '# a remark' >>"$BM/failures.conf"
status 1 "one of them doesn't compile" guests_of --jobs 3 '*/base'
is "the others pass" "$(printf '%s\n' "$OUT" | grep -c ': pass: ')" 3
like "it says why" "$OUT" '^bad/i386-pae,cpus=1/base: build failed: mm/memory.c'
like "the last line says so" "$OUT" '^4 cells: 1 did not pass: bad/i386-pae,cpus=1/base: build failed$'
rm "$SHPTE_DATA/kernels/bad.conf"

# --- stopped: all of them are
for signal in INT TERM KILL; do
	rm -f "$TMP/pids"
	touch "$TMP/hang"
	echo '# a remark' >>"$BM/failures.conf"
	perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SHPTE" matrix --cpus 1 --jobs 2 '*/base' >"$TMP/out" 2>"$TMP/stopped" &
	for i in $(seq 100); do [ "$(cat "$TMP/pids" 2>/dev/null | wc -l)" -ge "$([ "$CPUS" -lt 2 ] && echo 1 || echo 2)" ] && break; sleep 0.1; done
	kill -$signal $!
	wait $! 2>/dev/null
	sleep 0.3
	for pid in $(cat "$TMP/pids"); do ok "SIG$signal: a QEMU is gone" gone "$pid"; done
	[ $signal = KILL ] || like "SIG$signal: it says so" "$(cat "$TMP/stopped")" "stopped; the next 'shpte matrix' goes on from here"
done
rm "$TMP/hang"
ok "the next run goes on" guests_of --jobs 2 '*/base'
is "and all are run" "$(printf '%s\n' "$OUT" | tail -1)" "3 cells: pass"
is "no unfinished result is left" "$(find "$RESULTS" -path '*/base/2*' -prune ! -exec test -e '{}/result.json' \; -print)" ""
rm -r "$SHPTE_DATA/kernels"
mv "$TMP/kernels" "$SHPTE_DATA/kernels"

# --- two at once: one does it, the other waits and has it too
guest "sleep 1; $PASS"
echo '# a remark' >>"$BM/failures.conf"
BEFORE=$(runs)
"$SHPTE" matrix good/i386-pae/base >"$TMP/one" 2>/dev/null &
"$SHPTE" matrix good/i386-pae/base >"$TMP/two" 2>/dev/null
wait $!
is "both have the verdict" "$(cat "$TMP/one" "$TMP/two" | grep -c '^1 cell: pass')" 2
is "one booted" "$(($(runs) - BEFORE))" 1

done_testing
