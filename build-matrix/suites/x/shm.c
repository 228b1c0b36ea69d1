// SPDX-License-Identifier: GPL-2.0
/*
 * shm PROCESSES: so many clients of the X server in one shared memory segment (MIT-SHM), which the server has mapped as well.  In
 * turn one of them draws a picture into its upper half and has the server copy it to a pixmap and from there to the lower half;
 * then all of them look at both.
 */
#include <sys/ipc.h>
#include <sys/shm.h>

#include "crowd.h"
#include "x.h"

#include <X11/extensions/shmproto.h>

#define WIDTH 1024
#define HEIGHT 1024
#define PIXELS (WIDTH * HEIGHT)	/* of four bytes: each half is a number of whole pte pages on any machine with 4 kB pages */

struct client {
	struct display d;
	CARD8 shm;			/* the extension's requests */
	CARD32 segment;
	Pixmap pixmap;
	GContext gc;
	uint32_t *upper, *lower;
};

static CARD8 find_extension(struct display *d)
{
	struct {
		xQueryExtensionReq req;
		char name[8];
	} r = { { .reqType = X_QueryExtension, .length = 4, .nbytes = 7 }, "MIT-SHM" };
	xQueryExtensionReply reply;

	x_write(d, &r, sizeof(r));
	x_reply(d, &reply);
	if (!reply.present)
		die("the X server has no MIT-SHM");
	return reply.major_opcode;
}

static void attach(struct client *c, int id)
{
	xShmAttachReq attach = { .shmReqType = X_ShmAttach, .length = 4, .shmid = id };
	xCreatePixmapReq pixmap = { .reqType = X_CreatePixmap, .depth = 24, .length = 4, .width = WIDTH, .height = HEIGHT };

	x_open(&c->d);
	c->shm = find_extension(&c->d);
	attach.reqType = c->shm;
	attach.shmseg = c->segment = c->d.id++;
	pixmap.pid = c->pixmap = c->d.id++;
	pixmap.drawable = c->d.root.windowId;
	x_write(&c->d, &attach, sizeof(attach));
	x_write(&c->d, &pixmap, sizeof(pixmap));
	c->gc = x_context(&c->d, c->pixmap, 0);
	x_sync(&c->d);
}

static uint32_t pixel(int turn, int i)
{
	return (i * 2654435761U ^ turn * 40503U) & 0xffffff;
}

static void draw(struct client *c, int turn)
{
	xShmPutImageReq put = {
		.reqType = c->shm, .shmReqType = X_ShmPutImage, .length = 10, .drawable = c->pixmap, .gc = c->gc,
		.totalWidth = WIDTH, .totalHeight = HEIGHT, .srcWidth = WIDTH, .srcHeight = HEIGHT, .depth = 24,
		.format = ZPixmap, .shmseg = c->segment,
	};
	xShmGetImageReq get = {
		.reqType = c->shm, .shmReqType = X_ShmGetImage, .length = 8, .drawable = c->pixmap, .width = WIDTH,
		.height = HEIGHT, .planeMask = ~0, .format = ZPixmap, .shmseg = c->segment, .offset = PIXELS * 4,
	};
	xShmGetImageReply reply;

	for (int i = 0; i < PIXELS; i++)
		c->upper[i] = pixel(turn, i);
	x_write(&c->d, &put, sizeof(put));
	x_write(&c->d, &get, sizeof(get));
	x_reply(&c->d, &reply);
}

static void look(const struct client *c, int who, int turn)
{
	for (int i = 0; i < PIXELS; i++)
		if (c->upper[i] != pixel(turn, i) || (c->lower[i] & 0xffffff) != pixel(turn, i))
			die("client %d, turn %d: pixel %d is %06x, came back as %06x, was drawn as %06x", who, turn, i, c->upper[i],
			    c->lower[i], pixel(turn, i));
}

static int segment, processes;

static void work(int who)
{
	struct client c = { .upper = shmat(segment, NULL, 0) };

	if (c.upper == (void *)-1)
		die("shmat: %s", strerror(errno));
	c.lower = c.upper + PIXELS;
	attach(&c, segment);
	for (int turn = 0; turn < processes; turn++) {
		if (turn == who)
			draw(&c, turn);
		together();
		look(&c, who, turn);
		together();
	}
}

int main(int argc, char **argv)
{
	int ret;

	processes = argc == 2 ? atoi(argv[1]) : 0;
	if (processes < 1 || processes > 100)
		die("usage: shm PROCESSES");
	segment = shmget(IPC_PRIVATE, PIXELS * 8, IPC_CREAT | 0600);
	if (segment < 0)
		die("shmget: %s", strerror(errno));
	ret = crowd(processes, work);
	/* It goes with the last who has it. */
	shmctl(segment, IPC_RMID, NULL);
	return ret;
}
