/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The X protocol, as much of it as a client needs that shall run in any Debian root: static, without X's libraries.  What goes
 * wrong ends the program with a line that says so.
 */
#ifndef SUITE_X_H
#define SUITE_X_H

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <X11/X.h>
#include <X11/Xproto.h>

struct display {
	int fd;
	CARD32 id;			/* the next free one of ours */
	xWindowRoot root;
};

static void __attribute__((noreturn, format(printf, 1, 2))) die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	_exit(1);
}

static void x_write(struct display *d, const void *data, size_t len)
{
	for (const char *p = data; len; ) {
		ssize_t n = write(d->fd, p, len);

		if (n < 0 && errno != EINTR)
			die("the X server can't be written to: %s", strerror(errno));
		p += n > 0 ? n : 0;
		len -= n > 0 ? n : 0;
	}
}

static void x_read(struct display *d, void *data, size_t len)
{
	for (char *p = data; len; ) {
		ssize_t n = read(d->fd, p, len);

		if (!n)
			die("the X server has closed the connection");
		if (n < 0 && errno != EINTR)
			die("the X server can't be read from: %s", strerror(errno));
		p += n > 0 ? n : 0;
		len -= n > 0 ? n : 0;
	}
}

static void *x_read_new(struct display *d, size_t len)
{
	void *p = malloc(len + 1);

	if (!p)
		die("no memory");
	x_read(d, p, len);
	return p;
}

/* A reply's first 32 bytes, of which its length says what follows; events on the way are dropped. */
static void x_reply(struct display *d, void *to)
{
	union {
		xGenericReply reply;
		xError error;
	} u;

	do {
		x_read(d, &u, 32);
		if (!u.reply.type)
			die("X error %d of request %d.%d", u.error.errorCode, u.error.majorCode, u.error.minorCode);
	} while (u.reply.type != X_Reply);
	memcpy(to, &u, 32);
}

/* Everything before this was done, and without an error. */
static void x_sync(struct display *d)
{
	xReq req = { .reqType = X_GetInputFocus, .length = 1 };
	xGenericReply reply;

	x_write(d, &req, sizeof(req));
	x_reply(d, &reply);
	free(x_read_new(d, reply.length * 4UL));
}

static void x_setup(struct display *d)
{
	const uint16_t one = 1;
	xConnClientPrefix hello = { .byteOrder = *(const char *)&one ? 'l' : 'B', .majorVersion = X_PROTOCOL };
	xConnSetupPrefix prefix;
	xConnSetup setup;
	char *rest;

	x_write(d, &hello, sizeof(hello));
	x_read(d, &prefix, sizeof(prefix));
	rest = x_read_new(d, prefix.length * 4UL);
	if (prefix.success != xTrue)
		die("the X server refuses us: %.*s", prefix.lengthReason, rest);
	memcpy(&setup, rest, sizeof(setup));
	d->id = setup.ridBase;
	memcpy(&d->root, rest + sizeof(setup) + (setup.nbytesVendor + 3) / 4 * 4 + setup.numFormats * sz_xPixmapFormat,
	       sizeof(d->root));
	free(rest);
	if (d->root.rootDepth != 24)
		die("the screen has a depth of %d, not 24", d->root.rootDepth);
}

/* To the server on display 0. */
static void x_open(struct display *d)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "/tmp/.X11-unix/X0" };

	d->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (d->fd < 0 || connect(d->fd, (struct sockaddr *)&to, sizeof(to)))
		die("%s: %s", to.sun_path, strerror(errno));
	x_setup(d);
}

static CARD32 x_context(struct display *d, Drawable on, CARD32 foreground)
{
	struct {
		xCreateGCReq req;
		CARD32 foreground;
	} r = {
		{ .reqType = X_CreateGC, .length = 5, .gc = d->id++, .drawable = on, .mask = GCForeground }, foreground
	};

	x_write(d, &r, sizeof(r));
	return r.req.gc;
}

#endif
