#!/bin/sh
# shpte sparse: a warning that the base gives too is none of ours.  The kernel is a fake, sparse is real.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fixtures/fake-machine.sh"
kernel good
rm -f "$SHPTE_DATA"/kernels/[0-9]*.conf
printf '#include <linux/limits.h>\n\nint memory(void)\n{\n\treturn 1;\n}\n' >"$TMP/good/mm/memory.c"
# A hook that moves the base's warning down, by the line that includes our header.
mkdir -p "$SHPTE_DATA/cocci/payload/include/linux"
echo '#define shpte_added(x) (x)' >"$SHPTE_DATA/cocci/payload/include/linux/shpte.h"
echo added >"$SHPTE_DATA/cocci/hooks/series"
cat >"$SHPTE_DATA/cocci/hooks/added.cocci" <<'EOF'
// mm: add a call
//
// In: mm
// Place: memory 1
// Adds: shpte_added
@@
expression e;
@@
-return e;
+return shpte_added(e);
EOF

# sparse_json SCRIPT: looks into what is kept for the rebase report
sparse_json() { perl -MJSON::PP -e 'my $j = decode_json(do { local (@ARGV, $/) = shift; <> }); '"$1" "$XDG_CACHE_HOME"/shpte/sparse/*-$2/i386-pae.json; }

status 2 "no cell" "$SHPTE" sparse
status 2 "a variant" "$SHPTE" sparse good/i386-pae/shpte
like "says what is wanted" "$ERR" "say KERNEL/ARCH"
status 2 "an unknown architecture" "$SHPTE" sparse good/pdp11
status 2 "an unknown kernel" "$SHPTE" sparse none/i386-pae

status 1 "a warning of our own" "$SHPTE" sparse good/i386-pae
like "is told with its place" "$OUT" "mm/shpte/core.c:1:5: warning: symbol 'shpte' was not declared"
like "and counted; the base's, on another line now, is not" "$OUT" "^good/i386-pae/shpte: 2 files, 2 warnings, 1 of them not in the base"

ok "it is kept for the report" sparse_json 'die unless $j->{files} == 2 && $j->{warnings} == 2 && @{$j->{new}} == 1' good

echo 'static int shpte __attribute__((unused));' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
ok "no warning of our own" "$SHPTE" sparse good/i386-pae
is "says so" "$OUT" "good/i386-pae/shpte: 2 files, 1 warnings, 0 of them not in the base"

# The option that brings a file may be off in this cell.
echo '#error NOT_BUILT' >"$SHPTE_DATA/cocci/payload/mm/shpte/more.c"
ok "what the cell's kernel has not is left out" "$SHPTE" sparse good/i386-pae
is "... and not counted" "$OUT" "good/i386-pae/shpte: 2 files, 1 warnings, 0 of them not in the base"
rm "$SHPTE_DATA/cocci/payload/mm/shpte/more.c"

mkdir "$TMP/no-make"
ln -s /usr/bin/* "$TMP/no-make"
rm "$TMP/no-make/make"
status 1 "no make" env PATH="$TMP/no-make" "$SHPTE" sparse good/i386-pae
is "is told" "$(printf '%s\n' "$ERR" | tail -n 1)" "shpte: good/i386-pae/base: make: no such program; is its package installed?"

echo 'int shpte(' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
status 1 "a file that does not compile" "$SHPTE" sparse good/i386-pae

# A tree that finds sparse too old goes on without it.
kernel old
sed -i 's/^%.o:$/%.o:\n\t@echo "Makefile:1: C=2 specified, but sparse is not available or not up to date"/; s/^\t@\$(CHECK) .*/\t@:/' "$TMP/old/Makefile"
printf 'int memory(void)\n{\n\treturn 1;\n}\n' >"$TMP/old/mm/memory.c"
echo 'static int shpte __attribute__((unused));' >"$SHPTE_DATA/cocci/payload/mm/shpte/core.c"
status 1 "a kernel that wants a newer sparse" "$SHPTE" sparse old/i386-pae
like "says that nothing was checked" "$ERR" "old/i386-pae/base: nothing was checked: this kernel wants a newer sparse"
ok "nor has the report anything else" sparse_json 'die unless $j->{why} =~ /newer sparse/' old
done_testing
