#!/bin/sh
# shpte.1 has every option of every subcommand, in the subcommand's own paragraph.
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")/.." && pwd)

# options SUBCOMMAND: one a line; --help, --quiet and --kernels are said of all at once
options() { "$SHPTE" "$1" --help | sed -n 's/^  \(--[a-z-]*\).*/\1/p' | grep -vx -e --help -e --quiet -e --kernels; }

# missing SUBCOMMAND: its options that the manual has not
missing() {
	sed -n "/^\.B $1 /,/^\.TP/{s/\\\\f.//g;s/\\\\//g;p}" "$here/shpte.1" >"$TMP/paragraph"
	options "$1" | while read -r option; do
		grep -qe "$option\b" "$TMP/paragraph" || echo "$option"
	done
}

for command in $("$SHPTE" --help | sed -n 's/^  \([a-z]*\) .*/\1/p'); do
	is "$command" "$(missing "$command")" ""
done
done_testing
