#!/bin/sh
# What `make` installs: dpkg and apt are fakes that know what $TMP/here and $TMP/release say, "NAME VERSION" a line.
. "$(dirname "$0")/lib.sh"
INSTALL=$(cd "$(dirname "$0")/.." && pwd)/lib/install-packages
mkdir "$TMP/bin"
fake() { cat >"$TMP/bin/$1"; chmod +x "$TMP/bin/$1"; }
fake dpkg-query <<EOF
#!/bin/sh
for name; do :; done
sed -n "s/^\$name /ii  /p" "$TMP/here" | grep .
EOF
fake apt-cache <<EOF
#!/bin/sh
echo "  Candidate: \$(sed -n "s/^\$2 //p" "$TMP/release")"
EOF
fake apt-get <<EOF
#!/bin/sh
[ "\$1" != indextargets ] || { echo http://127.0.0.1/debian; exit; }
echo "\$@" | sed 's/.*recommends //; s/-o [^ ]* //g' >>"$TMP/asked"
[ ! -e "$TMP/fails" ] || ! echo "\$@" | grep -qf "$TMP/fails" || { echo "E: cannot" >&2; exit 100; }
EOF
fake sudo <<EOF
#!/bin/sh
exec "\$@"
EOF
PATH=$TMP/bin:$PATH
# install [OPTION]: OUT, ERR and STATUS; what was asked of apt in ASKED, a line a call
install() { : >"$TMP/asked"; run sh "$INSTALL" "$@" "$TMP/list"; ASKED=$(paste -sd'|' "$TMP/asked"); }

printf '%s\n' '# a list' gcc 'qemu (>= 1:8.0)' >"$TMP/list"
printf '%s\n' 'gcc 12.2' 'qemu 1:8.2-1' >"$TMP/here"
printf '%s\n' 'gcc 12.2' 'make 4.3' 'qemu 1:7.2-1' >"$TMP/release"

install
is "where all is here, apt is not asked" "$STATUS$ASKED" 0
echo make >>"$TMP/list"
install
is "what is missing is installed" "$ASKED" "update|install make"
like "and named" "$ERR" "^shpte: installing: make$"

printf '%s\n' 'gcc 12.2' 'make 4.3' 'qemu 1:7.2-1' >"$TMP/here"
install
is "what is here, and in this release, only older comes from its backports" "$ASKED" \
	"update|update|-t $(. /etc/os-release && echo "$VERSION_CODENAME")-backports install qemu"
echo backports >"$TMP/fails"
install
is "where they do not give it, the older one is taken" "$STATUS ${ASKED##*|}" "0 install qemu"
like "and that is said" "$ERR" "-backports does not give these: qemu; this release's own are older"
echo 'qemu 1:9.0' >>"$TMP/release"
sed -i '/qemu 1:7/d' "$TMP/release"
install
is "a release that has it new enough is asked itself" "$ASKED" "update|install qemu"

echo . >"$TMP/fails"
install
is "no network ends it" "$STATUS" 1
like "with a line that says what to do" "$ERR" "could not be installed; is there a network.* Run make again"
rm "$TMP/fails"
echo gcc-pdp11 >"$TMP/list"
install --if-known
like "what no release has is named" "$ERR" "this Debian release has no gcc-pdp11"
is "and left out" "$STATUS $ASKED" "0 update"
echo backports >"$TMP/fails"
echo 'gcc-pdp11 (>= 9)' >"$TMP/list"
install --if-known
like "so is what is asked for in a version, after the backports were" "$ERR" "this Debian release has no gcc-pdp11"
is "and nothing else fails" "$STATUS" 0
done_testing
