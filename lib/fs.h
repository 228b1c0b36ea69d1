/* SPDX-License-Identifier: GPL-2.0 */
/* Files, and where ours are. */
#ifndef LIB_FS_H
#define LIB_FS_H

#include "str.h"

/*
 * Paths; all returned strings are the caller's to free.
 * cache_path: below $XDG_CACHE_HOME/shpte (else ~/.cache/shpte); its parent folder is made.
 * data_path: below the folder with kernels/ cocci/ build-matrix/ reports/ (the checkout; found from
 * the program's own place, /proc/self/exe, or $SHPTE_DATA).
 */
char *cache_path(const char *fmt, ...) _printf_(1, 2);
char *data_path(const char *fmt, ...) _printf_(1, 2);
/* Is it known where the cache is to be, and is there a checkout where data_path() looks for it?  0 or -1 after a message. */
int cache_check(void);
int data_check(void);

bool file_exists(const char *path);
bool dir_exists(const char *path);
/* Whole file; 0 or negative errno. Adds to *b. */
int file_read(const char *path, struct str *b);
/* Writes to a temporary file beside it, fsyncs, renames: never half-written. 0 or negative errno. */
int file_write(const char *path, const char *data, size_t len);
/*
 * The same where the name is a user's: a device, a FIFO or a symbolic link that is there is written to, and stays what it is.
 * 0 or negative errno.
 */
int file_put(const char *path, const char *data, size_t len);
int write_all(int fd, const char *data, size_t len);	/* all of it; 0 or negative errno */
int mkdirs(const char *path);			/* mkdir -p; 0 or negative errno */
int remove_tree(const char *path);		/* rm -rf; 0 or negative errno */
/* Names in a folder, sorted, without . and ..; suffix may be NULL. 0 or negative errno. */
int dir_list(const char *path, const char *suffix, struct strv *out);
/* The same, as paths; of a folder that can't be read, none. */
void dir_files(const char *dir, const char *suffix, struct strv *paths);
/* A descriptor that is closed where its block ends, unless it is negative. */
void close_fd(int *fd);				/* and sets it to -1 */
#define _fd_ _cleanup_(close_fd) int
/* Free bytes of the file system that holds path (or its nearest existing parent). */
unsigned long long disk_free(const char *path);
/*
 * Exclusive lock on a file that is created; waits, saying who has it.  A descriptor to close; -EINTR when stopped; -1 after
 * a message.  Freed by the kernel when we die.
 */
int lock_file(const char *path, const char *what);
/* The same, but where others share the lock it is shared with them: *alone says whether it is not.  NULL: it is not shared. */
int lock_file_with(const char *path, const char *what, bool *alone);
/*
 * Others may share the lock from now on; one of them may have had it in between.  0 or negative errno: it is lost, and
 * -EWOULDBLOCK when somebody has it alone now.  Does not wait.
 */
int lock_share(int fd);

#endif
