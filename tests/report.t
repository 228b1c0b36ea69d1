#!/bin/sh
# shpte report: from result folders to the site, which a real browser opens.
. "$(dirname "$0")/lib.sh"
FIXTURES=$(cd "$(dirname "$0")/fixtures/results" && pwd)
export XDG_CACHE_HOME="$TMP/cache"
CACHE=$XDG_CACHE_HOME/shpte SITE=$TMP/site
CELLS=$CACHE/results/6.12/i386-pae
NOW=$CELLS/shpte/20261123T204512Z
# The last rule of the fixture has nothing to do on this tree, so no commit.
SUBJECTS=$(sed -n 's/.*"subject": "\(.*\)",/\1/p' "$FIXTURES/6.12/i386-pae/shpte/20261123T204512Z/result.json" | sed '$d')

# A store with a commit for each rule of the fixture; the fixture's ids, ...c0ffee01 and on, become theirs.
make_store() {
	git init -q "$TMP/tree" && cd "$TMP/tree" || return
	git config user.name "A <Tester>" && git config user.email tester@localhost
	mkdir mm && seq 1 200 >mm/memory.c && git add . && git commit -qm base
	i=0
	printf '%s\n' "$SUBJECTS" | while read -r subject; do
		i=$((i + 1))
		echo "	if (a < b && shpte_$i(\"<script>alert(2)</script>\"))" >>mm/memory.c
		printf '%s\n\nWhy rule %d is needed: <b>because</b>.\n' "$subject" $i >"$TMP/message"
		git commit -qaF "$TMP/message"
		sed -i "s/$(printf '%040x' $((0xc0ffee00 + i)))/$(git rev-parse HEAD)/" "$CELLS"/shpte/*/result.json
	done
	cd "$OLDPWD" && git clone -q --bare "$TMP/tree" "$CACHE/store.git"
}

report() { "$SHPTE" report --quiet --output "$SITE"; }

# browse [OPTION...] URL: Chromium without a window, for ever new users
browse() {
	timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
		--disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$(mktemp -d -p "$TMP")" \
		"$@" 2>/dev/null	# it complains of the machine: no bus, no GPU
}

# dom FILE: the page as the browser has understood it, in $DOM
dom() {
	run browse --dump-dom "file://$SITE/$1"
	DOM=$OUT
}

has() { like "$1" "$DOM" "$2"; }

# Every page: tags closed in order, ids once, links and pictures there, nothing from elsewhere, no script.
cat >"$TMP/check.pl" <<'EOF'
use strict;
my ($root, %ids, @links, $bad) = (shift);
sub bad { print "@_\n"; $bad = 1; }
for my $file (split /\n/, `find $root -name '*.html'`) {
	open my $f, '<:encoding(UTF-8)', $file or die;
	my $t = do { local $/; <$f> };
	my @open;
	while ($t =~ m{<(/?)([a-zA-Z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>}g) {
		my ($end, $tag, $attrs) = ($1, $2, $3);
		bad("$file: <script>") if $tag eq 'script';
		if ($end) { my $was = pop @open; bad("$file: <$was> ended by </$tag>") if $was ne $tag; }
		elsif ($tag !~ /^(meta|link|img|br)$/) { push @open, $tag; }
		bad("$file: id $1 twice") if $attrs =~ /\sid="([^"]*)"/ && $ids{"$file#$1"}++;
		push @links, [$file, $2] while $attrs =~ /\s(href|src)="([^"]*)"/g;
		(my $names = $attrs) =~ s/"[^"]*"//g;
		bad("$file: $1") if $names =~ /\s(on[a-z]+=|style=)/;
	}
	bad("$file: not closed: @open") if @open;
	(my $rest = $t) =~ s{<!DOCTYPE html>|</?[a-zA-Z][a-z0-9]*(?:\s+[a-z-]+(?:="[^"<>]*")?)*\s*>}{}g;
	bad("$file: stray '<' or '>': $1") if $rest =~ /(.{0,20}[<>].{0,20})/;
}
for (@links) {
	my ($file, $to) = @$_;
	next if $to eq 'data:,';
	bad("$file: link to elsewhere: $to"), next if $to =~ m{^[a-z]+:|^/};
	my ($path, $id) = split /#/, $to;
	$path =~ s/%([0-9A-F]{2})/chr hex $1/ge;
	my $where = $path eq '' ? $file : $file =~ s{[^/]*$}{}r . $path;
	1 while $where =~ s{/[^/]+/\.\./}{/};
	bad("$file: dead link: $to") unless -f $where;
	bad("$file: no such place: $to") if defined $id && !$ids{"$where#$id"};
}
exit($bad ? 1 : 0);
EOF

# What an HTML validator says of all pages; this one is older than two attributes that are standard.
valid() {
	find "$SITE" -name '*.html' -exec tidy -q -e -utf8 {} \; 2>&1 |
		grep -v 'proprietary attribute "\(loading\|aria-current\)"'
}

status 1 "no results: exit status 1" report
like "... and what to do" "$ERR" "no results yet: run 'shpte matrix', or 'shpte rebase', first"
ok "... and no site" test ! -e "$SITE"
mkdir "$CACHE/rebases" && echo '{"old": "1", "new": "2", "verdict": "ported"}' >"$CACHE/rebases/1..2.json"
ok "where only a rebase was made there is its page" report
ok "... whose links all lead somewhere" perl "$TMP/check.pl" "$SITE"
is "... and its HTML is valid" "$(valid)" ""
dom index.html
has "... with a front page that says what is missing" 'No derived kernel was put to the guest tests yet'
rm -r "$CACHE/rebases" "$SITE"
status 2 "an unknown option" "$SHPTE" report --nonsense
ok "--help" "$SHPTE" report --help
like "... names its options" "$OUT" '--output'
flock -F "$CACHE/report.lock" sleep 100 &
HOLDER=$!
status 1 "one that waits for another can be stopped" timeout --preserve-status 2 "$SHPTE" report --output "$SITE"
is "and says so" "$(printf '%s\n' "$ERR" | tail -n 1)" "shpte: stopped; the site is as it was"
kill $HOLDER

mkdir -p "$CACHE" && cp -r "$FIXTURES" "$CACHE/results"
ln -s 20261123T204512Z "$CELLS/shpte/latest"
make_store

ok "the site is written" report
like "the verdict and where the page is, in one line" "$OUT" \
	"^Shared page tables are alive on 6.12 .*: both kernels pass, page tables of 50 × 256 MB sharers 1,900 kB instead of 26,956 kB: $SITE/index.html\$"
is "one line, nothing else" "$(printf '%s\n' "$OUT" | wc -l) $ERR" "1 "
ok "every page is sound, every link resolves" perl "$TMP/check.pl" "$SITE"

dom index.html
ok "the browser opens it" test "$STATUS" = 0
has "opens with the verdict" '<h1 class="verdict good">.*Shared page tables are alive on 6.12'
has "says when" '2026-11-23 20:45 UTC'
has "names the kernel" 'Linux 6\.12 <span class="dim">6\.12\.117-1~deb12u1'
has "names the architecture" '>i386-pae<'
for variant in base shpte; do
	has "names the variant $variant" ">$variant</th>"
	has "its verdict, in a word, leads to its page" "href=\"cell/6.12-i386-pae-$variant.html\"><span class=\"v good\">.* pass</span>"
	has "links its console log" "href=\"cell/6.12-i386-pae-$variant-console.html\""
done
for figure in 26,956 1,900 3,277,250 75,000; do has "has the figure $figure" ">$figure<"; done
has "and the ratio" '14\.2 × less'
for plot in pagetables_kb minor_faults ms; do
	has "plots $plot" "<img src=\"figures/6.12-i386-pae-256M-$plot.svg\""
	run cat "$SITE/figures/6.12-i386-pae-256M-$plot.svg"
	like "... with both lines labelled" "$OUT" '<text>base</text>'
	like "... one of them dashed" "$OUT" 'stroke-dasharray'
done
run git --git-dir "$CACHE/store.git" log --reverse --format='%H' HEAD~11..HEAD
missing=0
for id in $OUT; do
	case $DOM in *"href=\"commit/$id.html\""*) ;; *) missing=$((missing + 1)); echo "# no link to $id" ;; esac
done
is "links every commit of the series" "$missing" 0
has "says where a rule took hold" 'mm/memory.c:5840 __handle_mm_fault'
has "a rule that has no commit of its own has no link" 'follow the vma iterator <span class="dim">\(in the payload'

has "the architecture has a page" 'href="arch/i386-pae.html">i386-pae<'
has "an architecture that was never run has one, too" 'Not run yet: .*href="arch/x86_64.html"'
dom arch/parisc64.html
has "... with what it needs, and why" 'Needs</dt><dd>qemu-system-hppa 8.2 or newer: its firmware'
has "... and what of shpte is supported there" 'Shared page tables</dt><dd><span class="v [a-z]*">.*</span>: [a-z]'
dom arch/i386-pae.html
has "an architecture's page says that tables are shared" 'v good">.* supported'
has "... the compiler" 'i686-linux-gnu-gcc \(Debian 12.2.0-14\) 12.2.0'
has "... the emulator" 'QEMU emulator version 7.2.22'
has "... the levels of page tables" '3 levels; .*the guest has not been asked yet'
has "... the verdicts of each kernel" 'href="../cell/6.12-i386-pae-shpte.html"><span class="v good">.* pass'
has "... what turned red" '2026-11-21 18:00 UTC</td><td>6.12 shpte<br><small>6.12[^<]*</small></td><td><span class="v bad">.* panic</span></td><td>first run'
has "... the latest of which leads to its page" '<td><a href="../cell/6.12-i386-pae-shpte.html">6.12 shpte</a><br>'
has "... as does the last of the last runs, which says in words what it was" \
	'<a href="../cell/6.12-i386-pae-shpte.html"><span class="v good" title="[^"]*"><span aria-hidden="true">.</span><span class="unseen">2026-[^<]* pass; </span></span></a></td>'
has "... what turned green, and by what" '<span class="v bad">.* test failed</span> → <span class="v good">.* pass</span></td><td>new kernel 6.12.117-1~deb12u1'
for plot in pagetables boot build; do
	ok "... $plot over time" grep -q '<text>.*11-2[0-9]' "$SITE/figures/6.12-i386-pae-over-time-$plot.svg"
done

commit=$(git --git-dir "$CACHE/store.git" rev-parse HEAD)
dom "commit/$commit.html"
has "a commit's page has its message, escaped" 'Why rule [0-9]+ is needed: &lt;b&gt;because'
has "... and its diff, with the sign kept" '<span class="add">\+.*if \(a &lt; b &amp;&amp; shpte_'

dom cell/6.12-i386-pae-shpte.html
has "a cell's page has the compiler" 'i686-linux-gnu-gcc \(Debian 12.2.0-14\) 12.2.0'
has "... the command to reproduce it" 'build/shpte boot 6.12/i386-pae/shpte'
has "... a guest test that was skipped, with its reason" 'no swap device in this configuration'
has "... older verdicts: panic" 'class="v bad">.* panic'
has "... older verdicts: test failed" 'class="v bad">.* test failed'

dom cell/6.12-i386-pae-shpte-console.html
has "the log's script is text" '&lt;script&gt;alert\(1\)&lt;/script&gt;'
is "... and only text" "$(printf '%s' "$DOM" | grep -c '<script')" 0
is "terminal escapes are gone" "$(printf '%s' "$DOM" | grep -c '\[1;32m')" 0
ok "the whole log is there as it is" cmp "$NOW/console.log" "$SITE/cell/6.12-i386-pae-shpte-console.txt"

for width in 360 1280; do
	run browse --window-size=$width,1400 --screenshot="$TMP/$width.png" "file://$SITE/index.html"
	ok "a screenshot at $width pixels is more than a blank page" test "$(stat -c %s "$TMP/$width.png")" -gt 40000
done
# The pages in frames as wide as a phone: what does not fit scrolls inside its own box, never the page.
{
	echo '<body>'
	(cd "$SITE" && find . -name '*.html') | while read -r page; do
		echo "<iframe src='$SITE/$page' width=360 height=700 onload=\"document.body.append('$page:' + contentDocument.documentElement.scrollWidth + ' ')\"></iframe>"
	done
} >"$TMP/phone.html"
run browse --allow-file-access-from-files --virtual-time-budget=20000 --dump-dom "file://$TMP/phone.html"
DOM=$OUT
is "all pages were measured" "$(printf '%s' "$DOM" | grep -Eo 'html:[0-9]+' | wc -l)" "$(find "$SITE" -name '*.html' | wc -l)"
is "no page is wider than a phone" "$(printf '%s' "$DOM" | grep -Eo '[^ >]*html:[0-9]+' | grep -v 'html:3[0-6][0-9]$')" ""

# What KCIDB's published schema, 5.3, says of the objects that we write.
cat >"$TMP/kcidb.pl" <<'EOF'
use strict; use JSON::PP;
my $j = decode_json(do { local (@ARGV, $/) = shift; <> });
my ($text, $id, $path) = (qr/^[^\0]*$/, qr/^[a-z0-9_]+:.*$/, qr/^([a-zA-Z0-9_-]+(\.[a-zA-Z0-9_-]+)*)?$/);
my ($time, $number) = (qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, qr/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/);
my %common = (id => $id, origin => qr/^[a-z0-9_]+$/, comment => $text, start_time => $time, misc => 'HASH');
my $status = qr/^(FAIL|ERROR|MISS|PASS|DONE|SKIP)$/;
my %schema = (
	checkouts => { %common, tree_name => $text, git_commit_hash => qr/^[0-9a-f]{40}$/, git_commit_name => $text,
		       git_repository_branch => $text, valid => 'JSON::PP::Boolean' },
	builds => { %common, checkout_id => $id, duration => $number, architecture => qr/^[a-z0-9_]*$/, config_name => $text,
		    compiler => $text, status => $status },
	tests => { %common, build_id => $id, path => $path, duration => $number, status => $status, environment => 'HASH',
		   number => 'HASH' });
my %parent = (builds => ['checkout_id', 'checkouts'], tests => ['build_id', 'builds']);
my %ids;
die "version" if $j->{version}{major} != 5 || $j->{version}{minor} > 3;
die "unknown: $_" for grep { !$schema{$_} && $_ ne 'version' } keys %$j;
for my $list (qw(checkouts builds tests)) {
	for my $o (@{$j->{$list}}) {
		for my $key (keys %$o) {
			my $rule = $schema{$list}{$key} or die "$list: unknown $key";
			die "$list: null $key" if !defined $o->{$key};
			die "$list: $key is '$o->{$key}'" if ref $rule ? $o->{$key} !~ $rule : ref $o->{$key} ne $rule;
		}
		die "$list: no id" if !$o->{id} || $o->{origin} ne ($o->{id} =~ s/:.*//sr);
		die "$list: $o->{id} twice" if $ids{$list}{$o->{id}}++;
		my ($key, $of) = @{$parent{$list} // next};
		die "$list: $o->{id} has no parent" if !$ids{$of}{$o->{$key}};
	}
}
EOF
ok "results.json is what KCIDB's schema accepts" perl "$TMP/kcidb.pl" "$SITE/results.json"
ok "... and has the results" perl -MJSON::PP -e '
	my $j = decode_json(do { local (@ARGV, $/) = shift; <> });
	die if $j->{version}{major} != 5 || @{$j->{checkouts}} != 2 || @{$j->{builds}} != 2;
	die unless grep { $_->{path} eq "boot" && $_->{status} eq "PASS" && $_->{misc}{variant} eq "shpte" } @{$j->{tests}};
	die unless grep { $_->{path} eq "shpte.swap-out" && $_->{status} eq "SKIP" } @{$j->{tests}};
	die unless grep { ($_->{number}{value} // 0) == 1900 } @{$j->{tests}}' "$SITE/results.json"

cp -r "$SITE" "$TMP/before"
ok "again, with nothing changed" report
ok "... gives the same site" diff -r "$TMP/before" "$SITE"

mkdir "$CELLS/shpte/20261201T000000Z"
echo '{ "cell": "6.12/i386-' >"$CELLS/shpte/20261201T000000Z/result.json"
ok "a broken result.json is left out" report
like "... with a warning that names it" "$ERR" 'warning: .*/shpte/20261201T000000Z/result.json: left out: .+'
sed 's/6.12/9.99/g' "$NOW/result.json" >"$CELLS/shpte/20261201T000000Z/result.json"
ok "a foreign one as well" report
like "... named, too" "$ERR" '20261201T000000Z/result.json: left out: it is a result of 9.99'
ok "... and the site is the same" diff -r "$TMP/before" "$SITE"
rm -r "$CELLS/shpte/20261201T000000Z"

echo garbage >"$CACHE/results.db"
ok "a damaged database is built anew" report
ok "... and the site is the same" diff -r "$TMP/before" "$SITE"

# Killed wherever it is, the site that was there, or the new one, is whole.
half=0
for delay in 0.01 0.03 0.05 0.08 0.12 0.2; do
	"$SHPTE" report --quiet --output "$SITE" >/dev/null 2>&1 &
	sleep $delay
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	diff -r "$TMP/before" "$SITE" >/dev/null || half=$((half + 1))
done
is "killed with kill -9 at six moments: never half a site" $half 0
ok "... and the next run is as if nothing was" report
is "... with nothing left beside the site" "$(ls -A "$TMP" | grep -c '^\.site\.')" 0

seq 1 100000 | sed 's/$/ BUG: flood/' >"$NOW/console.log"
ok "a log of 100,000 lines" report
like "... is cut in the middle" "$(cat "$SITE/cell/6.12-i386-pae-shpte-console.html")" '95,000 lines left out'
ok "... its page stays small" test "$(stat -c %s "$SITE/cell/6.12-i386-pae-shpte-console.html")" -lt 1000000
ok "... and the whole is the text file" cmp "$NOW/console.log" "$SITE/cell/6.12-i386-pae-shpte-console.txt"

cp -r "$CELLS/shpte/20261121T180000Z" "$CELLS/shpte/20261202T000000Z"
ok "a newer panic" report
like "... is the verdict" "$OUT" 'broken on 6.12 .*: the derived kernel fails: panic \(Kernel panic - not syncing: Fatal exception\), the unpatched kernel passes'
dom cell/6.12-i386-pae-shpte.html
has "... its complaint leads to its line in the log" 'BUG: unable to handle page fault.*href="../cell/6.12-i386-pae-shpte-console.html#c0"'
ok "... which is there" grep -q '<mark id="c0">.*BUG: unable to handle page fault' "$SITE/cell/6.12-i386-pae-shpte-console.html"

rm -r "$CELLS/base"
ok "a cell whose results are gone" report
ok "... has no page any more" test ! -e "$SITE/cell/6.12-i386-pae-base.html"
ok "... and every link still resolves" perl "$TMP/check.pl" "$SITE"

# --- many architectures, made of what there is: cell CELL STAMP CODE; CODE is Perl that changes the result $r
cell() {
	mkdir -p "$CACHE/results/$1/$2"
	case $1 in */base*) _from=base/20261123T204400Z ;; *) _from=shpte/20261123T204512Z ;; esac
	perl -MJSON::PP -e 'my ($file, $cell, $code) = @ARGV;
		our $r = decode_json(do { local (@ARGV, $/) = $file; <> });
		@$r{qw(cell kernel arch variant)} = ($cell, split "/", $cell);
		eval "$code; 1" or die $@;
		print encode_json($r)' "$FIXTURES/6.12/i386-pae/$_from/result.json" "$1" "${3:-}" >"$CACHE/results/$1/$2/result.json"
	echo "Linux version 6.12" >"$CACHE/results/$1/$2/console.log"
}
rm -rf "$CACHE/results" && cp -r "$FIXTURES" "$CACHE/results"
FAILS='$r->{verdict} = "test failed"; $_->{status} = "fail" for grep { $_->{name} =~ /^(fork|mremap)$/ } @{$r->{tests}}'
for a in i386-nohighmem i386-highmem4g x86_64 gone; do
	cell 6.12/$a/base 20261101T000000Z '$r->{figures}{"pagetable.levels"} = 3'
	cell 6.12/$a/shpte 20261101T000000Z
done
cell 6.12/arm64/shpte 20261101T000000Z '$r->{seconds}{build} = 0'
cell 6.12/alpha/shpte 20261101T000000Z '$r->{verdict} = "build failed"; $r->{seconds}{boot} = 0; $r->{figures} = {}; $r->{tests} = []'
for v in base shpte; do cell 6.12/m68k/$v 20261101T000000Z '$r->{figures}{"pagetable.levels"} = 1'; done
cell 6.12/x86_64/base 20261102T000000Z "$FAILS; pop @{\$r->{tests}}"
cell 6.12/x86_64/shpte 20261102T000000Z "$FAILS"
cell 7.3/i386-pae/base 20261102T000000Z
cell 7.3/i386-pae/shpte 20261101T000000Z
cell 7.3/i386-pae/shpte 20261102T000000Z "$FAILS; \$r->{rules}[2]{commit} = '5' x 40; splice @{\$r->{tests}}, 12, 3"
cell 7.3/x86_64/shpte 20261102T000000Z "$FAILS"
cell 6.12/x86_64/base+x 20261102T000000Z '$r->{suite} = "x"; $r->{figures} = {}'
cell 6.12/x86_64/shpte+x 20261102T000000Z '$r->{suite} = "x"; $r->{figures} = {}; $r->{verdict} = "screen blank"'
DETAIL='$r->{detail} = "2 of 17 guest tests failed: fork (" . "words " x 50 . "), mremap"'
for v in base shpte; do cell 6.12/x86_64/$v+z 20261102T000000Z "\$r->{suite} = 'z'; $FAILS; $DETAIL"; done
Y='$r->{suite} = "y"; $r->{figures} = {"f.insns" => 100%s, "f.far.insns" => 10%s, "db.tps" => %s0, "db.what" => %s}'
cell 6.12/x86_64/base+y 20261102T000000Z "$(printf "$Y" 00 00 9 2)"
cell 6.12/x86_64/shpte+y 20261102T000000Z "$(printf "$Y" 4 2 8 3)"'; $r->{tests} = [{name => "bound.f.insns", status => "fail",
	detail => "0.1004 times the base\x27s, at most 0.1"}, {name => "fork", status => "skip", detail => "no time left"}];
	$r->{figures}{"soak.$_.steps"} = 4321, $r->{figures}{"soak.$_.kills"} = ord for qw(a b c)'
X=$CACHE/results/6.12/x86_64
for v in base shpte; do cp "$TMP/360.png" "$X/$v+x/20261102T000000Z/screenshot-a b.png"; done
echo '<script>no picture</script>' >"$X/base+x/20261102T000000Z/screenshot-fake.png"
ok "a matrix of kernels and architectures" report
like "... and the verdict on all of it" "$OUT" '^Shared page tables are alive on 4 of 9 pairs of kernel and architecture, broken on 1, failing on 2 with no base to compare with, not proven on 2; refused, as it must be, on 1 \(1 runs as without it\), with a regression in 1 of 3 suites:'
ok "every page is sound, every link resolves" perl "$TMP/check.pl" "$SITE"
dom index.html
has "the kernels are its columns" 'colspan="2" class="kernel">Linux 7.3 .*colspan="2" class="kernel">Linux 6.12 '
has "what only the derived kernel fails is a regression" \
	'class="cell bad"><a href="cell/7.3-i386-pae-shpte.html"><span class="v bad">.* test failed</span>.*<strong>regression</strong>: 4 tests'
has "what the base fails too is none, and not red" \
	'class="cell none"><a href="cell/6.12-x86_64-shpte.html"><span class="v none">.* test failed</span>.*<strong>fails on the base too<'
has "without a base there is nothing to compare with" 'href="cell/7.3-x86_64-shpte.html"><span class="v bad">.*<strong>no base to compare with<'
has "... and as red in the list below" '<span class="v bad">.* 7.3</span> <strong>x86_64</strong>: the derived kernel fails'
has "the screen stands in the cell, with its verdict" \
	'<img src="cell/6.12-x86_64-shpte\+x-screenshot-a_b.png" width="360" height="1400".*<span class="v bad">.* x</span><small>screen blank'
is "... what is no picture does not" "$(find "$SITE" -name '*fake.png'; printf '%s' "$DOM" | grep -c fake)" 0
has "page tables of all architectures in one plot" '<img class="bars" src="figures/architectures.svg"'
run cat "$SITE/figures/architectures.svg"
for a in i386-nohighmem i386-highmem4g x86_64 gone i386-pae; do like "... $a" "$OUT" "<text>.*$a</text>|>$a<"; done
like "... with what each bar is" "$OUT" '>shpte 1,900<'
like "... one that has no other beside it says why" "$OUT" '>base not run<'
like "... and where sharing is refused, that it is" "$OUT" '>shpte 1,900, sharing refused<'
dom index.html
has "... as the table below says" '>arm64<.*<td class="num">–</td><td class="num">1,900</td><td class="num">base not run</td>'
dom cell/7.3-i386-pae-shpte.html
has "a failing test says that it is a regression" '<code>mremap</code>.* fail</span>.*<strong>regression</strong>'
has "... and how to run it alone" "build/shpte boot 6.12/i386-pae/shpte --append 'tests=mremap'"
has "what was not come to is one as well" 'regression</strong>: 2 tests that the base passes were not come to: sysv-shm, compaction'
dom cell/6.12-x86_64-shpte.html
has "a failing test says that the base fails it, too" '<code>mremap</code>.*<strong>fails on the base too</strong>'
dom suite/6.12-x86_64-x.html
has "a suite's page has the base's screen" 'figcaption>base\+x: a b<'
has "... and the derived kernel's" 'figcaption>shpte\+x: a b<'
dom arch/i386-pae.html
has "what turned red names the rule's commit" \
	'7.3 shpte</a><br><small>[^<]*</small></td><td><span class="v good">.* pass</span> → <span class="v bad">.* test failed</span></td><td>rule hooks/fault: .*555555555555'
dom arch/x86_64.html
has "what the base fails too is not red in the last runs" 'trail wide">.*<span class="v good".*<span class="v none"'
has "... nor in what turned red" '<span class="v good">.* pass</span> → <span class="v none">.* test failed</span>'
dom cell/6.12-x86_64-shpte.html
has "... nor in the history" 'class="when">.*<span class="v none">.* test failed'
dom index.html
has "... nor beside the console logs" 'Console log of 6.12 x86_64 shpte</a> · <span class="v none">'
has "... nor among the suites" '>z</a></th><td>6.12 x86_64</td><td><span class="v bad">.* test failed</span></td><td><span class="v none">.* test failed'
has "... where a long list of them is cut to their names" 'test failed \(2 of 17 guest tests failed: mremap, fork\)'
dom cell/6.12-x86_64-shpte+z.html
has "... as in the heading of its page" '<p class="verdict none">.*: 2 of 17 guest tests failed: mremap, fork</p>'
has "... which has all of it below" '<p class="detail">2 of 17 guest tests failed: fork \(words words .*\), mremap</p>'
dom suite/6.12-x86_64-z.html
has "... nor on a suite's page" '>shpte</th><td><span class="v none">.* test failed'
dom suite/6.12-x86_64-y.html
has "what was not come to is said first, and is not good" '<p class="verdict none">.*1 test that the base passes was not come to; '
has "a figure that fails its bound says so" '<code>f.insns</code>.*<span class="v bad">.* 0.1004 times the base.s, at most 0.1</span>'
has "less instructions are better" '<code>f.far.insns</code>.*9\.8 × less, better'
has "... less transactions are worse" '<code>db.tps</code>.*1\.1 × less, worse'
has "... of what we don't know nothing is said" '<code>db.what</code>.*1\.5 × more</td>'
has "figures of groups with the same words are a table of both" '<th scope="col">soak</th>.*<th scope="col" class="num">(kills|steps)</th>'
has "... a row a group" '<code>b</code></th>(<td class="num">(4,321|98)</td>){2}</tr>'
is "... and no rows of their own" "$(printf '%s' "$DOM" | grep -c 'soak\.a')" 0
dom arch/i386-nohighmem.html
has "the levels of page tables that the guest found" '3 levels, as the guest found in .*6.12/i386-nohighmem/base'
dom arch/m68k.html
has "... where nobody has said that a table is a page, what the guest counted is none" 'not counted: nobody has said that a table is a page here<'
has "... and what the page tables are of" '1,900 <span class="dim">/ 26,956</span><br><small>50 × 256 MB<'
dom cell/6.12-arm64-shpte.html
has "a kernel that was there already took no time to build" 'Build</dt><dd>was built before<'
dom cell/6.12-alpha-shpte.html
has "... one that could not be built was not booted" 'Boot and tests</dt><dd>was not booted<'
dom arch/gone.html
has "an architecture that nothing describes any more has a page" 'Kernels</h2>'

# --- exports
ok "results.json is what KCIDB's schema accepts" perl "$TMP/kcidb.pl" "$SITE/results.json"
# xml FILE: parsed by the browser, in $DOM
xml() {
	dom "$1"
	is "$1 is well-formed" "$(printf '%s' "$DOM" | grep -c parsererror) $STATUS" "0 0"
}
xml junit.xml
run cat "$SITE/junit.xml"
like "a test suite a cell, with its numbers" "$OUT" \
	'<testsuite name="7.3/i386-pae/shpte" tests="16" failures="4" errors="0" skipped="0" time="44.000" timestamp="2026-11-23T20:45:12">'
like "a regression says so" "$OUT" '<failure type="regression" message='
like "... what the base fails as well is no failure" "$OUT" '<skipped message="fails on the base too'
like "what was skipped says why" "$OUT" '<skipped message="no swap device in this configuration"/>'
is "all of them are counted" "$(grep -c '<failure' "$SITE/junit.xml") $(grep -c '<skipped' "$SITE/junit.xml") $(grep -c '<testcase' "$SITE/junit.xml")" \
	"$(sed -n 's/<testsuites name="shpte" tests="\(.*\)" failures="\(.*\)" errors="0" skipped="\(.*\)" time.*/\2 \3 \1/p' "$SITE/junit.xml")"
ok "... in which a kernel that was not built was not booted, either, and the source is the base's" perl -MJSON::PP -e '
	my $j = decode_json(do { local (@ARGV, $/) = shift; <> });
	my %alpha = map { $_->{path} // $_->{config_name} => $_ } grep { ($_->{id} // "") =~ m,^shpte:6.12/alpha/shpte, } @{$j->{builds}}, @{$j->{tests}};
	die if $alpha{alpha}{status} ne "FAIL" || $alpha{boot}{status} ne "MISS" || exists $alpha{boot}{duration};
	my ($base, $ours) = map { my $v = $_; grep { $_->{id} =~ m,^shpte:6.12/x86_64/$v/, } @{$j->{checkouts}} } qw(base shpte);
	die if $ours->{git_commit_hash} ne $base->{git_commit_hash} || $ours->{misc}{commit} eq $base->{misc}{commit}' "$SITE/results.json"
ok "results.json says of a failure what it is beside the base's" perl -MJSON::PP -e '
	my $j = decode_json(do { local (@ARGV, $/) = shift; <> });
	die unless grep { $_->{path} eq "shpte.fork" && ($_->{misc}{beside_base} // "") eq "fails on the base too" } @{$j->{tests}}' "$SITE/results.json"
xml badge.svg
has "the badge says on how many tables are shared, as the headline does" '<title>shpte: 4 of 9 alive, 1 broken, 2 failing, 1 suite broken</title>'
xml badge/6.12.svg
has "... a kernel's, too" '<text[^>]*>6.12</text>'
run cat "$SITE/cell/6.12-x86_64-shpte-tap.txt"
is "KTAP: the plan" "$(printf '%s\n' "$OUT" | sed -n 2p)" "1..17"
is "... as many results" "$(printf '%s\n' "$OUT" | grep -Ec '^(not )?ok [0-9]+ ')" 17
like "... what the base fails too is expected" "$OUT" '^not ok [0-9]+ fork # XFAIL fails on the base too'
like "... what was skipped" "$OUT" '^ok [0-9]+ swap-out # SKIP no swap device'
run cat "$SITE/cell/7.3-i386-pae-shpte-tap.txt"
like "... what is a regression" "$OUT" '^not ok [0-9]+ mremap # regression'

# --- what comes from a guest is text, wherever it goes
HOSTILE='my $x = qq(<script>alert("1")</script>]]>\x27&amp;\x01\x1b[31m\x{fffe}\n#\x{1f600}{{body}}<!-- --><img src=x onerror=alert(2)>);
	$r->{verdict} = "panic"; $r->{$_} = $x for qw(detail version branch commit compiler qemu reproduce started);
	$r->{tests} = [map { { name => $_, status => "fail", detail => $x } } $x, "../../$x", "a..b.", ".", "same", "same"];
	$r->{complaints} = [$x, $x]; $r->{figures} = { $x => 1, "sharers.256M.50.pagetables_kb" => 1e300, "a.b" => -0.5 };
	$r->{rules} = [{ name => "hooks/$x", subject => $x, commit => $x, where => [$x], places => 1, wanted => 2 }] if $r->{rules}'
rm -rf "$CACHE/results"/7.3
for k in 7.3 "<b>&'\"]]>"; do
	cell "$k/i386-pae/base" 20261101T000000Z
	cell "$k/i386-pae/shpte" 20261101T000000Z
	cell "$k/i386-pae/shpte" 20261102T000000Z "$HOSTILE"
	printf 'BUG: <script>alert(1)</script>]]>\000\001\033[2J\377\200\r\n' >"$CACHE/results/$k/i386-pae/shpte/20261102T000000Z/console.log"
done
ok "hostile results" report
is "the pages are valid HTML" "$(valid)" ""
ok "every page is sound, no script, every link resolves" perl "$TMP/check.pl" "$SITE"
is "nothing is run by the browser" "$(find "$SITE" -name '*.html' -exec grep -l '<script\|<img src=x\|<b>&' {} +)" ""
ok "results.json is what KCIDB's schema accepts" perl "$TMP/kcidb.pl" "$SITE/results.json"
for f in junit.xml badge.svg badge/_b_______.svg figures/architectures.svg; do xml "$f"; done
run cat "$SITE/cell/7.3-i386-pae-shpte-tap.txt"
is "KTAP: a line a test" "$(printf '%s\n' "$OUT" | sed -n 2p) $(printf '%s\n' "$OUT" | wc -l)" "1..7 9"

# --- results of more than one series: that of the fixture is the newest
rm -rf "$CACHE/results" && cp -r "$FIXTURES" "$CACHE/results"
NEWEST=4f1d2c3b5a69788796a5b4c3d2e1f00112233445
# older DIGIT: Perl that makes it a result of another series, whose commits begin with this digit
older() { printf '$r->{commit} = "%s" x 40; $_->{commit} and $_->{commit} =~ s/^0/%s/ for @{$r->{rules}}' $1 $1; }
# mutant ARCH NAME OF NOTICED
mutant() {
	_dir=$CACHE/results/6.12/$1/mutant/$2/latest
	mkdir -p "$_dir"
	printf '{"mutant": {"hook": "%s", "tried": true, "noticed": %s, "by": "munmap", "what": "WARNING: 00000000", "of": "%s"}}' \
		"$2" "$4" "$3" >"$_dir/result.json"
}
# What is first by name, and what was run last, are both of an older series.
DATE='$r->{started} = "2026-11-01T00:00:00Z"; $r->{qemu} = "QEMU emulator version 10.0.2"'
cell 6.12/alpha/base 20261101T000000Z "$DATE"
cell 6.12/alpha/shpte 20261101T000000Z "$DATE; pop @{\$r->{rules}}; $(older a)"
cell 6.12/i386-pae/base+x 20261101T000000Z '$r->{suite} = "x"'
cell 6.12/i386-pae/shpte+x 20261101T000000Z "$DATE; \$r->{suite} = 'x'; $(older a)"
cell 6.12/i386-pae/shpte+model 20261125T000000Z "\$r->{suite} = 'model'; $(older b)"
cp "$TMP/360.png" "$CELLS/shpte+x/20261101T000000Z/screenshot-a.png"
# An architecture that only a suite was run on, which is broken there.
cell 6.12/riscv64-fast/base+fork 20261123T000000Z '$r->{suite} = "fork"; $r->{figures} = {}'
cell 6.12/riscv64-fast/shpte+fork 20261123T000000Z "\$r->{suite} = 'fork'; \$r->{figures} = {}; $FAILS"
for hook in kconfig fault zap exit truncate mprotect mremap rmap madvise sysfs; do mutant i386-pae $hook $NEWEST true; done
mutant i386-pae rmap $(printf %040d 7) true
mutant i386-pae late-cow $NEWEST true
mutant i386-pae zapped-flush $NEWEST false
mutant alpha zap $(printf %040d 7) true
# port NEW [JSON]: a rebase to it
port() {
	printf '{"old": "6.1.176-1", "new": "%s", "old_tip": "%s", "new_tip": "%s", "made": "2026-11-01T00:00:00Z",
		"verdict": "ported", "seconds": 28.2%s}' "$1" "$(printf %040d 8)" "$(printf %040d 9)" "${2:-}" >"$CACHE/rebases/$1.json"
}
mkdir "$CACHE/rebases"
port 6.12.117-1~deb12u1 ', "rules": [{"name": "hooks/zap", "status": "moved", "why": "", "old": ["mm/a.c:1 a"], "new": [], "around": [],
	"tools": [{"tool": "patch -F3", "outcome": "applies"}]}], "tools": [{"tool": "patch -F3", "applies": 1, "conflicts": 0, "wrong": 0}],
	"churn": [{"name": "churn/vma", "fired": true, "subject": "follow", "why": ""}], "audit": {"functions": 2, "read": 1,
	"new": ["mm/b.c:2 b"], "list": [{"function": "a", "path": "mm/a.c", "line": 1, "status": "read", "verdict": "safe", "because": "a <b>"},
	{"function": "b", "path": "mm/b.c", "line": 2, "status": "new"}]}, "range_diff": ""'
port 9.99
ok "results of more than one series" report
ok "every link leads to a page that is written" perl "$TMP/check.pl" "$SITE"
dom index.html
has "the series of the front page is the newest that guest tests were put to" \
	'<details open=""><summary>12 rules on 6.12.117-1~deb12u1</summary>'
is "... and it alone" "$(printf '%s' "$DOM" | grep -c 'rules on ')" 1
has "... with its commits" 'href="commit/00000000000000000000000000000000c0ffee04.html"'
dom series/6.12.117-1~deb12u1.html
has "its page is of it, too" "12 rules, branch .* at <code>$NEWEST"
# counts TEXT: how often the page has it
counts() { printf '%s' "$DOM" | grep -o "$1" | wc -l; }
OLD='<span class="v good">.* pass</span>.*<small>of an older series, 2026-11-01</small>'
dom index.html
has "a result of an older series says so in its cell" "\"cell/6.12-alpha-shpte.html\">$OLD"
has "... in the headline" 'alive on all 2 pairs of kernel and architecture, with a regression in 1 of [0-9] suites; 1 is of an older series'
has "... which is of results from the oldest to the newest" 'Tested from .*>2026-11-01 00:00 UTC<.* to .*>2026-11-23 20:45 UTC<'
has "... below the screen of a suite" '<span class="v good">.* x</span><small>pass</small></a> <small>of an older series, 2026-11-01</small>'
has "... and in the row of a suite" "<td>6.12 i386-pae</td>.*$OLD"
dom badge.svg
has "... and on the badge" 'shpte: 2 of 2 alive, 1 suite broken, 1 of an older series<'
dom badge/6.12.svg
has "... of the kernel as well" '2 of 2 alive, 1 suite broken, 1 of an older series<'
dom arch/alpha.html
has "... and on the page of its architecture" "$OLD"
is "... there once: the base is of no series" "$(counts 'older series')" 1
dom cell/6.12-alpha-shpte.html
has "... and on its own, where the newest is" 'of an older series: <a href="../series/6.12.117-1~deb12u1.html">the newest</a>'
dom suite/6.12-i386-pae-x.html
has "a suite's page says what was run, when and in what" \
	'<dt>shpte</dt><dd>6.12.117-1~deb12u1 at <code>aaaaaaaaaaaa</code>, <strong>of an older series</strong> · 2026-11-01 00:00 UTC · i686-linux-gnu-gcc .* · QEMU emulator version 10.0.2</dd>'
has "... and that the two kernels had different emulators" \
	"base ran on QEMU emulator version 7.2.22 .* but the derived kernel ran on QEMU emulator version 10.0.2: run 'shpte suite' for both"
dom suite/6.12-i386-pae-model.html
has "a series that is not the newest, but was run later, is not called older" '<strong>of another series</strong>'
dom index.html
has "a regression that a suite found makes the headline bad" '<h1 class="verdict bad">'
has "... is in the matrix, where no guest test was run" \
	'<td class="cell bad"><a href="suite/6.12-riscv64-fast-fork.html"><span class="v bad">.* fork</span></a><small>test failed</small><small><strong>regression</strong>: 2 tests'
has "... and below it" '<strong>riscv64-fast</strong>, fork: the derived kernel fails: test failed'
is "its architecture was run" "$(printf '%s' "$DOM" | grep 'Not run yet' | grep -c riscv64-fast.html)" 0
dom arch/riscv64-fast.html
has "... as its page says, too" '<th scope="row">Linux 6.12<small>.*<td class="cell bad"><a href="../suite/6.12-riscv64-fast-fork.html">'
dom rebase/6.1.176-1-to-6.12.117-1~deb12u1.html
has "each function of the audit has what was said of it" '<code>a</code></th><td><code>mm/a.c</code></td><td>.*read.*<td>safe</td><td class="detail">a &lt;b&gt;</td>'
has "... and one that nobody has read says so" '<code>b</code></th><td><code>mm/b.c</code></td><td>.*new.*<td>–</td>'
has "what was booted of another branch than the port's names both" \
	'>6.12 i386-pae shpte</a> <strong>of another branch</strong>, at <code>4f1d2c3b5a69</code>; this port is at <code>000000000000</code>'
has "... and the base, which has no branch, does not" '>6.12 i386-pae base</a> <small class="dim">15 of 16 guest tests passed'
is "the pages are valid HTML, also where a port has nothing to say" "$(valid)" ""
dom mutate/6.12-alpha.html
has "a commit that has no page is no link" '<code>a00000000000</code></td></tr>'
dom mutate/6.12-i386-pae.html
has "the mutants are held against the kernel of the guest tests, not a suite's" '<code>zap</code>.*WARNING: 00000000</td>'
has "... and of those of an earlier branch it says so" \
	'<code>rmap</code>.*WARNING: 00000000 <small class="dim">of an earlier branch, <code>000000000000</code></small></td>'
has "the flaws are there" '<code>late-cow</code>.* noticed</span>.*<code>cocci/flaws/late-cow.cocci</code>'
has "... also one that nobody notices" '<code>zapped-flush</code>.* survived</span>'
SENTENCE='10 of 10 hooks are noticed when left out, 1 of them on an earlier branch; 1 of [0-9]+ flaws are noticed when put in; flaws that survived: zapped-flush'
has "... which is in the sentence, and the verdict" "class=\"verdict bad\">.*$SENTENCE"
dom index.html
has "... of the front page as well" "<p>6.12 i386 PAE: <span class=\"v bad\">.*$SENTENCE"
has "what is noticed on an earlier branch alone has no tick" '<p>6.12 alpha: <span class="v none">'
ok "results.json has the flaws, and mutants only once" perl -MJSON::PP -e '
	my $j = decode_json(do { local (@ARGV, $/) = shift; <> });
	my @m = map { @{$_->{misc}{mutants} // []} } grep { $_->{misc}{cell} =~ /i386-pae/ } @{$j->{tests}};
	die scalar @m if @m != 12 || grep({ $_->{flaw} } @m) != 2;' "$SITE/results.json"
dom cell/6.12-i386-pae-shpte+model.html
is "... and a suite's cell has none" "$(printf '%s' "$DOM" | grep -c 'Mutants')" 0

mkdir "$TMP/mine" && echo precious >"$TMP/mine/file"
status 1 "a folder with other files is not replaced" "$SHPTE" report --output "$TMP/mine"
is "... nor touched" "$(cat "$TMP/mine/file")" precious
done_testing
