#!/bin/sh
# shpte kernels, shpte fetch: trees from all kinds of sources, and everything that can be wrong with one.
. "$(dirname "$0")/lib.sh"
trap 'umount -l "$TMP/small" 2>/dev/null; rm -rf "$TMP"' EXIT
export XDG_CACHE_HOME="$TMP/cache"
export GIT_CONFIG_GLOBAL=/dev/null
STORE=$XDG_CACHE_HOME/shpte/store.git
K=$TMP/k
mkdir "$K"

# tree FOLDER SUBLEVEL: a very small kernel
tree() {
	mkdir -p "$1/mm" "$1/scripts"
	printf 'VERSION = 9\nPATCHLEVEL = 9\nSUBLEVEL = %s\nEXTRAVERSION =\n' "$2" >"$1/Makefile"
	echo 'source "mm/Kconfig"' >"$1/Kconfig"
	seq 1 100 >"$1/mm/memory.c"
	printf '#!/bin/sh\n' >"$1/scripts/run.sh"
	chmod +x "$1/scripts/run.sh"
	ln -sf mm/memory.c "$1/link"
	echo 'quoted "name"' >"$1/a \"quoted\" name"
}

# line NAME LINE...: a definition
line() {
	_name=$1
	shift
	{ echo '[line]'; printf '\t%s\n' "$@"; } >"$K/$_name.conf"
}

fetch() { "$SHPTE" fetch --quiet --kernels "$K" "$@"; }
git_store() { git --git-dir "$STORE" "$@"; }
versions() { git_store for-each-ref --format='%(refname:lstrip=3)' refs/heads/base | tr '\n' ' '; }
nothing_left() { [ ! -e "$XDG_CACHE_HOME/shpte/import.git" ] && git_store fsck --strict >/dev/null 2>&1; }

# refused DESCRIPTION NAME REGEX: exit status 1, one line that says why, no base
refused() {
	_before=$(versions)
	status 1 "$1" fetch "$2"
	like "$1: says why" "$ERR" "$3"
	is "$1: in one line" "$(printf '%s\n' "$ERR" | wc -l)" 1
	is "$1: the store is as before" "$(versions)" "$_before"
}

tree "$TMP/linux-9.9" 1
tar -C "$TMP" -cJf "$TMP/good.tar.xz" linux-9.9
tar -C "$TMP" -cf "$TMP/good.tar" ./linux-9.9
tar -C "$TMP" -czf "$TMP/good.tar.gz" linux-9.9

# The sources

line tar "source = tar:../good.tar.xz"
line dir "source = dir:../linux-9.9"
ok 'tar: is fetched' fetch tar
like 'one line says version, commit and files' "$OUT" '^base/9\.9\.1 [0-9a-f]{12} \(6 files\)$'
is 'the base is a tree with links and executables' "$(git_store ls-tree -r base/9.9.1 | cut -c1-6 | sort | uniq -c | tr -s ' \n' ' ')" \
	' 4 100644 1 100755 1 120000 '
is 'a name with quotes is kept' "$(git_store show 'base/9.9.1:a "quoted" name')" 'quoted "name"'
COMMIT=$(git_store rev-parse base/9.9.1)
ok 'again' fetch tar
like 'it is in the store already' "$OUT" '^base/9\.9\.1 [0-9a-f]{12} already in the store$'
ok 'by its version' fetch 9.9.1
like 'it is found by its version' "$OUT" 'already in the store$'
rm -rf "$STORE"
ok 'tar: into a new store' fetch tar
is 'gives the same commit' "$(git_store rev-parse base/9.9.1)" "$COMMIT"

ok 'dir: is fetched' fetch dir
is 'the same tree from elsewhere is the same base' "$(git_store rev-parse base/9.9.1)" "$COMMIT"
touch "$TMP/linux-9.9/.config" "$TMP/linux-9.9/vmlinux.o" "$TMP/linux-9.9/mm/memory.o" "$TMP/linux-9.9/System.map"
echo '*.o' >"$TMP/linux-9.9/.gitignore"
ok 'dir: where a kernel was built' fetch --refresh dir
like 'another tree of the same version has a name of its own' "$OUT" '^base/9\.9\.1-dir [0-9a-f]{12} \(7 files\)$'
rm "$TMP/linux-9.9/.config" "$TMP/linux-9.9/vmlinux.o" "$TMP/linux-9.9/mm/memory.o" "$TMP/linux-9.9/System.map"

for f in tar tar.gz; do
	line plain "source = tar:../good.$f"
	ok "tar: $f" fetch plain
	like "tar: $f is the same tree" "$OUT" "base/9.9.1 $(echo "$COMMIT" | cut -c1-12)"
done

cd "$TMP/linux-9.9" && git init -q -b main && git config user.name t && git config user.email t@localhost &&
	git add -A && git commit -qm one && git tag v9.9.1 && sed -i 's/SUBLEVEL = 1/SUBLEVEL = 2/' Makefile && git commit -qam two
cd "$TMP" || exit 1
line tag "source = \"git:file://$TMP/linux-9.9#v9.9.1\""
line branch "source = \"git:$TMP/linux-9.9#main\""
ok 'git: a tag' fetch tag
like 'a tag has the version of the Makefile' "$OUT" '^base/9\.9\.1(-tag)? '
ok 'git: a branch' fetch branch
HEAD=$(git -C linux-9.9 rev-parse HEAD)
like 'a branch has its commit in the version' "$OUT" "^base/9\.9\.2-g$(echo "$HEAD" | cut -c1-12) "
like 'and in full in the message' "$(git_store log -1 --format=%B "base/9.9.2-g$(echo "$HEAD" | cut -c1-12)")" "^Upstream-commit: $HEAD$"
git -C linux-9.9 commit -q --allow-empty -m three
ok 'git: not newer without --refresh' fetch branch
like 'it is the old one' "$OUT" 'already in the store'
ok 'git: newer with --refresh' fetch --refresh branch
like 'it is the new one' "$OUT" "$(git -C linux-9.9 rev-parse --short=12 HEAD)"
ok 'dir: a git work tree' fetch --refresh dir
ok 'nothing is left of the imports' nothing_left
sed -i 's/^100$/99b/' linux-9.9/mm/memory.c

# Fix-ups

mkdir "$K/fix"
line fix 'source = tar:../good.tar.xz' 'fixups = fix'
git -C linux-9.9 diff >"$K/fix/0001-last.patch"
ok 'fix-ups are applied' fetch fix
is 'as a commit of their own' "$(git_store log --format=%s "$(git_store rev-parse base/9.9.1-fix)" | tr '\n' ' ')" \
	'fixup: 0001-last.patch Linux 9.9.1-fix (tar:'"$TMP"'/good.tar.xz with fix-ups of fix) '
is 'the file is changed' "$(git_store show base/9.9.1-fix:mm/memory.c | tail -n 1)" 99b
sed 's/^+99b/+99c/' "$K/fix/0001-last.patch" >"$K/fix/t" && mv "$K/fix/t" "$K/fix/0001-last.patch"
ok 'a changed fix-up is applied anew' fetch fix
is 'the file is changed anew' "$(git_store show base/9.9.1-fix:mm/memory.c | tail -n 1)" 99c
cp "$K/fix/0001-last.patch" "$K/fix/0002-again.patch"
refused 'a fix-up that does not apply' fix 'fix-up .*/0002-again.patch does not apply to 9\.9\.1'
rm "$K/fix/0002-again.patch"
line fix 'source = tar:../good.tar.xz' 'fixups = none'
refused 'a folder of fix-ups that is missing' fix 'fixups .*/none: No such file'

# Definitions

status 2 'an unknown kernel' fetch no-such
like 'the known ones are listed' "$ERR" "unknown kernel 'no-such'; known are: .*6\.12.*tag"
status 2 'no kernel' "$SHPTE" fetch
status 2 'two kernels' fetch a b
status 2 'an unknown option' fetch tar --frob
like 'it is named' "$ERR" "unknown option '--frob'; see 'shpte fetch --help'"
status 2 'a folder of definitions that is missing' "$SHPTE" fetch --kernels "$TMP/none" tar
for command in 'kernels --offline' 'matrix z/*' watch; do
	set -f
	status 2 "a file in its place: $command" "$SHPTE" $command --kernels /etc/passwd
	set +f
	is 'is told in one line' "$ERR" 'shpte: --kernels /etc/passwd: no such folder'
done
# No place for a store: not even one that somebody else could have made.
for home in -uHOME HOME= HOME=here; do
	status 1 "no home: $home" env -u XDG_CACHE_HOME "$home" "$SHPTE" kernels --offline
	is 'is told' "$ERR$OUT" 'shpte: no place for the store: set HOME or XDG_CACHE_HOME to an absolute path'
done
ok 'help needs none' env -u XDG_CACHE_HOME -u HOME "$SHPTE" kernels --help
status 1 'a checkout that is missing' env SHPTE_DATA="$TMP/none" "$SHPTE" kernels --offline
is 'is told' "$ERR" "shpte: $TMP/none: no kernels/ and cocci/ there; set SHPTE_DATA to the checkout"
is 'and no table printed' "$OUT" ''
ok 'help' "$SHPTE" fetch --help
like 'help names the options' "$OUT" '--refresh'
line bad 'source = tar:../good.tar' 'sauce = x'
refused 'an unknown key' bad "bad.conf: unknown key 'line.sauce'"
line bad 'suite = sid'
refused 'no source' bad 'bad.conf: no source'
line bad 'source = floppy:a'
refused 'an unknown kind of source' bad "bad.conf: source 'floppy:a' is none of deb:"
echo '[line' >"$K/bad.conf"
refused 'a definition that is no configuration' bad 'bad.conf:1'
line 6.12 'source = dir:../linux-9.9'
ok 'a definition of ours in --kernels DIR wins' fetch 6.12
like 'it is theirs' "$OUT" '^base/9\.9'
rm "$K/6.12.conf" "$K/bad.conf"

# Output that can't be written

# to TARGET COMMAND...: with stdout there, as the shell writes it
to() { _to=$1; shift; sh -c '"$@" '"$_to" - "$@"; }
status 1 'a full disk' to '>/dev/full' "$SHPTE" kernels --offline
is 'is told' "$ERR" 'shpte: stdout cannot be written: No space left on device; what was to be printed is not complete'
status 1 'help for a full disk' to '>/dev/full' "$SHPTE" --help
status 1 'and of a subcommand' to '>/dev/full' "$SHPTE" fetch --help
status 2 'what failed keeps its status' to '>/dev/full' "$SHPTE"
status 1 'a closed stdout' to '>&-' "$SHPTE" kernels --offline
is 'is told' "$ERR" 'shpte: stdout cannot be written: Bad file descriptor; what was to be printed is not complete'
status 1 'nothing is open' to '<&- >&- 2>&-' "$SHPTE" fetch --kernels "$K" tar
ok 'and the store is whole' git_store fsck --strict
ok 'a reader that goes away' perl -e 'pipe(R, W); close R; open STDOUT, ">&", W; exec @ARGV' "$SHPTE" kernels --offline
is 'is nothing to speak of' "$ERR" ''

# Sources that are no good

line bad 'source = tar:../none.tar.xz'
refused 'a missing tarball' bad 'none.tar.xz: No such file'
line bad 'source = tar:../linux-9.9'
refused 'a folder as tarball' bad 'is no file; a folder is named with dir:'
line bad 'source = dir:../good.tar'
refused 'a tarball as folder' bad 'is no folder; a tarball is named with tar:'
line bad "source = git:$TMP/linux-9.9#main"
refused 'a # that begins a comment' bad 'bad.conf:2: the value ends at a .;. or .#., as if a comment began there; put it in double quotes'
line bad "source = \"git:$TMP/linux-9.9#none\""
refused 'a missing branch' bad "has no branch, tag or full commit id 'none'"
line bad "source = \"git:$TMP/none#main\""
refused 'a missing repository' bad "$TMP/none: git: exit status 128: fatal: '$TMP/none' does not appear to be a git repository$"
line bad 'source = "git:http://127.0.0.1:9/linux#main"'
no_proxy='*'
export no_proxy
refused 'a repository behind no network' bad 'no network: .*run again'
line bad 'source = tar:../bad.tar'
: >bad.tar
refused 'an empty tarball' bad 'bad.tar: damaged or cut off'
head -c 100000 /dev/urandom >bad.tar
refused 'no tarball' bad 'bad.tar: damaged or cut off'
for f in tar tar.gz tar.xz; do
	for cut in 1 100 400; do
		head -c -$cut good.$f >bad.tar
		refused "$f without its last $cut bytes" bad 'bad.tar: (damaged or )?cut off'
	done
done
head -c 3072 good.tar >bad.tar
refused 'tar cut at the end of a file' bad 'bad.tar: cut off'
for f in tar.gz tar.xz; do
	cp good.$f bad.tar
	printf '\377\001' | dd of=bad.tar bs=1 seek=200 conv=notrunc 2>/dev/null
	refused "$f with two bytes altered" bad 'bad.tar: damaged'
done
for f in Makefile Kconfig mm/memory.c; do
	tar -cf bad.tar --exclude "linux-9.9/$f" --exclude .git linux-9.9
	refused "a tarball without $f" bad "no whole kernel tree: $f is missing"
done
mkdir -p other/linux-9.9/.git && echo x >evil && echo x >other/linux-9.9/.git/config
tar -cPf bad.tar --exclude .git --transform 's,^evil,linux-9.9/../../evil,' linux-9.9 evil
refused 'a name with ..' bad 'unsafe name linux-9.9/../../evil'
tar -cPf bad.tar --exclude .git --transform 's,^evil,/evil,' linux-9.9 evil
refused 'an absolute name' bad '/evil'
tar -cf bad.tar -C other linux-9.9
refused 'a name with .git' bad 'unsafe name linux-9.9/.git/config'
tar -cf bad.tar --exclude .git linux-9.9 evil
refused 'two top folders' bad 'must hold one top folder, but has linux-9.9 and evil'
cp -r linux-9.9 other/linux && rm -rf other/linux/.git && echo "nothing" >other/linux/Makefile
tar -cf bad.tar -C other linux
refused 'a Makefile without a version' bad 'tells no VERSION'
ok 'nothing is left of the refused' nothing_left

# Debian packages, from a repository on this disk

ARCH=$(dpkg --print-architecture 2>/dev/null)
REPO=$TMP/repo
# package VERSION SUBLEVEL: the repository holds it, and only it
package() {
	rm -rf "$REPO" pkg && mkdir -p pkg/DEBIAN pkg/usr/src "$REPO/pool" "$REPO/dists/test/main/binary-$ARCH"
	rm -rf linux-source-9.9 && tree linux-source-9.9 "$2"
	tar -cJf pkg/usr/src/linux-source-9.9.tar.xz linux-source-9.9
	printf 'Package: linux-source-9.9\nVersion: %s\nArchitecture: all\nMaintainer: t <t@localhost>\nDescription: t\n' "$1" >pkg/DEBIAN/control
	dpkg-deb --root-owner-group -b pkg "$REPO/pool/linux-source-9.9_$1_all.deb" >/dev/null
	sign "$1"
}
# sign VERSION: the index says what the package is now
sign() {
	_deb=pool/linux-source-9.9_$1_all.deb
	_index=main/binary-$ARCH/Packages
	{
		cat pkg/DEBIAN/control
		echo "Filename: $_deb"
		echo "Size: $(stat -c %s "$REPO/$_deb")"
		echo "SHA256: $(sha256sum "$REPO/$_deb" | cut -d' ' -f1)"
	} >"$REPO/dists/test/$_index"
	printf 'Suite: test\nCodename: test\nDate: %s\nArchitectures: %s\nComponents: main\nSHA256:\n %s %s %s\n' \
		"$(date -Ru)" "$ARCH" "$(sha256sum "$REPO/dists/test/$_index" | cut -d' ' -f1)" \
		"$(stat -c %s "$REPO/dists/test/$_index")" "$_index" >"$REPO/dists/test/Release"
}
if [ -z "$ARCH" ] || ! command -v dpkg-deb apt-get >/dev/null; then
	skip 23 'no dpkg and apt here'
else
	printf 'Dir::Etc::sourcelist "%s/apt.list";\nDir::Etc::sourceparts "/dev/null";\n' "$TMP" >apt.conf
	echo "deb [trusted=yes] file:$REPO test main" >apt.list
	export APT_CONFIG="$TMP/apt.conf"
	line deb 'source = deb:linux-source-9.9' 'suite = test'
	package '9.9.5-1~t1' 5
	ok 'deb: is fetched' fetch deb
	like 'its version is the package version' "$OUT" '^base/9\.9\.5-1_t1 [0-9a-f]{12} \(6 files\)$'
	is 'the package is not kept' "$(find "$XDG_CACHE_HOME" -name '*.deb')" ''
	ok 'deb: nothing newer' fetch --refresh deb
	like 'it is in the store already' "$OUT" 'already in the store'
	package '9.9.6-1' 6
	status 1 'the table, with a source that is no good' "$SHPTE" kernels --kernels "$K"
	like 'the table shows what is newer' "$OUT" '^deb +deb:linux-source-9.9 test +9\.9\.5-1_t1 +9\.9\.6-1$'
	like 'which is shown too' "$OUT" '^bad .*\?$'
	ok 'the table without the network' "$SHPTE" kernels --kernels "$K" --offline
	like 'the table then has no news' "$OUT" '^deb +deb:linux-source-9.9 test +9\.9\.5-1_t1 +-$'
	# An apt-get that takes its time, and tells when there is another.
	mkdir bin
	cat >bin/apt-get <<EOF
#!/bin/sh
mkdir "$TMP/busy" || echo overlap >>"$TMP/overlaps"
sleep 0.3
$(command -v apt-get) "\$@"
status=\$?
rmdir "$TMP/busy"
exit \$status
EOF
	chmod +x bin/apt-get
	PATH="$TMP/bin:$PATH" "$SHPTE" kernels --kernels "$K" >one 2>&1 &
	run env PATH="$TMP/bin:$PATH" "$SHPTE" kernels --kernels "$K"
	wait
	like 'two at once: the one' "$(cat one)" '^deb .* 9\.9\.6-1$'
	like 'two at once: the other' "$OUT" '^deb .* 9\.9\.6-1$'
	ok 'two at once take turns' test ! -e overlaps
	mkdir -p "$XDG_CACHE_HOME/shpte/apt/test/download"
	size=$(stat -c %s "$REPO/pool/linux-source-9.9_9.9.6-1_all.deb")
	head -c "$size" /dev/zero >"$XDG_CACHE_HOME/shpte/apt/test/download/linux-source-9.9_9.9.6-1_all.deb"
	ok 'deb: the newer one, over a bad download' fetch --refresh deb
	like 'it is the newer' "$OUT" '^base/9\.9\.6-1 '
	package '9.9.7-1' 7
	printf '\001\002' | dd of="$REPO/pool/linux-source-9.9_9.9.7-1_all.deb" bs=1 seek=400 conv=notrunc 2>/dev/null
	status 1 'deb: a package that was altered' fetch --refresh deb
	like 'is no match for its index' "$ERR" 'Hash Sum mismatch|not what its signed index says'
	head -c 600 "$REPO/pool/linux-source-9.9_9.9.7-1_all.deb" >cut.deb
	cp cut.deb "$REPO/pool/linux-source-9.9_9.9.7-1_all.deb" && sign 9.9.7-1
	status 1 'deb: a package that is cut off' fetch --refresh deb
	like 'is called so' "$ERR" 'damaged or cut off'
	line bad 'source = deb:linux-source-0.1' 'suite = test'
	refused 'an unknown package' bad 'package linux-source-0.1 is not in suite test'
	line bad 'source = deb:linux-source-9.9' 'suite = nonesuch'
	refused 'an unknown suite' bad 'apt has no Debian mirror for suite nonesuch'
	echo "deb [trusted=yes] http://127.0.0.1:9/debian test main" >apt.list
	line bad 'source = deb:linux-source-8.8' 'suite = test'
	refused 'no network' bad '^shpte: no network: .*run again$'
	status 1 'the table without a network' "$SHPTE" kernels --kernels "$K"
	like 'has a question mark' "$OUT" '^deb .*\?$'
	unset APT_CONFIG
fi

# A store that can't take a pack

mv "$STORE/objects/pack" packs
: >"$STORE/objects/pack"
tree "$TMP/linux-late" 99
tar -cf late.tar linux-late
line late 'source = tar:../late.tar'
status 1 'a store that takes no packs' fetch late
is 'says why' "$ERR" "shpte: cannot make $STORE/objects/pack: Not a directory"
rm "$STORE/objects/pack"
mv packs "$STORE/objects/pack"

# Stopped, killed, two at once, no room

mkdir big && cp -r linux-9.9 big/linux && rm -rf big/linux/.git
head -c 60000000 /dev/urandom >big/linux/noise
tar -cf big.tar -C big linux
line big 'source = tar:../big.tar'
PACKS=$XDG_CACHE_HOME/shpte/import.git/objects/pack
wait_for_pack() { for _i in $(seq 200); do ls "$PACKS"/tmp_pack* >/dev/null 2>&1 && return; sleep 0.01; done; return 1; }
quiet_now() { for _i in $(seq 100); do pgrep -f "git-dir $XDG_CACHE_HOME" >/dev/null || return 0; sleep 0.05; done; return 1; }
BEFORE=$(versions)
"$SHPTE" fetch --kernels "$K" big >killed 2>&1 &
ok 'an import is under way' wait_for_pack
kill -9 $!
wait $! 2>/dev/null
ok 'kill -9 ends its children too' quiet_now
is 'kill -9 leaves the store as it was' "$(versions)" "$BEFORE"
ok 'kill -9 leaves the store whole' git_store fsck --strict
rm -rf "$PACKS"
"$SHPTE" fetch --kernels "$K" big >stopped 2>&1 &
wait_for_pack
kill $!
wait $!
is 'SIGTERM: exit status 1' $? 1
like 'SIGTERM: says what to do' "$(cat stopped)" 'import stopped; run again'
for t in 0.01 0.03 0.1 0.2 0.4 0.7; do
	"$SHPTE" fetch --kernels "$K" big >killed 2>&1 &
	sleep $t
	kill -9 $! 2>/dev/null
	wait $! 2>/dev/null
	git_store fsck --strict >/dev/null 2>&1 || echo "# not whole after $t s"
done
ok 'then a good run' fetch big
ok 'nothing is left of the killed' nothing_left

rm -rf "$XDG_CACHE_HOME"
fetch big >one 2>&1 &
fetch big >two 2>&1
is 'two at once: the one' $? 0
wait $!
is 'two at once: the other' $? 0
is 'two at once: the same base' "$(cut -d' ' -f1,2 one)" "$(cut -d' ' -f1,2 two)"

if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=16m none small 2>/dev/null; then
	export XDG_CACHE_HOME="$TMP/small"
	STORE=$XDG_CACHE_HOME/shpte/store.git
	status 1 'no room on the disk' fetch big
	like 'no room: says how much is needed' "$ERR" 'disk full \([0-9]+ MB free\); a kernel needs about'
	is 'no room: in one line' "$(printf '%s\n' "$ERR" | wc -l)" 1
	ok 'no room for one: a smaller one goes' fetch tar
	ok 'nothing is left of what had no room' nothing_left
else
	skip 5 'only root can make a small file system'
fi

done_testing
