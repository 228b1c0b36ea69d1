#!/bin/sh
# The real thing, in the user's own cache: one real derivation, one real build, and boots of it. Cold, it takes a build of the
# kernel (some 5 minutes on two cores); warm, some 2 minutes.
. "$(dirname "$0")/lib.sh"

cell=6.12/i386-pae/shpte
cross=i686-linux-gnu-gcc

ok "fetches Debian's kernel" "$SHPTE" fetch 6.12
ok "derives the branch" "$SHPTE" derive 6.12
like "every rule matched all its places" "$OUT" "^hooks/"
is "none less, none more" "$(printf '%s\n' "$OUT" | awk '$3 == "of" && $2 != $4')" ""
ok "exports it as a series" "$SHPTE" export --quiet --sign-off "A Maintainer <a@example.org>" --output "$TMP/series" 6.12
git --git-dir "${XDG_CACHE_HOME:-$HOME/.cache}/shpte/store.git" archive "$(printf '%s\n' "$OUT" | sed -n 's,.* on base ,,p')" scripts/checkpatch.pl \
	scripts/spelling.txt scripts/const_structs.checkpatch | tar -x -C "$TMP"
is "the kernel's checkpatch says nothing of it" "$(perl "$TMP/scripts/checkpatch.pl" --no-tree --terse --quiet --no-summary "$TMP"/series/*.patch 2>&1)" ""
ok "builds the derived kernel" "$SHPTE" build $cell

init() { # NAME: makes $TMP/NAME from the C on stdin
	$cross -static -O2 -x c -o "$TMP/$1" - 2>"$TMP/cc.log" || cat "$TMP/cc.log" >&2
}

# A program of our own as init. 12 processes map one file; what they see and what it costs comes out on the console.
init sharers <<'C'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define N 12
#define LEN (64 << 20)

int main(void)
{
	int fd, status, bad = 0;
	struct rusage use;
	volatile unsigned *map;
	char line[64] = "none\n";

	mkdir("/s", 0755);
	mkdir("/t", 0755);
	if (mount("s", "/s", "sysfs", 0, NULL) || mount("t", "/t", "tmpfs", 0, NULL))
		return 2;
	fd = open("/t/file", O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, LEN))
		return 3;
	for (int i = 0; i < N; i++) {
		if (fork())
			continue;
		map = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		for (unsigned at = 0; at < LEN / 4; at += 1024)
			map[at] = ~at;
		for (unsigned at = 0; at < LEN / 4; at += 1024)
			if (map[at] != ~at)
				_exit(1);
		sleep(1);
		_exit(0);
	}
	while (wait(&status) > 0)
		bad |= status;
	getrusage(RUSAGE_CHILDREN, &use);
	fd = open("/s/kernel/mm/shpte/attaches", O_RDONLY);
	if (fd >= 0)
		line[read(fd, line, sizeof(line) - 1)] = 0;
	printf("faults %ld attaches %sbad %d\n", use.ru_minflt, line, bad);
	return bad || use.ru_minflt > N * 16384 / 2;
}
C
ok "boots any static program as init" "$SHPTE" boot $cell --init "$TMP/sharers" --cpus 2 --timeout 300
like "whose console comes out" "$OUT" 'faults [0-9]+ attaches [1-9][0-9]*'
like "tables are shared" "$(printf '%s\n' "$OUT" | awk '/attaches/ { print ($4 >= 300) }')" 1
status 1 "turned off on the command line, the same program has all its faults" \
	"$SHPTE" boot $cell --init "$TMP/sharers" --cpus 2 --append shpte=off --timeout 300
like "and nothing is shared" "$OUT" 'attaches 0'

init panic <<'C'
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
	mkdir("/p", 0755);
	mount("p", "/p", "proc", 0, 0);
	write(open("/p/sysrq-trigger", O_WRONLY), "c", 1);
	pause();
}
C
status 1 "a kernel that panics" "$SHPTE" boot $cell --init "$TMP/panic" --timeout 120
like "is called that" "$ERR" 'panic'

ok "the guest tests pass on the derived kernel" "$SHPTE" boot $cell
done_testing
