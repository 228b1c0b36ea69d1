#!/bin/sh
# The judge on real consoles: tiny programs run as init of the kernel 6.12/i386-pae/base, in a real QEMU.  Each says in its
# first line what must come out: the exit status and a regular expression for the last line on stderr.
. "$(dirname "$0")/lib.sh"
CELL=6.12/i386-pae/base
unset SHPTE_QEMU
INITS=$(dirname "$0")/fixtures/init
CC=i686-linux-gnu-gcc

command -v $CC >/dev/null || { skip 1 "$CC is not installed"; done_testing; exit; }
ok "the kernel builds" "$SHPTE" build $CELL
for source in "$INITS"/*.c; do
	name=$(basename "$source" .c)
	expect=$(sed -n '1s,^/\* expect: \(.*\) \*/,\1,p' "$source")
	$CC -static -O2 -w -o "$TMP/$name" "$source" || exit 1
	status "${expect%% *}" "$name" "$SHPTE" boot --init "$TMP/$name" --timeout 30 $CELL
	like "${expect#* }" "$(printf '%s\n' "$ERR" | tail -n 1)" "^shpte: $CELL: ${expect#* }"
done

echo 'not a program' >"$TMP/text"
status 1 "an init that is no program" "$SHPTE" boot --init "$TMP/text" --timeout 30 $CELL
like "no userspace" "$ERR" "no userspace: Failed to execute /init"

done_testing
