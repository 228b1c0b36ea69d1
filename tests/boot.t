#!/bin/sh
# shpte build and shpte boot: what they say, each verdict, and what is left behind.  QEMU and the kernels are fakes, see
# fixtures/fake-machine.sh; boot-real.t has real ones.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fixtures/fake-machine.sh"
CELL=good/i386-pae/base
echo init >"$TMP/init"
kernel good
kernel broken
kernel lost
kernel noimage
echo 'int memory = ;' >"$TMP/broken/mm/memory.c"
echo CONFIG_SWAP=y >"$TMP/lost/lost"
: >"$TMP/noimage/noimage"

# --- bad input: exit status 2 and a line that says what is known
status 2 "no cell" "$SHPTE" boot
status 2 "half a cell" "$SHPTE" boot good/i386-pae
like "says what a cell is" "$ERR" "KERNEL/ARCH/VARIANT"
status 2 "too long a cell" "$SHPTE" build good/i386-pae/base/x
status 2 "unknown architecture" "$SHPTE" build good/pdp11/base
like "names the known ones" "$ERR" "unknown architecture 'pdp11'; known are: .*i386-pae"
status 2 "unknown kernel" "$SHPTE" boot 1.2/i386-pae/base
like "names the known ones" "$ERR" "unknown kernel '1.2'; known are: .*good"
status 2 "unknown variant" "$SHPTE" boot good/i386-pae/bass
like "names the two" "$ERR" "unknown variant 'bass'; it is base .* or shpte"
status 2 "unknown option" "$SHPTE" boot --fast $CELL
status 2 "no program" "$SHPTE" boot --init "$TMP/none" $CELL
like "says that there is none" "$ERR" "no such file"
status 2 "no size" "$SHPTE" boot --mem much $CELL
status 2 "too small a size" "$SHPTE" boot --mem 1M $CELL
status 2 "no number" "$SHPTE" boot --timeout soon $CELL

# --- build
ok "build" "$SHPTE" build $CELL
IMAGE=$OUT
ok "prints where the image is" test -s "$IMAGE"
is "in one line" "$(printf '%s\n' "$OUT" | wc -l)" 1
is "make ran" "$(wc -l <"$TMP/made")" 1
ok "build again" "$SHPTE" build $CELL
is "prints the same" "$OUT" "$IMAGE"
is "make did not run" "$(wc -l <"$TMP/made")" 1
sed -i s/CONFIG_SWAP=y/CONFIG_SWAP=m/ "$BM/arch/common.config"
ok "build with another fragment" "$SHPTE" build $CELL
is "make ran" "$(wc -l <"$TMP/made")" 2
grep -q CONFIG_SWAP=m "${IMAGE%/arch/*}/.config"
is "the fragment is in the configuration" $? 0
sed -i s/CONFIG_SWAP=m/CONFIG_SWAP=y/ "$BM/arch/common.config"

# As a build leaves its folder that was killed: .NAME.cmd is written when NAME is done.
O=${IMAGE%/arch/*}
echo cmd | tee "$O/.half.o.cmd" "$O/.whole.o.cmd" "$O/.empty.o.cmd" >/dev/null
touch -d '1 hour ago' "$O/.half.o.cmd"
echo half >"$O/half.o"
echo whole >"$O/whole.o"
touch -d '1 hour ago' "$O/whole.o"
: >"$O/empty.o"
touch "$O/.shpte-making"
rm "$O/.shpte-built"
ok "build after one that was killed" "$SHPTE" build $CELL
like "says what it does" "$ERR" "2 files that may be half-written are made again"
status 1 "a half-written object is removed" test -e "$O/half.o"
status 1 "an empty one too" test -e "$O/empty.o"
ok "a whole one stays" test -e "$O/whole.o"
ok "build again" "$SHPTE" build $CELL

status 1 "a kernel that doesn't compile" "$SHPTE" build broken/i386-pae/base
like "is told in one line with the first error and the log" "$ERR" \
	"^shpte: broken/i386-pae/base: build failed: mm/memory.c:1:14: error: .*; see /.*build.log$"
status 1 "and is not booted" "$SHPTE" boot --init "$TMP/init" broken/i386-pae/base
like "for that reason" "$ERR" "build failed: mm/memory.c:1:14: error"
status 1 "a configuration that loses a symbol" "$SHPTE" build lost/i386-pae/base
like "is told with the symbol" "$ERR" "^shpte: lost/i386-pae/base: config symbol lost: CONFIG_SWAP=y; see /"
# --- fragments that depend on what the tree has
kernel choice
mkdir -p "$TMP/choice/arch/x86" "$TMP/choice/arch/arm"
printf 'ifeq ($(ARCH),i386)\n        SRCARCH := x86\nendif\n' >>"$TMP/choice/Makefile"
echo 'config X86_THING' >"$TMP/choice/arch/x86/Kconfig"
echo 'config ARM_THING' >"$TMP/choice/arch/arm/Kconfig"
cp "$BM/arch/common.config" "$TMP/common.config"
printf '# if X86_THING\nCONFIG_X86_THING=y\n# else\nCONFIG_X86_OTHER=y\n# end\n# if ARM_THING\nCONFIG_ARM_THING=y\n# end\n# if NO_THING\nCONFIG_NO_THING=y\n# else\nCONFIG_NO_OTHER=y\n# end\n' >>"$BM/arch/common.config"
ok "build with lines for trees that have a symbol" "$SHPTE" build choice/i386-pae/base
CHOSEN=$(cat "${OUT%/arch/*}/.config")
like "one that the tree has" "$CHOSEN" '^CONFIG_X86_THING=y$'
is "and not what others get" "$(echo "$CHOSEN" | grep -c X86_OTHER)" 0
is "one that another architecture has" "$(echo "$CHOSEN" | grep -c ARM_THING)" 0
is "one that nobody has" "$(echo "$CHOSEN" | grep 'NO_[OT]')" "CONFIG_NO_OTHER=y"
printf '# if X86_THING\n# if ARM_THING\n# end\n' >>"$BM/arch/common.config"
status 1 "blocks in blocks" "$SHPTE" build choice/i386-pae/base
like "are named by file and line" "$ERR" "common.config:$(wc -l <"$TMP/common.config" | awk '{ print $1 + 15 }'): '# if' within '# if'"
cp "$TMP/common.config" "$BM/arch/common.config"

status 1 "a make that makes nothing" "$SHPTE" build noimage/i386-pae/base
like "is told" "$ERR" "build failed: make bzImage made no arch/x86/boot/bzImage"
sed -i 's/^\tcross = .*/\tcross = no-such-/' "$BM/arch/i386-pae.conf"
status 1 "a compiler that is not there" "$SHPTE" build $CELL
like "is told with its package" "$ERR" "no-such-gcc is not installed; apt install gcc-i686-linux-gnu"
sed -i 's/^\tcross = .*/\tcross = i686-linux-gnu-/' "$BM/arch/i386-pae.conf"

# --- two machines in one tree
kernel two
cp "$BM/arch/i386-pae.conf" "$BM/arch/other.conf"
cp "$BM/arch/i386-pae.config" "$BM/arch/other.config"
ok "build for one machine" "$SHPTE" build two/i386-pae/shpte
TREE=$(dirname "${OUT%/arch/*}")
flock -F -s "$TREE.lock" sleep 100 &
HOLDER=$!
ok "while that is built, another's is built in the same tree" timeout 20 "$SHPTE" build two/other/shpte
cp "$SHPTE_DATA/cocci/payload/mm/shpte/core.c" "$TMP/shpte.c"
echo 'int shpte = 2;' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
run timeout 2 "$SHPTE" build two/other/shpte
like "but not another commit: that waits" "$ERR" "waiting for $TREE: another process has it"
like "and can be stopped" "$ERR" "stopped; the next 'shpte build' goes on"
kill $HOLDER
ok "until nobody builds there" "$SHPTE" build two/other/shpte
flock -F "$TREE.other.lock" sleep 100 &
HOLDER=$!
for command in build boot; do
	status 1 "one machine is built once at a time: $command" timeout --preserve-status 2 "$SHPTE" $command two/other/shpte
	like "waits" "$ERR" "waiting for $TREE/build-other: process"
	is "and says that it was stopped" "$(printf '%s\n' "$ERR" | tail -n 1)" \
		"shpte: stopped; the next 'shpte $command' goes on from here"
done
kill $HOLDER
rm "$BM"/arch/other.*
mv "$TMP/shpte.c" "$SHPTE_DATA/cocci/payload/mm/shpte/core.c"

# --- boot: each verdict
boot() { "$SHPTE" boot --init "$TMP/init" "$@" $CELL; }
# verdict STATUS WORDS DESCRIPTION [OPTION...]: the exit status, and the last line on stderr
says() {
	_want=$1 _words=$2 _about=$3
	shift 3
	status "$_want" "$_about" boot "$@"
	like "verdict: $_words" "$(printf '%s\n' "$ERR" | tail -n 1)" "^shpte: good/i386-pae/base: $_words"
}

guest 'boot; k "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000000"; qmp SHUTDOWN guest-reset'
says 0 "pass: init ended with exit code 0" "init returns 0"
guest 'boot; ends'
says 0 "pass: init ended the guest" "init reboots"
guest 'boot; k "reboot: Power off not available: System halted instead"; sleep 60'
says 0 "pass" "init halts, QEMU goes on"
guest 'boot; k "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000300"; exit 0'
says 1 "init failed: init ended with exit code 3" "init returns 3"
guest 'boot; k "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b"; exit 0'
says 1 "init failed: init was killed by SIGSEGV" "init crashes"
guest 'boot; k "BUG: unable to handle page fault for address: c0"; k "Oops: 0002 [#1] SMP"; k "EIP: f+0x1"; ends'
says 1 "kernel complained: BUG: unable to handle page fault for address: c0; init ended the guest" "an oops, and on it goes"
guest 'boot; k "WARNING: possible recursive locking detected"; ends'
says 1 "kernel complained: WARNING: possible recursive locking detected" "a lockdep report"
guest 'k Linux version 9.9.0; qmp SHUTDOWN guest-reset'
says 1 "reboot: reset before init started; the console's last line: Linux version 9.9.0" "a triple fault"
guest 'boot; qmp SHUTDOWN guest-reset'
says 1 "reboot: reset without a word of the kernel" "a reset that nobody asked for"
guest 'k "Kernel panic - not syncing: No working init found."; exit 0'
says 1 "no userspace: Kernel panic - not syncing: No working init found." "no init"
guest 'boot; sleep 60'
says 1 "silent: still running after [23] s, the last [23] s without a word" "a guest that hangs" --timeout 2
guest 'while :; do k tick; sleep 0.2; done'
says 1 "no userspace: init had not started after [23] s" "a kernel that boots for ever" --timeout 2
guest 'boot; while :; do echo tick; sleep 0.2; done'
says 1 "timed out: still running after [23] s" "an init that never ends" --timeout 2
# It needs 1 s of a CPU that it has to share with seven others.
cat >"$TMP/busy" <<'EOF'
$| = 1;
1 while (times)[0] + (times)[1] < 1;
print "[    2.000000] reboot: Restarting system\n";
open my $qmp, ">&=", 3;
syswrite $qmp, '{"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}}' . "\n";
EOF
CPU=$(sed -n 's/^Cpus_allowed_list:[[:space:]]*\([0-9]*\).*/\1/p' /proc/self/status)
OTHERS=
for i in 1 2 3 4 5 6 7; do
	taskset -c "$CPU" perl -e '1 while getppid == $ARGV[0]' $$ &
	OTHERS="$OTHERS $!"
done
guest "boot; exec taskset -c $CPU perl \"\$FAKE/busy\""
says 0 "pass: init ended the guest" "a guest whose CPU is busy with others is not late" --timeout 4
kill $OTHERS
guest 'echo "qemu: could not load kernel" >&2; exit 1'
says 1 "emulator failed: QEMU ended with exit status 1: qemu: could not load kernel" "a QEMU that can't"
guest 'boot; kill -9 $$'
says 1 "emulator failed: QEMU was killed by SIGKILL" "a QEMU that dies"
guest 'boot; qmp SHUTDOWN host-signal; echo "terminating on signal 15" >&2; exit 0'
says 1 "emulator failed: .*host-signal.*terminating on signal 15" "a QEMU that was ended from outside"
guest 'boot; printf "1..2\nok 1 a\nnot ok 2 b # 3 is not 4\n"; ends'
says 1 "test failed: 1 of 2 guest tests failed: b \(3 is not 4\)" "an init that speaks TAP"

# --- a panic is a verdict within a second, whether QEMU ends or not
guest 'boot; k "Kernel panic - not syncing: sysrq triggered crash"; k "Call Trace:"; date +%s.%N >$FAKE/at; sleep 60'
says 1 "panic: Kernel panic - not syncing: sysrq triggered crash" "a panic, QEMU goes on"
like "its trace is on the console" "$OUT" "Call Trace:"
ok "within a second" awk -v a="$(cat "$TMP/at")" -v b="$(stat -c %.9Y "$TMP/.err")" 'BEGIN { exit !(b - a < 1) }'
ok "and QEMU is gone" gone "$(cat "$TMP/pid")"

# --- the emulator is missing
SHPTE_QEMU=$TMP/none
status 1 "a QEMU that is not there" boot
like "is told" "$ERR" "no emulator: $TMP/none: No such file"
sed -i 's/^\tprogram = .*/\tprogram = no-such-qemu/' "$BM/arch/i386-pae.conf"
SHPTE_QEMU=
status 1 "a QEMU that is not installed" boot
like "is told with its package" "$ERR" "no emulator: no-such-qemu is not installed; apt install qemu-system-x86$"
SHPTE_QEMU=$TMP/qemu

# --- what QEMU is told, and what the guest gets
guest 'boot; cat /dev/fd/5 >$FAKE/initrd; printf "tab\there \033[1m\001 no end"; qmp SHUTDOWN guest-reset'
boot --mem 512M --cpus 2 --append "shpte=off x" >"$TMP/console" 2>/dev/null
printf '[    1.000000] Linux version 9.9.0\n[    1.000000] Run /init as init process\ntab\there \033[1m\001 no end' >"$TMP/want"
ok "the console is passed on byte by byte" cmp "$TMP/console" "$TMP/want"
ok "--mem" grep -qx 512 "$TMP/args"
ok "--cpus" grep -q '^2,sockets=2' "$TMP/args"
ok "--append comes last" grep -Eqx 'console=ttyS0 .*panic=-1 shpte=off x' "$TMP/args"
ok "the kernel is told how fast the counter goes" grep -Eq '^console=ttyS0 tsc_early_khz=[1-9][0-9]{5,6} ' "$TMP/args"
ok "a reset ends QEMU" grep -qx -- -no-reboot "$TMP/args"
(cd "$TMP" && mkdir -p image && cd image && cpio -id --no-preserve-owner <"$TMP/initrd" 2>/dev/null)
ok "the program is /init" cmp "$TMP/image/init" "$TMP/init"
ok "with the folders an init needs" test -d "$TMP/image/proc" -a -d "$TMP/image/sys" -a -d "$TMP/image/tmp" -a -d "$TMP/image/dev/shm"
like "and a console" "$(cpio -itv <"$TMP/initrd" 2>/dev/null)" '^crw.* 5, +1 .*dev/console'

# --- stopped
guest 'boot; sleep 60'
rm -f "$TMP/pid"
"$SHPTE" boot --init "$TMP/init" $CELL >/dev/null 2>"$TMP/stopped" &
for i in $(seq 100); do [ -s "$TMP/pid" ] && break; sleep 0.1; done
kill -TERM $!
wait $!
is "SIGTERM ends it with status 1" $? 1
like "and says so" "$(cat "$TMP/stopped")" "stopped: stopped after"
ok "QEMU is gone" gone "$(cat "$TMP/pid")"

# --- the guest tests
guest 'tests "1..2\nok 1 munmap\n# figure kb 3\nok 2 exit\n"; cat /dev/fd/5 >$FAKE/initrd'
ok "without --init the guest tests run" "$SHPTE" boot $CELL
like "their verdict" "$ERR" "pass: 2 of 2 guest tests passed$"
guest 'cat /dev/fd/5 >$FAKE/initrd; tests "1..2\nok 1 munmap\nnot ok 2 exit\n"'
status 1 "a test fails" "$SHPTE" boot $CELL
like "its verdict" "$ERR" "test failed: 1 of 2 guest tests failed: exit$"
LIST=$(cpio -it <"$TMP/initrd" 2>/dev/null)
like "init is /init" "$LIST" '^init$'
like "a test is in /tests" "$LIST" '^tests/munmap$'
like "an ext2 file system is there" "$LIST" '^ext2.img$'
flock -F "$XDG_CACHE_HOME/shpte/builds/guest/i386-pae.lock" sleep 100 &
HOLDER=$!
status 1 "one makes the guest programs at a time" timeout --preserve-status 2 "$SHPTE" boot $CELL
is "and is stopped in one line" "$(printf '%s\n' "$ERR" | grep stopped)" "shpte: stopped; the next 'shpte boot' goes on from here"
kill $HOLDER
guest 'boot; ends'
status 1 "an end before the tests' end" "$SHPTE" boot $CELL
like "is a reboot" "$ERR" "reboot: the guest ended itself"
echo 'int main(void) { return x; }' >"$BM/guest/munmap.c"
status 1 "a guest test that doesn't compile" "$SHPTE" boot $CELL
like "is told" "$ERR" "build failed: guest test: .*munmap.c:1:.*error"

# A test that is another one, tried in another way.
echo 'int main(void) { return 0; }' >"$BM/guest/other.c"
printf '#define TWICE\n#include "other.c"\n' >"$BM/guest/munmap.c"
run "$SHPTE" boot $CELL
is "a test may include another one" "$(printf '%s\n' "$ERR" | grep -c 'build failed')" 0
printf '#ifdef TWICE\nint x = y;\n#endif\nint main(void) { return 0; }\n' >"$BM/guest/other.c"
run "$SHPTE" boot $CELL
like "and is compiled again with it" "$ERR" "build failed: guest test: .*other.c:2:.*error"
rm "$BM/guest/other.c"

echo '#include "munmap.inc"' >"$BM/guest/munmap.c"
run "$SHPTE" boot $CELL
like "a file that is missing is told" "$ERR" "build failed: guest test: .*munmap.inc: No such file or directory$"
echo '#include <none.h>' >"$BM/guest/munmap.c"
run "$SHPTE" boot $CELL
like "of a header, the package too that may lack" "$ERR" "none.h: No such file or directory; apt install libc6-dev-i386-cross$"

# --- paths that make and sh would read otherwise
status 1 "a cache with a space" env XDG_CACHE_HOME="$TMP/a cache" "$SHPTE" build $CELL
is "is told in one line" "$ERR" "shpte: $TMP/a cache/shpte/builds: kernels can't be built with a ' ' in a path; set XDG_CACHE_HOME to another folder"
ln -s "$SHPTE_DATA" "$TMP/us\$data"
status 1 "a checkout with a dollar" env SHPTE_DATA="$TMP/us\$data" "$SHPTE" boot $CELL
is "is told in one line" "$ERR" "shpte: $TMP/us\$data/build-matrix: kernels can't be built with a '\$' in a path; move the checkout to another folder"

# --- no room
if mkdir "$TMP/small" && mount -t tmpfs -o size=64M none "$TMP/small" 2>/dev/null; then
	XDG_CACHE_HOME=$TMP/small
	status 1 "a full disk" "$SHPTE" build $CELL
	like "is told with what is needed" "$ERR" "MB are free, a kernel tree with its objects needs [0-9]+; make room"
	umount "$TMP/small"
else
	skip 2 "no mount here"
fi

done_testing
