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

is "no line of a commit's message is longer than checkpatch likes" "$(for f in "$cocci"/hooks/*.cocci; do
	awk '/^$/ { exit } NR > 2 && !/^\/\/ [A-Z][a-z ]*: / && length > 78 { print FILENAME ": " $0 }' "$f"
done)" ""

# flags: a line a flag of the list, with its verdict
flags() { git config --file "$cocci/payload/flags.conf" --get-regexp '^flag\..*\.verdict$' | sed 's/^flag\.//; s/\.verdict / /'; }
is "each flag has one of the verdicts" "$(flags | grep -Ev '^(VM|MMF)_[A-Z0-9_]+ (shared|refused|never|none)$')" ""
is "each flag is listed once" "$(grep '^\[flag ' "$cocci/payload/flags.conf" | sort | uniq -d)" ""
refused=$(flags | sed -n 's/ refused$//p')
is "and what is refused, the payload refuses" "$(for flag in $refused; do
	case $flag in VM_UFFD_*) name=__VM_UFFD_FLAGS ;; *) name=$flag ;; esac
	grep -qw "$name" "$cocci"/payload/mm/shpte/fork.c "$cocci"/churn/*.cocci || echo "$flag"
done)" ""
done_testing
