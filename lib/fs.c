// SPDX-License-Identifier: GPL-2.0
/* Files, and where ours are. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "fs.h"
#include "log.h"
#include "run.h"

static void parent_of(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		slash[slash == path] = '\0';
}

/* NULL: nobody says where; a folder in /tmp could be another user's. */
static char *cache_dir(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	/* The XDG specification: a relative path there is to be ignored. */
	if (xdg && xdg[0] == '/')
		return xasprintf("%s/shpte", xdg);
	return home && home[0] == '/' ? xasprintf("%s/.cache/shpte", home) : NULL;
}

int cache_check(void)
{
	_free_ dir = cache_dir();

	return dir ? 0 : err("no place for the store: set HOME or XDG_CACHE_HOME to an absolute path");
}

char *cache_path(const char *fmt, ...)
{
	_free_ root = cache_dir(), *dir = NULL;
	struct str b = {0};
	va_list ap;

	/* Below a device nothing can be made. */
	str_addf(&b, "%s/", root ? root : "/dev/null");
	va_start(ap, fmt);
	str_vaddf(&b, fmt, ap);
	va_end(ap);
	dir = xstrdup(b.s);
	parent_of(dir);
	mkdirs(dir);		/* whoever opens the file says why it can't */
	return b.s;
}

static bool is_data(const char *dir)
{
	_free_ kernels = xasprintf("%s/kernels", dir);
	_free_ cocci = xasprintf("%s/cocci", dir);

	return dir_exists(kernels) && dir_exists(cocci);
}

/* The checkout is above the program: build/shpte, or build/tests/... of a unit test. */
static char *data_dir(void)
{
	const char *env = getenv("SHPTE_DATA");
	char exe[PATH_MAX];
	ssize_t n;

	if (env && env[0])
		return xstrdup(env);
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n <= 0)
		return xstrdup(".");
	exe[n] = '\0';
	do
		parent_of(exe);
	while (strcmp(exe, "/") && !is_data(exe));
	return xstrdup(strcmp(exe, "/") ? exe : ".");
}

char *data_path(const char *fmt, ...)
{
	_free_ dir = data_dir();
	struct str b = {0};
	va_list ap;

	str_addf(&b, "%s/", dir);
	va_start(ap, fmt);
	str_vaddf(&b, fmt, ap);
	va_end(ap);
	return b.s;
}

int data_check(void)
{
	_free_ dir = data_dir();

	if (is_data(dir))
		return 0;
	return err("%s: no kernels/ and cocci/ there; set SHPTE_DATA to the checkout", dir);
}

bool file_exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

bool dir_exists(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

int file_read(const char *path, struct str *b)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret = 0;
	char buf[65536];
	ssize_t n;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		if (n > 0) {
			str_addn(b, buf, n);
		} else if (errno != EINTR) {
			ret = -errno;
			break;
		}
	}
	close(fd);
	return ret;
}

int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= n;
	}
	return 0;
}

int file_write(const char *path, const char *data, size_t len)
{
	_free_ tmp = xasprintf("%s.XXXXXX", path);
	int fd = mkostemp(tmp, O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = write_all(fd, data, len);
	if (!ret && (fchmod(fd, 0644) || fsync(fd)))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(tmp, path))
		ret = -errno;
	if (ret)
		unlink(tmp);
	return ret;
}

int file_put(const char *path, const char *data, size_t len)
{
	struct stat st;
	int fd, ret;

	if (lstat(path, &st) || S_ISREG(st.st_mode))
		return file_write(path, data, len);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, data, len);
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

int mkdirs(const char *path)
{
	_free_ copy = xstrdup(path);
	struct stat st;

	for (char *p = copy + 1; copy[0] && *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			return -errno;
		*p = '/';
	}
	if (!mkdir(copy, 0777))
		return 0;
	if (errno != EEXIST)
		return -errno;
	return stat(path, &st) ? -errno : S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	return remove(path) && errno != ENOENT ? -errno : 0;
}

int remove_tree(const char *path)
{
	int ret = nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS);

	if (ret == -1)
		ret = -errno;
	return ret == -ENOENT ? 0 : ret;
}

int dir_list(const char *path, const char *suffix, struct strv *out)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (!d)
		return -errno;
	while ((e = readdir(d))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (!suffix || ends_with(e->d_name, suffix))
			strv_add(out, e->d_name);
	}
	closedir(d);
	strv_sort(out);
	return 0;
}

void dir_files(const char *dir, const char *suffix, struct strv *paths)
{
	_strv_ names = {0};

	dir_list(dir, suffix, &names);
	for (size_t i = 0; i < names.n; i++)
		strv_addf(paths, "%s/%s", dir, names.v[i]);
}

unsigned long long disk_free(const char *path)
{
	_free_ p = xstrdup(path);
	struct statvfs v;

	while (statvfs(p, &v)) {
		if (errno != ENOENT || !strcmp(p, "/") || !strcmp(p, "."))
			return 0;
		if (strchr(p, '/'))
			parent_of(p);
		else
			strcpy(p, p[0] && p[1] ? "." : "/");
	}
	return (unsigned long long)v.f_bavail * v.f_frsize;
}

/* *alone becomes false when others have the lock, too; alone NULL: none may. */
static bool take_lock(int fd, bool *alone)
{
	if (!flock(fd, LOCK_EX | LOCK_NB)) {
		if (alone)
			*alone = true;
		return true;
	}
	if (!alone || errno != EWOULDBLOCK)
		return false;
	*alone = false;
	return !flock(fd, LOCK_SH | LOCK_NB);
}

void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The file names the last who took it: of several that shared the lock, it may be we ourselves, and another still has it. */
static void say_who_has(int fd, const char *what)
{
	char who[32] = "";

	if (pread(fd, who, sizeof(who) - 1, 0) < 0)
		return;
	if (atoi(who) && atoi(who) != (int)getpid())
		note("waiting for %s: process %s has it", what, who);
	else
		note("waiting for %s: another process has it", what);
}

/* A descriptor, or negative errno: -EINTR stopped. */
static int wait_for_lock(const char *path, const char *what, bool *alone)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	const struct timespec pause = { .tv_nsec = 100000000 };
	bool told = false;
	char who[32];

	if (fd < 0)
		return -errno;
	/* Polled: a signal that comes just before a blocking flock() would be slept over. */
	while (!take_lock(fd, alone)) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || run_stopped()) {
			int ret = run_stopped() ? -EINTR : -errno;

			close(fd);
			return ret;
		}
		/* Of many at work, somebody always waits for another. */
		if (!told && !log_relayed)
			say_who_has(fd, what);
		told = true;
		nanosleep(&pause, NULL);
	}
	snprintf(who, sizeof(who), "%d", (int)getpid());
	if (!ftruncate(fd, 0))
		write_all(fd, who, strlen(who));
	return fd;
}

int lock_file_with(const char *path, const char *what, bool *alone)
{
	int fd = wait_for_lock(path, what, alone);

	return fd >= 0 || fd == -EINTR ? fd : err("%s: %s", path, strerror(-fd));
}

int lock_file(const char *path, const char *what)
{
	return lock_file_with(path, what, NULL);
}

int lock_share(int fd)
{
	return flock(fd, LOCK_SH | LOCK_NB) ? -errno : 0;
}
