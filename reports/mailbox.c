// SPDX-License-Identifier: GPL-2.0
/* A mailbox (mbox) that others read, and write to, while we add to it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "../lib/run.h"
#include "mailbox.h"

static void add_date(struct str *b, const char *format)
{
	char s[64];
	time_t t = time(NULL);

	strftime(s, sizeof(s), format, gmtime(&t));
	str_add(b, s);
}

/* A line of the body that begins like a new mail is quoted. */
static void add_body(struct str *mail, const char *text)
{
	for (const char *at = text; *at; ) {
		size_t n = strcspn(at, "\n");

		str_addf(mail, "%s%.*s\n", starts_with(at, "From ") ? ">" : "", (int)n, at);
		at += n + (at[n] == '\n');
	}
}

static void make_mail(struct str *mail, const char *subject, const char *body)
{
	str_add(mail, "From shpte@localhost ");
	add_date(mail, "%a %b %e %H:%M:%S %Y\n");
	str_addf(mail, "From: shpte <shpte@localhost>\nSubject: %s\nDate: ", subject);
	add_date(mail, "%a, %d %b %Y %H:%M:%S +0000\n");
	str_add(mail, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n");
	add_body(mail, body);
	str_add(mail, "\n");
}

/* Until fd is closed.  Polled: a signal that comes just before a lock that waits would be slept over. */
static int lock(int fd)
{
	const struct timespec pause = { .tv_nsec = 100000000 };
	bool told = false;

	while (lockf(fd, F_TLOCK, 0)) {
		if (run_stopped())
			return -EINTR;
		if (errno != EACCES && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (!told)
			note("waiting for the mailbox: another program has it locked");
		told = true;
		nanosleep(&pause, NULL);
	}
	return 0;
}

/* All of the mail, or none: who reads a half takes what comes next for its rest. */
static int append(int fd, const struct str *mail)
{
	off_t end;
	int ret = lock(fd);

	if (ret)
		return ret;
	end = lseek(fd, 0, SEEK_END);
	ret = write_all(fd, mail->s, mail->len);
	if (!ret && fsync(fd))
		ret = -errno;
	if (ret && ftruncate(fd, end))
		warn("half a mail is left at the end of the mailbox");
	return ret;
}

int mailbox_add(const char *path, const char *subject, const char *body)
{
	_fd_ fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	_str_ mail = {0};
	struct stat st;
	int ret;

	if (fd < 0 || fstat(fd, &st))
		return run_stopped() ? -EINTR : err("cannot open %s: %s", path, strerror(errno));
	make_mail(&mail, subject, body);
	ret = S_ISREG(st.st_mode) ? append(fd, &mail) : write_all(fd, mail.s, mail.len);
	return !ret || ret == -EINTR ? ret : err("cannot write %s: %s", path, strerror(-ret));
}
