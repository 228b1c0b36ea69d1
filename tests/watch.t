#!/bin/sh
# shpte watch: what is new is dealt with once, and makes one mail. The trees are made of the inputs of the semantic patches' own tests.
. "$(dirname "$0")/lib.sh"
here=$(cd "$(dirname "$0")/.." && pwd)
. "$here/tests/fixtures/mini-tree.sh"
export XDG_CACHE_HOME="$TMP/cache"
BOX=$TMP/cache/shpte/watch/mail.mbox
DATA="$TMP/data"
mkdir -p "$DATA/kernels" "$DATA/reports" "$TMP/lines"
for d in build-matrix cocci packages reports/templates; do ln -s "$here/$d" "$DATA/$d"; done
export SHPTE_DATA="$DATA"
for line in old new; do
	mini_tree "$TMP/$line"
	printf '[line]\n\tsource = dir:%s\n' "$TMP/$line" >"$DATA/kernels/$line.conf"
done
version() { sed -i "s/^SUBLEVEL = .*/SUBLEVEL = $1/" "$TMP/new/Makefile"; }
version 2
watch() { "$SHPTE" watch --no-boots --against old new "$@"; }
mails() { grep -c '^From ' "$BOX"; }

ok "a version that was never seen" watch
like "says so in one line" "$OUT" '^\[shpte\] new 6.12.2: ported$'
like "the mail has a subject" "$(cat "$BOX")" '^Subject: \[shpte\] new 6.12.2: ported$'
like "and the report" "$(cat "$BOX")" '^Shared page tables: 6.12.1 on 6.12.2$'
is "which is its owner's alone" "$(stat -c %a "$BOX")" 600
ok "once more" watch
is "says nothing" "$OUT$ERR" ""
is "and mails nothing" "$(mails)" 1
version 3
mv "$BOX" "$TMP/box"
ln -s "$TMP/box" "$BOX"
ok "a newer version" watch
like "is held against the last one" "$(cat "$BOX")" '^Shared page tables: 6.12.2 on 6.12.3$'
is "one mail more" "$(mails)" 2
is "a link to the mailbox stays one" "$(readlink "$BOX")" "$TMP/box"
version 4
watch >"$TMP/one" 2>&1 &
watch >"$TMP/two" 2>&1
wait
is "two at once make one mail" "$(mails)" 3
is "the branches are beside each other" \
	"$(git --git-dir "$TMP/cache/shpte/store.git" for-each-ref --format '%(refname:short)' 'refs/heads/shpte/*' | tr '\n' ' ')" \
	"shpte/6.12.1 shpte/6.12.2 shpte/6.12.3 shpte/6.12.4 "
flock -F "$TMP/cache/shpte/watch.lock" sleep 100 &
HOLDER=$!
status 1 "one that waits can be stopped" timeout --preserve-status 2 "$SHPTE" watch new
is "and says so" "$(printf '%s\n' "$ERR" | tail -n 1)" "shpte: stopped; the next 'shpte watch' goes on from here"
kill $HOLDER
version 5
cp -r "$here/tests/fixtures/results" "$TMP/cache/shpte/results"
mkdir "$DATA/reports/site"
echo "not ours" >"$DATA/reports/site/notes"
status 1 "a site that cannot be written" watch
like "is told" "$ERR" '^shpte: new 6.12.5: the site is not written; the next run tries again$'
is "and not mailed" "$(mails)" 3
rm "$DATA/reports/site/notes"
ok "the next run" watch
is "mails" "$(mails)" 4
ok "and has a site" test -e "$DATA/reports/site/index.html"
version 6
sed -i 's/page_vma_mkclean_one/folio_wrprotect_one/' "$TMP/new/mm/rmap.c"
# A spatch that is killed at a later rule: what is known then is not all.
mkdir "$TMP/bin"
cat >"$TMP/bin/spatch" <<EOF
#!/bin/sh
case "\$*" in *hooks/modify.cocci*) kill -9 \$\$ ;; esac
exec $(command -v spatch) "\$@"
EOF
chmod +x "$TMP/bin/spatch"
real=$PATH PATH="$TMP/bin:$PATH"
status 1 "a derivation that fails" watch
PATH=$real
like "says so" "$ERR" '^shpte: new 6.12.6: rebase fails; the next run tries again$'
is "and is not mailed" "$(mails)" 4
is "nor is a report of it kept" "$(ls "$TMP/cache/shpte/rebases" | grep -c 6.12.6)" 0
ok "one that needs a human" watch
like "says so" "$OUT" '^\[shpte\] new 6.12.6: needs a human$'
like "and in the mail, which rule" "$(cat "$BOX")" '^  hooks/mkclean: there is no function page_vma_mkclean_one'
version 7
sed -i 's/folio_wrprotect_one/page_vma_mkclean_one/' "$TMP/new/mm/rmap.c"
ok "the next one, which does not" watch
like "is held against one that has a branch" "$(cat "$BOX")" '^Shared page tables: 6\.12\.5 on 6\.12\.7$'
# A commit says nothing of its version before it was fetched.
repo() { git -C "$TMP/repo" -c user.name=a -c user.email=a@b "$@"; }
mini_tree "$TMP/repo"
repo init -q -b main && repo add -A && repo commit -qm one
printf '[line]\n\tsource = "git:file://%s#main"\n' "$TMP/repo" >"$DATA/kernels/git.conf"
gits() { "$SHPTE" watch --no-boots --against old git; }
ok "a line of a git repository" gits
like "is named by the version that its tree says" "$OUT" '^\[shpte\] git 6.12.1-g[0-9a-f]+: ported$'
first=$(echo "$OUT" | sed -n 's/.* \(6.12.1-g[0-9a-f]*\): .*/\1/p')
ok "once more" gits
is "says nothing" "$OUT$ERR" ""
echo '/* two */' >>"$TMP/repo/mm/rmap.c"
repo commit -qam two
ok "a newer commit" gits
like "is held against the first" "$(tail -n 200 "$BOX")" "^Shared page tables: $first on 6.12.1-g"
status 1 "a cache that can't be made" env XDG_CACHE_HOME=/dev/null "$SHPTE" watch
is "says why" "$ERR" "shpte: cannot make /dev/null/shpte/watch: Not a directory"
status 2 "an unknown line" "$SHPTE" watch nonsense
done_testing
