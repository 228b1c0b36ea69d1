#!/bin/sh
# Each semantic patch on a small piece of C, without a kernel: cocci/tests/<rule>.c holds what goes in and, after the
# line "//// becomes", what must come out.
. "$(dirname "$0")/lib.sh"

cocci=$(cd "$(dirname "$0")/../cocci" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# becomes TEST: the rule is the name's first part; what follows a dot is one of its alternatives
becomes() {
	sed '/^\/\/\/\/ becomes$/,$d' "$cocci/tests/$1.c" >"$tmp/in.c"
	sed '1,/^\/\/\/\/ becomes$/d' "$cocci/tests/$1.c" >"$tmp/want.c"
	rm -f "$tmp/out.c"
	spatch --very-quiet --no-includes --macro-file "$cocci/macros.h" --sp-file "$cocci/hooks/${1%%.*}.cocci" "$tmp/in.c" -o "$tmp/out.c" >"$tmp/log" 2>&1 &&
		! cmp -s "$tmp/in.c" "$tmp/want.c" && diff -u "$tmp/want.c" "$tmp/out.c"
}

for f in "$cocci"/tests/*.c; do
	f=${f##*/}
	ok "${f%.c}" becomes "${f%.c}"
done
for rule in $(sed 's/#.*//' "$cocci/hooks/series"); do
	ok "$rule has a test" test -f "$cocci/tests/$rule.c"
done
for folder in hooks churn; do
	ok "every rule of $folder is in the series" \
		sh -c 'cd "$1" && for f in *.cocci; do grep -qx "${f%.cocci}" series || exit 1; done' sh "$cocci/$folder"
done
ok "every test belongs to a rule" \
	sh -c 'cd "$1" && for f in tests/*.c; do b=${f##*/}; test -f "hooks/${b%%.*}.cocci" || exit 1; done' sh "$cocci"
done_testing
