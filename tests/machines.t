#!/bin/sh
# What a machine's description says beside how it is started: where pte pages are not shared, what must be there, and a
# kernel that is a program.  QEMU and the kernels are fakes, see fixtures/fake-machine.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fixtures/fake-machine.sh"
PASS='tests "1..1\nok 1 munmap\n"'
CONF=$BM/arch/i386-pae.conf
for k in good refuses loses program; do kernel $k; done
echo '^CONFIG_SHPTE' >"$TMP/refuses/lost"
echo '^CONFIG_SHPTE\|^CONFIG_WERROR' >"$TMP/loses/lost"
cat >"$TMP/program/mm/memory.c" <<'PROGRAM'
//usr/bin/env true; printf '%s\n' "$@" >"$FAKE/args"; . "$FAKE/um"; exit
int memory;
PROGRAM
rm -f "$SHPTE_DATA"/kernels/[0-9]*.conf
guest "$PASS"
# matrix [KERNEL/VARIANT]
matrix() { "$SHPTE" matrix --again "$(dirname "${1:-good/base}")/i386-pae/$(basename "${1:-good/base}")" 2>/dev/null; }
# machine SED-SCRIPT: the description, changed
cp "$CONF" "$TMP/conf"
machine() { sed "$1" "$TMP/conf" >"$CONF"; }

# --- where pte pages are shared, and where not
machine '/^\tbecause/d'
run "$SHPTE" matrix good/i386-pae/base
like "a machine that does not say why" "$ERR" "i386-pae.conf: no shpte.because"
machine 's/supported = true/supported = false/'
run matrix good/shpte
like "CONFIG_SHPTE where it must be refused" "$OUT" "config symbol lost: CONFIG_SHPTE=y, which must be refused here"
ok "refused, the derived kernel is booted all the same" matrix refuses/shpte
run matrix loses/shpte
like "what else is asked for must be there" "$OUT" "config symbol lost: CONFIG_WERROR=y;"

# --- how many levels the page tables have is for the guest to look
machine 's/levels = .*/levels = 5/'
matrix >/dev/null
like "the guest is told" "$(cat "$TMP/args")" "levels=5 "
machine '/levels =/d'
matrix >/dev/null
is "nothing when it is not known" "$(grep -c levels "$TMP/args")" 0

# --- no compiler
machine 's/cross = .*/cross = pdp11-aout-/; s/^\tpackage = gcc.*/\tpackage = gcc-pdp11/'
run matrix
is "a compiler that is not there is a verdict" "$STATUS" 1
like "which names the package that is missed" "$OUT" "no compiler: pdp11-aout-gcc is not installed, and this Debian release has no package gcc-pdp11"
run "$SHPTE" matrix good/i386-pae/base
like "and stands until something changes" "$OUT" "^good/i386-pae/base: no compiler: pdp11-aout-gcc is not installed, .* \(up to date\)$"
is "as what it was" "$(printf '%s\n' "$OUT" | tail -n +2)" "nothing changed: 1 cell is up to date
1 cell: 1 did not pass: good/i386-pae/base: no compiler"
machine 's/^\tpackage = libc.*/\tpackage = libc-pdp11/'
echo '#include <no-such.h>' >"$BM/guest/exit.c"
run matrix
like "a missing C library is named" "$OUT" "guest test: .*no-such.h: No such file or directory.*; apt install libc-pdp11"
rm "$BM/guest/exit.c"
machine 's/^\[guest\]/&\n\tcross = pdp11-unix-\n\tcross-package = gcc-pdp11/'
run "$SHPTE" matrix --again good/i386-pae/base
like "the guest programs may have a compiler of their own" "$ERR" "pdp11-unix-gcc is not installed, and this Debian release has no package gcc-pdp11"

# --- an emulator that is too old
machine 's/^\ttimeout.*//; s/^\[guest\]/\tsince = 8.2\n\tsince-because = 64 bits came with it\n[guest]/'
run matrix
like "is told with the reason" "$OUT" "no emulator: qemu-system-i386 is 1.0, older than 8.2: 64 bits came with it"
sed -i 's/since = 8.2/since = 1.0/' "$CONF"
ok "the first that is new enough" matrix

# --- a machine that is like another
machine ''
printf '[arch]\n\tlike = i386-pae\n[build]\n\tconfig = extra\n[qemu]\n\tmem = 64M\n' >"$BM/arch/small.conf"
echo CONFIG_EXTRA=y >"$BM/arch/extra.config"
small() { run "$SHPTE" matrix good/small/base; }
small
like "is built and booted as that one" "$OUT" "good/small/base: pass"
is "but for what it says" "$(grep -cx 64 "$TMP/args")" 1
is "with its fragment, and its own after it" \
	"$(grep '^CONFIG_HIGHMEM\|^CONFIG_EXTRA' "$XDG_CACHE_HOME"/shpte/results/good/small/base/latest/config)" \
	"CONFIG_HIGHMEM4G=y
CONFIG_EXTRA=y"
small
like "stands while the other does" "$OUT" "nothing changed"
machine 's/mem = .*/mem = 2G/; s/-nodefaults/& -snapshot/'
small
like "and is run again when that has changed" "$OUT" "good/small/base: pass"
is "  as it is now" "$(grep -cx -e -snapshot -e 64 "$TMP/args")" 2
printf '[arch]\n\tlike = small\n' >"$BM/arch/smaller.conf"
run "$SHPTE" matrix good/smaller/base
like "it is described in full itself" "$ERR" "smaller.conf: like = small, which is like i386-pae itself: say that"
printf '[arch]\n\tlike = pdp11\n' >"$BM/arch/smaller.conf"
run "$SHPTE" matrix good/smaller/base
like "and is there" "$ERR" "smaller.conf: like = pdp11: there is no .*pdp11.conf"
rm "$BM"/arch/small*.conf "$BM/arch/extra.config"
machine ''

# --- a kernel that is a program: what it prints is its console
SHPTE_QEMU=
machine 's/program = .*/program = {kernel}/; s/args = .*/args = mem={mem}M initrd={initrd} con0=fd:1/; s/append = .*/append = console=tty0/; s/mem = .*/mem = 64M/'
cat >"$TMP/um" <<'UM'
echo "[    1.000000] Linux version 9.9.0"; echo "[    1.000000] Run /init as init process"
echo "KTAP version 1"; echo 1..1; echo "ok 1 munmap"; echo "# shpte-guest: end"
echo "[    1.000000] reboot: Restarting system"
UM
run matrix program/base
like "passes" "$OUT" "program/i386-pae/base: pass: 1 of 1 guest tests passed"
is "is told what its description says" "$(grep -c '^mem=64M$\|^initrd=/dev/fd/5$\|^con0=fd:1$\|^console=tty0$\|^panic=-1$' "$TMP/args")" 5
is "and nothing of QEMU's" "$(grep -c '^-' "$TMP/args")" 0

done_testing
