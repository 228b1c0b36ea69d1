#!/bin/sh
# shpte suite: what it is told, what it takes into the guest, what is recorded, what a regression is.  QEMU, the kernels and the
# makers of a Debian root are fakes, see fixtures/fake-machine.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fixtures/fake-machine.sh"
CELL=good/i386-pae
kernel good
rm -f "$SHPTE_DATA"/kernels/[0-9]*.conf

# suite NAME LINE...: makes one
suite() {
	mkdir -p "$BM/suites/$1"
	_name=$1
	shift
	printf '[suite]\n' >"$BM/suites/$_name/suite.conf"
	printf '\t%s\n' "$@" >>"$BM/suites/$_name/suite.conf"
}

# --- the makers of a Debian root: what they are told is in $TMP/made-root
mkdir "$TMP/bin"
cat >"$TMP/bin/mmdebstrap" <<'EOF'
#!/bin/sh
[ ! -e "$FAKE/no-mirror" ] || { echo "I: working"; echo "E: $(cat "$FAKE/no-mirror")"; exit 25; }
printf '%s\n' "$@" >>"$FAKE/made-root"
for tar; do sources=$last last=$tar; done
cat "$tar" >"$FAKE/sources"
echo root >"$sources"
EOF
cat >"$TMP/bin/sqfstar" <<'EOF'
#!/bin/sh
for to; do :; done
cat >"$to"
EOF
chmod +x "$TMP/bin/mmdebstrap" "$TMP/bin/sqfstar"
PATH=$TMP/bin:$PATH

suite work 'title = Work' 'kind = userland' 'package = hello' 'package = world' 'minutes = 2' 'cpus = 3' 'mem = 512M' \
	'disk = 64M' 'swap = 32M'
echo 'echo 1..1' >"$BM/suites/work/run"
echo 'echo "$ARCH $CC" >"$OUT/program"; test -f "$SRC/mm/memory.c"' >"$BM/suites/work/build"
suite ours 'kind = guest' 'tests = munmap,exit' 'minutes = 3'
PASS='tests "KTAP version 1\n1..1\n  # figure speed 7 1/s\n  ok 1 a\n  ok 2 b\nok 1 work\n"'

# --- bad input
status 2 "no cell" "$SHPTE" suite
status 2 "no suite" "$SHPTE" suite $CELL
status 2 "an unknown suite" "$SHPTE" suite $CELL play
like "names the known ones" "$ERR" "unknown suite 'play'; known are: ours, work \(a new one is a folder"
status 2 "a suite that is a path" "$SHPTE" suite $CELL ../arch
status 2 "an unknown kernel" "$SHPTE" suite none/i386-pae work
status 2 "an unknown architecture" "$SHPTE" suite good/pdp11 work
status 2 "half a cell" "$SHPTE" suite good work
status 2 "an unknown variant" "$SHPTE" suite $CELL/bass work
status 2 "a pattern" "$SHPTE" suite 'good/*' work
like "says what a cell is" "$ERR" "a suite runs in one cell, KERNEL/ARCH or KERNEL/ARCH/VARIANT"
status 2 "no minutes" "$SHPTE" suite --minutes 0 $CELL work
status 2 "no number" "$SHPTE" suite --minutes long $CELL work
status 2 "no CPUs" "$SHPTE" suite --cpus 0 $CELL work
status 2 "a seed below 1" "$SHPTE" suite --seed 0 $CELL work
suite bad 'kind = other'
status 1 "a kind that is none" "$SHPTE" suite $CELL bad
like "is told with its file" "$ERR" "bad/suite.conf: suite.kind must be userland or guest"
suite bad 'kind = userland'
status 1 "a userland without a script" "$SHPTE" suite $CELL bad
like "is told" "$ERR" "kind userland needs a script; there is no .*/bad/run"
suite bad 'kind = guest'
status 1 "guest tests that are not named" "$SHPTE" suite $CELL bad
suite bad 'kind = guest' 'tests = a' 'mem = much'
status 1 "no size" "$SHPTE" suite $CELL bad
like "is told" "$ERR" "suite.mem is no size such as 512M or 3G"
suite bad 'kind = guest' 'tests = a' 'colour = red'
status 1 "an unknown key" "$SHPTE" suite $CELL bad
suite bad 'kind = guest' 'tests = a' 'bound = a at best 2'
status 1 "a bound that is none" "$SHPTE" suite $CELL bad
like "is told" "$ERR" "bad/suite.conf: 'a at best 2': a bound is FIGURE at least TIMES, or FIGURE at most TIMES"
suite bad 'kind = guest' 'tests = a' 'plot = a: b'
status 1 "a plot of nothing against nothing" "$SHPTE" suite $CELL bad
like "is told" "$ERR" "bad/suite.conf: 'a: b': a plot is SERIES: TITLE against X"
rm -r "$BM/suites/bad"

# --- no Debian root, no verdict
guest "$PASS"
echo "the mirror is gone" >"$TMP/no-mirror"
status 1 "no mirror" "$SHPTE" suite $CELL/base work
like "what mmdebstrap says is told, and where all of it is" "$ERR" "mmdebstrap: the mirror is gone; see /.*\.log$"
echo "arm64 can neither be executed natively nor via qemu user emulation with binfmt_misc" >"$TMP/no-mirror"
status 1 "nothing runs the architecture's programs" "$SHPTE" suite $CELL/base work
like "what would is told" "$ERR" "binfmt_misc; apt install qemu-user-static, and mount binfmt_misc at .*; see /.*\.log$"
status 1 "nothing is recorded" test -e "$RESULTS/$CELL/base+work/latest"
rm "$TMP/no-mirror"

# --- both kernels
guest "$PASS; cat /dev/fd/5 >/dev/null"
ok "a suite on both" "$SHPTE" suite $CELL work
is "a line a kernel, and the verdict" "$OUT" "$CELL/base+work: pass: 2 of 2 guest tests passed
$CELL/shpte+work: pass: 2 of 2 guest tests passed
work on $CELL: pass"
is "one root for both, with its packages" "$(grep -c include "$TMP/made-root") $(grep include "$TMP/made-root" | xargs)" \
	"2 --include=hello --include=world"
is "for the architecture" "$(grep architectures "$TMP/made-root")" "--architectures=i386"
like "from this machine's mirror" "$(cat "$TMP/sources")" '^Suites: bookworm$'
is "it is in the cache" "$(cat "$XDG_CACHE_HOME"/shpte/userlands/*.squashfs)" root
is "nothing half-made is left" "$(ls "$XDG_CACHE_HOME"/shpte/userlands | grep -c 'tar\|tmp\|sources')" 0
is "verdict" "$(json $CELL/shpte+work verdict)" pass
is "the suite is named" "$(json $CELL/shpte+work suite) $(json $CELL/shpte+work variant)" "work shpte+work"
is "tests" "$(json $CELL/shpte+work tests.0.name) $(json $CELL/shpte+work tests.1.name)" "work.a work.b"
is "figures" "$(json $CELL/shpte+work figures.speed)" 7
is "machine" "$(json $CELL/shpte+work smp) $(json $CELL/shpte+work mem)" "3 536870912"
is "how to see it again" "$(json $CELL/base+work reproduce)" "build/shpte suite --again $CELL/base work"
status 1 "the cell has no result of its own" test -e "$RESULTS/$CELL/base"
is "QEMU has its memory and CPUs" "$(grep -cx 512 "$TMP/args") $(grep -c '^3,sockets=3' "$TMP/args")" "1 1"
is "three disks, whose writes are lost" "$(grep -c '^file=.*snapshot=on' "$TMP/args")" 3
like "the guest is told" "$(cat "$TMP/args")" 'suite=work minutes=2 test_seconds=[0-9]+$'
guest "cat /dev/fd/5 >$TMP/initrd; $PASS"
ok "again" "$SHPTE" suite --again --minutes 9 --cpus 1 --seed 42 $CELL/base work
LIST=$(cpio -it <"$TMP/initrd" 2>/dev/null)
like "the script is in the guest" "$LIST" '^suite/run$'
like "and what its build made" "$LIST" '^suite/program$'
is "of the base's tree, for the machine" "$(cat "$XDG_CACHE_HOME"/shpte/builds/suites/work-*/program)" "i386 i686-linux-gnu-gcc"
like "--minutes and --seed" "$(cat "$TMP/args")" 'minutes=9 test_seconds=[0-9]+ seed=42$'
is "--cpus" "$(json $CELL/base+work smp)" 1
is "how to see that again" "$(json $CELL/base+work reproduce)" \
	"build/shpte suite --again --minutes 9 --cpus 1 --seed 42 $CELL/base work"

# --- two at once, and no swap area yet: one makes it, and it is whole
SWAP=$XDG_CACHE_HOME/shpte/builds/guest/swap-32M.img
rm "$SWAP"
printf '#!/bin/sh\necho made >>"$FAKE/swaps"\nsleep 1\nPATH=${PATH#*:} exec mkswap "$@"\n' >"$TMP/bin/mkswap"
chmod +x "$TMP/bin/mkswap"
"$SHPTE" suite --again $CELL/base work >"$TMP/one" 2>&1 &
ok "one of two at once" "$SHPTE" suite --again $CELL/shpte work
wait $!
is "the other" $? 0
is "the swap area was made once" "$(wc -l <"$TMP/swaps")" 1
is "... and is none of zeros alone" "$(dd if="$SWAP" bs=1 skip=4086 count=10 2>/dev/null)" SWAPSPACE2

# --- nothing changed
ok "again with other options is another question" "$SHPTE" suite $CELL work
BEFORE=$(runs)
ok "the same again" "$SHPTE" suite $CELL work
is "is up to date" "$(printf '%s\n' "$OUT" | grep -c '(up to date)')" 2
is "nothing was booted" "$(runs)" "$BEFORE"
echo '# a remark' >>"$BM/suites/work/run"
ok "another script" "$SHPTE" suite $CELL/base work
is "is another boot" "$(runs)" $((BEFORE + 1))
is "but no other root" "$(grep -c include "$TMP/made-root")" 2

# --- guest tests as a suite
guest 'tests "1..1\nok 1 munmap\n"'
ok "a suite of guest tests" "$SHPTE" suite $CELL/base ours
like "they are named on the command line" "$(cat "$TMP/args")" 'tests=munmap,exit minutes=3 test_seconds=180$'
status 1 "with no disk" grep -q '^file=' "$TMP/args"

# --- a suite with guest tests of its own, on a machine of its own
suite mine 'kind = guest' 'tests = own' 'qemu = -icount shift=0,sleep=off' 'append = userpte=nohigh'
printf '#include "ours.h"\nint main(void) { return OURS; }\n' >"$BM/suites/mine/own.c"
echo '#define OURS 0' >"$BM/guest/ours.h"
guest "cat /dev/fd/5 >$TMP/initrd; tests '1..1\nok 1 own\n'"
ok "a suite with its own guest test" "$SHPTE" suite $CELL/base mine
like "it is compiled, with the headers of ours, and is in the guest" "$(cpio -it <"$TMP/initrd" 2>/dev/null)" '^tests/own$'
like "more for the kernel's command line" "$(cat "$TMP/args")" 'tests=own minutes=10 test_seconds=600 userpte=nohigh$'
is "more arguments for QEMU" "$(grep -A 1 -x -e -icount "$TMP/args" | xargs)" "-icount shift=0,sleep=off"
ok "another suite" "$SHPTE" suite --again $CELL/base ours
status 1 "does not have it" sh -c "cpio -it <'$TMP/initrd' 2>/dev/null | grep own"
echo 'int main(void) { return it; }' >"$BM/suites/mine/own.c"
"$SHPTE" suite $CELL/base mine >"$TMP/out" 2>&1
like "one that does not compile is told" "$(cat "$TMP/out")" 'suites/mine/own.c:1:.*error'
echo 'int main(void) { return 0; }' >"$BM/suites/mine/own.c"

# --- bounds and plots
printf '\tbound = speed at least 10\n\tbound = cost at most 1.02\n\tplot = kb: Kilobytes against things\n' >>"$BM/suites/mine/suite.conf"
# measures SPEED COST: what the derived kernel has; the base has 7 and 100
measures() {
	guest "figures() { tests \"1..1\\n# figure speed \$1\\n# figure cost \$2\\n# point kb 1 \$2\\n# point kb 2 8\\nok 1 own\\n\"; }
	case \$KERNEL in *shpte*) figures $1 $2 ;; *) figures 7 100 ;; esac"
}
measures 70 102
ok "figures within their bounds" "$SHPTE" suite $CELL mine
is "are tests that pass" "$(json $CELL/shpte+mine tests.1.name) $(json $CELL/shpte+mine tests.1.status) $(json $CELL/shpte+mine tests.2.status)" \
	"bound.speed pass pass"
is "and say by how much" "$(json $CELL/shpte+mine tests.1.detail)" "10 times the base's, at least 10"
is "of the derived kernel only" "$(json $CELL/base+mine tests.1)" none
is "the points are there" "$(json $CELL/base+mine plots.0.points.1.1) $(json $CELL/base+mine plots.0.title)" "8 Kilobytes"
measures 70 103
status 1 "a figure beyond its bound" "$SHPTE" suite --again $CELL mine
like "is a regression" "$OUT" "shpte\+mine: test failed: 1 of 3 guest tests failed: bound.cost \(1.03 times the base's, at most 1.02\); regression: bound.cost"
measures 70 100
ok "the base anew" "$SHPTE" suite --again $CELL/base mine
measures 70 50
touch "$BM/suites/mine/more"
ok "when the base's figures are new" "$SHPTE" suite $CELL mine
is "ours are, too" "$(json $CELL/shpte+mine figures.cost)" 50
rm -r "$XDG_CACHE_HOME/shpte/results/$CELL/base+mine"
ok "the derived kernel alone, which passes" "$SHPTE" suite --again $CELL/shpte mine
is "without the base there is no bound" "$(json $CELL/shpte+mine tests.1.status)" skip

# --- what a regression is
both() { guest "case \$KERNEL in *shpte*) tests '1..1\n$2ok 1 work\n' ;; *) tests '1..1\n$1ok 1 work\n' ;; esac"; }
both '  not ok 1 a # always\n  ok 2 b\nnot ' '  not ok 1 a # always\n  ok 2 b\nnot '
ok "a failure that the base has too is none" "$SHPTE" suite --again $CELL work
like "says so" "$OUT" "^work on $CELL: no regression: test failed$"
both '  not ok 1 a\n  ok 2 b\nnot ' '  not ok 1 a\n  not ok 2 b # 3 is not 4\nnot '
status 1 "another one is" "$SHPTE" suite --again $CELL work
like "is named" "$OUT" "shpte\+work: test failed: .*; regression: work.b; base too: work.a$"
like "in the verdict" "$OUT" "^work on $CELL: regression: test failed$"
both '  not ok 1 a\n  not ok 2 b\nnot ' '  ok 1 a\n  ok 2 b\n'
ok "better than the base is good" "$SHPTE" suite --again $CELL work

# --- what only the derived kernel fails is run again: there, and what fails again in the base
AGAIN='grep -q only= $FAKE/args'
news() { guest "case \$KERNEL in *shpte*) if $AGAIN; then $1; else tests '1..1\n  ok 1 a\n  not ok 2 b\nnot ok 1 work\n'; fi ;; *) if $AGAIN; then $2; else $PASS; fi ;; esac"; }
B_FAILS='tests "1..1\n  not ok 1 b\nnot ok 1 work\n"' B_PASSES='tests "1..1\n  ok 1 b\nok 1 work\n"'
news "$B_FAILS" "$B_PASSES"
BEFORE=$(runs)
status 1 "what fails twice is a regression" "$SHPTE" suite --again $CELL work
like "is named" "$OUT" "shpte\+work: test failed: .*; regression: work.b$"
is "both kernels ran once more" "$(runs)" $((BEFORE + 4))
like "that test alone" "$(cat "$TMP/args")" 'test_seconds=[0-9]+ only=b$'
is "recorded" "$(json $CELL/shpte+work again | grep -c HASH) $(json $CELL/base+work again)" "1 none"
ok "with its consoles" test -s "$RESULTS/$CELL/shpte+work/latest/again/console.log" -a -s "$RESULTS/$CELL/shpte+work/latest/again-base/console.log"
news "$B_PASSES" false
BEFORE=$(runs)
ok "what does not fail again is none" "$SHPTE" suite --again $CELL work
like "is told" "$OUT" "shpte\+work: test failed: .*; not when run again: work.b$"
like "in the verdict" "$OUT" "^work on $CELL: no regression: test failed$"
is "the base need not be asked" "$(runs)" $((BEFORE + 3))
ok "nothing changed" "$SHPTE" suite $CELL work
is "nothing is booted" "$(runs)" $((BEFORE + 3))
news "$B_FAILS" "$B_FAILS"
ok "nor is what the base fails then" "$SHPTE" suite --again $CELL work
like "is told" "$OUT" "; base too when run again: work.b$"
news "boot; k 'BUG: Bad rss-counter state'; $B_PASSES" false
status 1 "a complaint the second time counts" "$SHPTE" suite --again $CELL work
like "is the verdict" "$OUT" "^work on $CELL: regression: kernel complained: accounting$"
guest "case \$KERNEL in *shpte*) if $AGAIN; then ends; else tests '1..1\nnot ok 1 munmap\n'; fi ;; *) tests '1..1\nok 1 munmap\n' ;; esac"
BEFORE=$(runs)
status 1 "our own tests fail once and for all" "$SHPTE" suite --again $CELL ours
is "nothing is run again" "$(runs)" $((BEFORE + 2))
guest "case \$KERNEL in *shpte*) tests '1..1\n  ok 1 a\nok 1 work\n' ;; *) $PASS ;; esac"
ok "fewer tests are none, if all is well" "$SHPTE" suite --again $CELL work
guest "case \$KERNEL in *shpte*) tests '1..1\n  not ok 1 a\nnot ok 1 work\n' ;; *) tests '1..1\n  not ok 1 a\n  ok 2 b\nnot ok 1 work\n' ;; esac"
status 1 "a test of the base that was not come to is one" "$SHPTE" suite --again $CELL work
like "is named" "$OUT" "; regression: work.b; base too: work.a$"

guest "case \$KERNEL in *shpte*) boot; k 'BUG: Bad rss-counter state'; $PASS ;; *) $PASS ;; esac"
status 1 "a complaint of the derived kernel" "$SHPTE" suite --again $CELL work
like "is a regression" "$OUT" "^work on $CELL: regression: kernel complained: accounting$"

COMPLAINS='boot; k "BUG: Bad rss-counter state mm:$1 val:$2"; echo "ok 1 work"; echo "# shpte-guest: end"; ends'
guest "complains() { $COMPLAINS; }; case \$KERNEL in *shpte*) complains c0ffee 3 ;; *) complains deadbeef 41 ;; esac"
ok "the same complaint in the base is none" "$SHPTE" suite --again $CELL work
guest "complains() { $COMPLAINS; }; case \$KERNEL in *shpte*) boot; k 'BUG: soft lockup'; complains 1 3 ;; *) complains 2 4 ;; esac"
status 1 "one more is" "$SHPTE" suite --again $CELL work

# --- a script that can't build
echo 'echo "no such header"; false' >"$BM/suites/work/build"
status 1 "programs that don't build" "$SHPTE" suite $CELL/base work
like "are told with the log" "$ERR" "work/build: exit status 1: no such header; see /.*log$"

# --- stopped
guest 'boot; sleep 60'
rm -f "$TMP/pid"
echo 'true' >"$BM/suites/work/build"
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SHPTE" suite $CELL/base work >"$TMP/out" 2>"$TMP/stopped" &
for i in $(seq 100); do [ -s "$TMP/pid" ] && break; sleep 0.1; done
sleep 0.2
kill -INT $!
wait $!
is "SIGINT ends it with status 1" $? 1
like "and says what comes next" "$(cat "$TMP/stopped")" "stopped; the next 'shpte suite' goes on from here"
ok "QEMU is gone" gone "$(cat "$TMP/pid")"

# --- the pages
mkdir "$SHPTE_DATA/reports"
cp -r "$REPO/reports/templates" "$SHPTE_DATA/reports"
guest "$PASS"
"$SHPTE" matrix "$CELL/*" >/dev/null 2>&1
"$SHPTE" suite --again $CELL work >/dev/null 2>&1
ok "report" "$SHPTE" report --output "$TMP/site"
ok "a page of the suite" test -s "$TMP/site/suite/good-i386-pae-work.html"
like "with its tests side by side" "$(cat "$TMP/site/suite/good-i386-pae-work.html")" 'work\.b</code></th><td>.*pass.*</td><td>.*pass'
measures 70 100
"$SHPTE" suite --again $CELL mine >/dev/null 2>&1
ok "report" "$SHPTE" report --output "$TMP/site"
like "a plot on the suite's page" "$(cat "$TMP/site/suite/good-i386-pae-mine.html")" 'src="../figures/good-i386-pae-mine-kb.svg".*Kilobytes against things; at the end, base 8 at 2, shpte 8 at 2'
like "and on the front" "$(cat "$TMP/site/index.html")" 'src="figures/good-i386-pae-mine-kb.svg"'
ok "its picture" grep -q 'things' "$TMP/site/figures/good-i386-pae-mine-kb.svg"
like "linked from the front" "$(cat "$TMP/site/index.html")" 'href="suite/good-i386-pae-work.html"'
like "and from the cell" "$(cat "$TMP/site/cell/good-i386-pae-shpte.html")" 'href="../suite/good-i386-pae-work.html"'
like "the matrix has the guest tests' verdict alone" "$(grep -o 'class="cell ' "$TMP/site/index.html" | wc -l)" '^2$'

# --- a site of suites alone
for d in "$XDG_CACHE_HOME"/shpte/results/*/*/*; do case $d in *+*) ;; *) rm -rf "$d" ;; esac; done
rm -f "$XDG_CACHE_HOME"/shpte/results.db
ok "suites are enough for a site" "$SHPTE" report --output "$TMP/alone"
like "which says what is missing" "$OUT" "^No derived kernel was put to the guest tests yet, but there is a regression in [0-9]+ of [0-9]+ suites?[:( ]"
# --- a machine that names the suites that test it, in place of the guest tests
suite other 'kind = guest' 'tests = munmap' 'verdict = a*: client failed'
printf '[arch]\n\ttitle = drawn\n\tlike = i386-pae\n\tsuite = ours\n\tsuite = other\n' >"$BM/arch/i386-pae-drawn.conf"
guest "$PASS"
ok "a matrix has its suites" "$SHPTE" matrix 'good/*'
is "on both kernels, and the others' guest tests" "$(echo "$OUT" | sed -n 's/: pass: .*//p' | sort | xargs)" \
	"good/i386-pae-drawn/base+other good/i386-pae-drawn/base+ours good/i386-pae-drawn/shpte+other good/i386-pae-drawn/shpte+ours good/i386-pae/base good/i386-pae/shpte"
ok "they are up to date then" "$SHPTE" matrix 'good/i386-pae-drawn/*'
like "all of them" "$OUT" "nothing changed: 4 cells are up to date"
ok "also for who asks for one by name" "$SHPTE" suite good/i386-pae-drawn other
is "as well" "$(echo "$OUT" | grep -c '(up to date)$')" 2
guest 'case $KERNEL in *shpte*) tests "1..1\nnot ok 1 a\n" ;; *) '"$PASS"' ;; esac'
status 1 "what one finds fails the matrix" "$SHPTE" matrix --again --jobs 2 'good/i386-pae*'
like "with the suite's own word for it, from another process" "$OUT" "^good/i386-pae-drawn/shpte.other: client failed: "
guest "$PASS"
printf '\tsuite = none\n' >>"$BM/arch/i386-pae-drawn.conf"
status 2 "a suite that there is not" "$SHPTE" matrix 'good/i386-pae-drawn/*'
like "is named" "$ERR" "unknown suite 'none'"
rm -r "$BM/suites/other" "$BM/arch/i386-pae-drawn.conf"

done_testing
