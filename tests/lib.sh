# Helpers of the .t files: `. "$(dirname "$0")/lib.sh"`.  TAP on stdout; $SHPTE is the program under test.
# The last command's output is in $OUT and $ERR (text) and its exit status in $STATUS.
SHPTE=${SHPTE:-$(cd "$(dirname "$0")/.." && pwd)/build/shpte}
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
trap 'exit 1' HUP INT TERM
COUNT=0 FAILED=0

# run COMMAND...: sets OUT, ERR and STATUS; never ends the script
run() {
	STATUS=0
	"$@" >"$TMP/.out" 2>"$TMP/.err" </dev/null || STATUS=$?
	OUT=$(cat "$TMP/.out") ERR=$(cat "$TMP/.err")
}

# verdict 0|1 DESCRIPTION: one TAP line; after a failure what the last command said
verdict() {
	COUNT=$((COUNT + 1))
	[ "$1" = 0 ] && { echo "ok $COUNT - $2"; return 0; }
	FAILED=$((FAILED + 1))
	echo "not ok $COUNT - $2"
	{ echo "exit status $STATUS"; echo "$OUT"; echo "$ERR"; } | tail -n 20 | sed 's/^/# /' >&2
	return 0
}

# ok DESCRIPTION COMMAND...: exit status 0
ok() { status 0 "$@"; }

# status N DESCRIPTION COMMAND...: exit status N
status() {
	_want=$1 _what=$2
	shift 2
	run "$@"
	_bad=0
	[ "$STATUS" = "$_want" ] || _bad=1
	verdict $_bad "$_what"
}

# like DESCRIPTION TEXT REGEX: a line of TEXT matches the extended regular expression
like() {
	_bad=0
	printf '%s\n' "$2" | grep -Eq -- "$3" || _bad=1
	[ $_bad = 0 ] || printf '# no line matches %s in:\n%s\n' "$3" "$(printf '%s' "$2" | sed 's/^/#   /')" >&2
	verdict $_bad "$1"
}

# is DESCRIPTION GOT WANTED
is() {
	_bad=0
	[ "$2" = "$3" ] || { _bad=1; printf '# got    %s\n# wanted %s\n' "$2" "$3" >&2; }
	verdict $_bad "$1"
}

# skip N REASON: N tests that can't run here
skip() { for _i in $(seq "$1"); do COUNT=$((COUNT + 1)); echo "ok $COUNT # SKIP $2"; done; }

done_testing() { echo "1..$COUNT"; [ "$FAILED" = 0 ]; }
