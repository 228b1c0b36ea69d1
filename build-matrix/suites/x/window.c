// SPDX-License-Identifier: GPL-2.0
/*
 * window WIDTHxHEIGHT+X+Y RRGGBB: opens a window of this colour and stays, in the background.  Ends well when the server, asked
 * what is in the window, gives every pixel of it back.
 */
#include "x.h"

struct place {
	unsigned width, height;
	int x, y;
};

static Window open_window(struct display *d, const struct place *p, CARD32 colour)
{
	struct {
		xCreateWindowReq req;
		CARD32 background, unmanaged;
	} create = {
		{
			.reqType = X_CreateWindow, .length = 10, .wid = d->id++, .parent = d->root.windowId,
			.x = p->x, .y = p->y, .width = p->width, .height = p->height, .class = InputOutput,
			.mask = CWBackPixel | CWOverrideRedirect,
		}, colour, 1
	};
	xResourceReq map = { .reqType = X_MapWindow, .length = 2, .id = create.req.wid };

	x_write(d, &create, sizeof(create));
	x_write(d, &map, sizeof(map));
	x_sync(d);
	return create.req.wid;
}

/* Its upper half is drawn, the lower one is left to the background. */
static void draw(struct display *d, Window w, const struct place *p, CARD32 colour)
{
	struct {
		xPolyFillRectangleReq req;
		xRectangle r;
	} fill = {
		{ .reqType = X_PolyFillRectangle, .length = 5, .drawable = w, .gc = x_context(d, w, colour) },
		{ 0, 0, p->width, p->height / 2 }
	};

	x_write(d, &fill, sizeof(fill));
	x_sync(d);
}

static unsigned long count(struct display *d, Window w, const struct place *p, CARD32 colour)
{
	xGetImageReq req = {
		.reqType = X_GetImage, .format = ZPixmap, .length = 5, .drawable = w, .width = p->width, .height = p->height,
		.planeMask = ~0,
	};
	unsigned long same = 0;
	xGetImageReply reply;
	uint32_t *pixels;

	x_write(d, &req, sizeof(req));
	x_reply(d, &reply);
	if (reply.length != p->width * p->height)
		die("%lu pixels came back, not %u", (unsigned long)reply.length, p->width * p->height);
	pixels = x_read_new(d, reply.length * 4UL);
	for (unsigned long i = 0; i < reply.length; i++)
		same += (pixels[i] & 0xffffff) == colour;
	free(pixels);
	return same;
}

int main(int argc, char **argv)
{
	struct display d = {0};
	unsigned long same;
	struct place p;
	unsigned colour;
	Window w;

	if (argc != 3 || sscanf(argv[1], "%ux%u+%d+%d", &p.width, &p.height, &p.x, &p.y) != 4 ||
	    sscanf(argv[2], "%6x", &colour) != 1)
		die("usage: window WIDTHxHEIGHT+X+Y RRGGBB");
	x_open(&d);
	w = open_window(&d, &p, colour);
	draw(&d, w, &p, colour);
	same = count(&d, w, &p, colour);
	if (same != p.width * p.height)
		die("%lu of %u pixels came back as they were drawn", same, p.width * p.height);
	/* The window lives as long as the connection. */
	if (!fork()) {
		setsid();
		close(0);
		close(1);
		close(2);
		for (;;)
			pause();
	}
	return 0;
}
