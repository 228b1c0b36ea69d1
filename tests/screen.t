#!/bin/sh
# Suites that draw: pictures of the screen, what is seen on them, and a suite's names for its verdicts.  QEMU and the kernels are
# fakes, see fixtures/fake-machine.sh.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/fixtures/fake-machine.sh"
CELL=good/i386-pae
kernel good
rm -f "$SHPTE_DATA"/kernels/[0-9]*.conf
status_of() { perl -MJSON::PP -e 'local $/; my ($t) = grep { $_->{name} eq $ARGV[0] } @{decode_json(<STDIN>)->{tests}}; print $t ? "$t->{status} $t->{detail}" : "none"' "$2" <"$RESULTS/$1/latest/result.json"; }

mkdir -p "$BM/suites/draw"
cat >"$BM/suites/draw/suite.conf" <<'EOT'
[suite]
	kind = guest
	tests = draw
	display = true
	verdict = start: X didn't start
	verdict = client*: client failed
	verdict = screen.desktop: X started, screen blank
	verdict = screen.desktop.*: X started, window missing
EOT

# Pictures of 8x4, as QEMU writes them: black with a window of 4x2+2+1 in #3366cc, and without.
picture() { printf 'P6\n8 4\n255\n'; perl -e 'for my $y (0..3) { for my $x (0..7) { print pack "C3", $ARGV[0] && $x >= 2 && $x < 6 && $y >= 1 && $y < 3 ? (51, 102, 204) : (0, 0, 0) } }' "$1"; }
png() { perl -MCompress::Zlib -e 'local $/; my ($p) = <STDIN> =~ /255\n(.*)/s;
	sub chunk { my $c = join "", @_; pack("N", length($c) - 4) . $c . pack("N", crc32($c)) }
	print "\x89PNG\r\n\x1a\n", chunk("IHDR", pack "NNC5", 8, 4, 8, 2, 0, 0, 0),
		chunk("IDAT", compress(join "", map { "\0" . substr $p, $_ * 24, 24 } 0..3)), chunk("IEND")'; }
picture 1 >"$TMP/window.ppm"
picture 0 >"$TMP/blank.ppm"
png <"$TMP/window.ppm" >"$TMP/window.png"
png <"$TMP/blank.ppm" >"$TMP/blank.png"

# What QEMU does with the commands of one screenshot; told what it shows, or how it fails.
cat >"$TMP/screendump" <<'EOT'
screendump() {
	while read -r command <&3; do
		id=$(expr "$command" : '.*"id":"\([a-z-]*\)"') file=$(expr "$command" : '.*"filename":"\([^"]*\)"')
		echo "$id $file" >>"$FAKE/commands"
		case $1:$id in
		silent:*) [ "$id" != screenshot-end ] || return ;;
		*:) continue ;;
		broken:ppm) echo '{"id": "ppm", "error": {"class": "GenericError", "desc": "no such console"}}' >&3 ;;
		half:ppm) head -c 50 "$FAKE/window.ppm" >"$file"; echo '{"return": {}, "id": "ppm"}' >&3 ;;
		nothing:*) echo "{\"return\": {}, \"id\": \"$id\"}" >&3 ;;
		*:ppm | *:png) cp "$FAKE/$1.$id" "$file"; echo "{\"return\": {}, \"id\": \"$id\"}" >&3 ;;
		*) echo "{\"return\": {}, \"id\": \"$id\"}" >&3 ;;
		esac
		[ "$id" != screenshot-end ] || break
	done
	read -r told
	echo "$told" >>"$FAKE/told"
}
# draws SHOWS RESULTS [REQUEST]
draws() {
	boot
	echo "KTAP version 1"
	printf "$2"
	echo "  # screenshot ${3-desktop window=4x2+2+1 #3366cc}"
	screendump "$1"
	echo "# shpte-guest: end"
	ends
}
EOT
guest() { printf '. "$FAKE/screendump"\n%s\n' "$*" >"$TMP/guest"; }
OK='1..2\nok 1 start\nok 2 client\n'

# --- which machine
guest "draws window '$OK'"
status 2 "a machine without a display" "$SHPTE" suite $CELL draw
like "is told, and those that have one" "$ERR" "draw draws, and i386-pae has no display \(qemu.display in its .conf\); these have: none"
sed 's/^\tappend =/\tdisplay = VGA,xres=8,yres=4\n&/' "$BM/arch/i386-pae.conf" >"$BM/arch/screened.conf"
cp "$BM/arch/i386-pae.config" "$BM/arch/screened.config"
status 2 "a machine without a display, beside one that has" "$SHPTE" suite $CELL draw
like "that one is named" "$ERR" "these have: screened$"
CELL=good/screened

# --- a picture that shows what it shall
ok "a window on both kernels" "$SHPTE" suite $CELL draw
is "passes" "$OUT" "$CELL/base+draw: pass: 4 of 4 guest tests passed
$CELL/shpte+draw: pass: 4 of 4 guest tests passed
draw on $CELL: pass"
is "QEMU has a display" "$(grep -A 1 -x -e -device "$TMP/args" | xargs)" "-device VGA,xres=8,yres=4"
is "what is seen are tests" "$(status_of $CELL/base+draw screen.desktop), $(status_of $CELL/base+draw screen.desktop.window)" \
	"pass 8x4, pass 100.0 % of 4x2+2+1 is #3366cc, wanted 100 %"
is "QEMU stood still meanwhile" "$(head -n 5 "$TMP/commands" | cut -d' ' -f1 | xargs)" "screenshot-begin ppm png screenshot-end"
is "the guest was told when" "$(head -n 1 "$TMP/told")" "screenshot desktop"
is "the picture is there, in its folder" "$(json $CELL/base+draw screenshots.0) $(cmp "$TMP/window.png" "$RESULTS/$CELL/base+draw/latest/screenshot-desktop.png" && echo same)" "desktop same"
is "what was only for us is not" "$(ls "$RESULTS/$CELL/base+draw/latest" | grep -c ppm)" 0
is "no name of its own" "$(json $CELL/base+draw kind)" none

# --- one that does not
guest "case \$KERNEL in *shpte*) draws blank '$OK' ;; *) draws window '$OK' ;; esac"
status 1 "a blank screen of the derived kernel" "$SHPTE" suite --again $CELL draw
like "has its name" "$OUT" "$CELL/shpte\+draw: X started, screen blank: 2 of 4 guest tests failed: screen.desktop \(8x4, all of it #000000\), screen.desktop.window \(0.0 % "
like "is a regression" "$OUT" "^draw on $CELL: regression: X started, screen blank$"
is "verdict, and what it is one of" "$(json $CELL/shpte+draw verdict), $(json $CELL/shpte+draw kind)" "X started, screen blank, test failed"
is "the picture is there all the same" "$(cmp "$TMP/blank.png" "$RESULTS/$CELL/shpte+draw/latest/screenshot-desktop.png" && echo same)" same
BEFORE=$(runs)
status 1 "nothing changed" "$SHPTE" suite $CELL draw
is "is not run again" "$(runs)" "$BEFORE"
like "and has its name still" "$OUT" "^draw on $CELL: regression: X started, screen blank$"
guest 'tests "1..1\nok 1 munmap\n"'
ok "the guest tests" "$SHPTE" matrix "$CELL/*"
mkdir "$SHPTE_DATA/reports"
cp -r "$REPO/reports/templates" "$SHPTE_DATA/reports"
ok "the report" "$SHPTE" report --output "$TMP/site"
PAGE=$(cat "$TMP"/site/suite/*draw*.html)
like "shows the verdict as a bad one" "$PAGE" '<span class="v bad">.*X started, screen blank'
like "and both pictures" "$PAGE" '<img src="[^"]*base[^"]*desktop.png"'
like "with a text for who sees none" "$PAGE" '<img src="[^"]*shpte[^"]*desktop.png" [^>]*alt="[^"]*desktop"'
is "they are in the site" "$(cat "$TMP"/site/cell/*base*screenshot-desktop.png | cmp - "$TMP/window.png" && echo same)" same
like "with its size, on the page of the cell as well" "$(cat "$TMP"/site/cell/*shpte*draw.html)" '<img src="[.][.]/cell/[^"]*shpte[^"]*" width="8" height="4" [^>]*alt="'
like "small ones are on the front page" "$(cat "$TMP/site/index.html")" '<img src="cell/[^"]*screenshot-desktop.png" [^>]*alt="'
guest "draws window '$OK' 'desktop window=4x2+3+1 #3366cc'"
status 1 "a window that is elsewhere" "$SHPTE" suite --again $CELL/base draw
like "has its name" "$OUT" "base\+draw: X started, window missing: .*screen.desktop.window \(75.0 % of"
guest "draws blank '$OK'"
ok "a screen that is blank on both kernels is no regression" "$SHPTE" suite --again $CELL draw
like "says so" "$OUT" "^draw on $CELL: no regression: X started, screen blank$"

echo "no picture" >"$RESULTS/$CELL/shpte+draw/latest/screenshot-desktop.png"
ok "a report of a picture that is none" "$SHPTE" report --output "$TMP/site"
is "leaves it out" "$(grep -o '<img' "$TMP"/site/suite/*draw*.html | wc -l)" 1

# --- tests of the guest's have the first word, the kernel the last
guest "draws blank '1..2\nok 1 start\nnot ok 2 client\n'"
status 1 "a client that fails on a blank screen" "$SHPTE" suite --again $CELL/base draw
like "has its name" "$OUT" "base\+draw: client failed: "
guest "tests '1..1\nnot ok 1 start # Xorg has ended\n'"
status 1 "no start" "$SHPTE" suite --again $CELL/base draw
like "has its name" "$OUT" "base\+draw: X didn't start: 1 of 1 guest tests failed: start \(Xorg has ended\)"
guest "k 'BUG: Bad rss-counter state'; draws blank '$OK'"
status 1 "a kernel that complains meanwhile" "$SHPTE" suite --again $CELL/base draw
like "has complained" "$OUT" "base\+draw: kernel complained: "
guest "tests '1..2\nok 1 start\nnot ok 2 other\n'"
status 1 "a test that has no name" "$SHPTE" suite --again $CELL/base draw
like "has failed" "$OUT" "base\+draw: test failed: "

# --- no picture
for how in broken:'no such console' half:'a picture of 8x4 has 107 bytes, not 50' nothing:'QEMU has not written /.*/screenshot-desktop.ppm'; do
	guest "draws ${how%%:*} '$OK'"
	status 1 "${how%%:*}" "$SHPTE" suite --again $CELL/base draw
	like "why" "$(status_of $CELL/base+draw screen.desktop)" "^fail no picture: ${how#*:}$"
	is "none is recorded" "$(json $CELL/base+draw screenshots)" none
done
guest "echo >>$TMP/told; screendump() { :; }; draws silent '$OK'"
status 1 "a QEMU that does not answer" "$SHPTE" suite --again $CELL/base draw
like "is told" "$(status_of $CELL/base+draw screen.desktop)" "^fail no picture: QEMU did not answer$"
: >"$TMP/commands"
guest "screendump() { read -r told; echo \"\$told\" >$TMP/told; }; draws window '$OK' ../../../x"
ok "a name that is a path" "$SHPTE" suite --again $CELL/base draw
is "is none; the guest goes on" "$(cat "$TMP/told") $(wc -l <"$TMP/commands")" "screenshot none 0"
guest "screendump() { read -r told; echo \"\$told\" >$TMP/told; }; draws window '$OK'"
ok "with no folder for pictures" "$SHPTE" boot $CELL/base
is "the guest goes on" "$(cat "$TMP/told")" "screenshot none"

# --- bad input
for line in "verdict = start" "verdict = start: pass" "verdict = : x" "display = often"; do
	printf '[suite]\n\tkind = guest\n\ttests = draw\n\t%s\n' "$line" >"$BM/suites/draw/suite.conf"
	status 1 "$line" "$SHPTE" suite $CELL/base draw
	like "is told with its file" "$ERR" "draw/suite.conf"
done
done_testing
