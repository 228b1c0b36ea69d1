/* SPDX-License-Identifier: GPL-2.0 */
/* A part of model.h: who did what, for the day when it matters. */
#ifndef GUEST_MODEL_TELL_H
#define GUEST_MODEL_TELL_H

static const char *kind_name[KINDS];	/* filled in where the operations are */
static const char *const how_name[] = { "by its mapping", "by process_vm", "by /proc/pid/mem" };

/* One operation of this actor, about to begin; who has it begun may fill in the result. */
static struct note *note(struct view *v, long idx, long n, int flags, int how)
{
	struct note *x = &model->note[self.id][self.notes++ % NOTES];
	struct entry *e = idx >= 0 && idx < view_pages ? &v->e[idx] : NULL;

	*x = (struct note){
		.ticket = atomic_fetch_add(&model->ticket, 1) + 1, .step = self.step, .kind = self.kind, .flags = flags, .how = how,
		.file = e && e->flags & MAPPED ? e->file : 255, .page = e ? e->page : 0, .idx = idx, .n = n,
	};
	return x;
}

/* The same of what is done to a file itself. */
static struct note *note_file(int file, long page, long n)
{
	struct note *x = note(NULL, -1, n, 0, 0);

	x->file = file;
	x->page = page;
	return x;
}

static void say_note(int id, const struct note *x)
{
	const char *lane = id ? "" : " (conductor)";

	say("#   %u: actor %d%s step %u %s, pages %d+%d, file %d page %d, with 0x%x, gave %d", x->ticket, id, lane, x->step,
	    kind_name[x->kind] ?: "?", x->idx, x->n, x->file == 255 ? -1 : x->file, x->page, x->flags, x->result);
}

/* The newest 20 before `below` of one actor, or of all that meet a page of a file; oldest first. */
static void say_notes(int only, int file, long page)
{
	const struct note *found[20];
	int id_of[20], n = 0;
	uint32_t below = UINT32_MAX;

	for (; n < 20; n++) {
		const struct note *best = NULL;

		for (int id = 0; id < ACTORS; id++) {
			if (only >= 0 && id != only)
				continue;
			for (int i = 0; i < NOTES; i++) {
				const struct note *x = &model->note[id][i];

				if (!x->ticket || x->ticket >= below || (best && x->ticket <= best->ticket))
					continue;
				if (only < 0 && (x->file != file || page < x->page || page >= x->page + (x->n ?: 1)))
					continue;
				best = x;
				id_of[n] = id;
			}
		}
		if (!best)
			break;
		found[n] = best;
		below = best->ticket;
	}
	while (n--)
		say_note(id_of[n], found[n]);
}

/* The word of a file in /proc that has 64 bits for each page; 0: there is none. */
static uint64_t page_word(const char *path, uint64_t page)
{
	uint64_t word = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && pread(fd, &word, sizeof(word), page * sizeof(word)) != sizeof(word))
		word = 0;
	close(fd);
	return word;
}

/* What the page tables of a process have there, and what kind of page it is. */
static void say_mapped(const char *whose, int pid, const char *at)
{
	char path[40];
	uint64_t entry, pfn;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	entry = page_word(path, (uintptr_t)at / pagesz);
	pfn = entry & PM_PRESENT ? entry & PM_PFN : 0;
	say("# %s, pid %d: pagemap %016llx, kpageflags %llx, kpagecount %llu", whose, pid, (unsigned long long)entry,
	    (unsigned long long)page_word("/proc/kpageflags", pfn), (unsigned long long)page_word("/proc/kpagecount", pfn));
}

/* All that can be seen of the page where it was found, before it is looked at again and then. */
static void say_suspect(void)
{
	const volatile uint32_t *at = (uint32_t *)self.suspect;
	long zeros = 0;

	say_mapped("seen by", getpid(), self.suspect);
	for (int i = 0; i < VIEWS; i++)
		if (i % WORKERS == self.worker && view_of[i]->pid > 0)
			say_mapped(i < WORKERS ? "its worker" : "his child", view_of[i]->pid, self.suspect);
	for (long i = 0; i < page_words; i++)
		zeros += !at[i];
	say("# looked at again: %ld of its %ld words are zeros", zeros, page_words);
	say_mapped("then", getpid(), self.suspect);
}

/* Somebody tells what he has found: nobody goes on, and kills him.  Or has he been killed the moment before? */
static void hear_out(void)
{
	for (int i = 0; i < 6000 && !guest->failed; i++)
		pause_ms(10);
	if (!guest->failed)
		FAIL("somebody found something, and was killed before he had told what");
}

/*
 * The first to find something tells the story; the others wait until he has, or the reason that is given in the
 * end would be another's.
 */
static void __attribute__((noreturn, format(printf, 4, 5)))
tell(struct view *v, int file, long page, const char *fmt, ...)
{
	char what[240];
	va_list ap;
	int nobody = 0;

	if (!atomic_compare_exchange_strong(&model->telling, &nobody, 1)) {
		hear_out();
		_exit(1);
	}
	prctl(PR_SET_PDEATHSIG, 0);
	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	say("# seed %llu step %u of actor %d (worker %d lane %d life %u): %s", (unsigned long long)seed, self.step, self.id,
	    self.worker, self.lane, self.life, what);
	if (v)
		for (int i = 0; i < VIEWS; i++)
			if (view_of[i] == v)
				say("# seen in view %d, pid %d, base %p", i, v->pid, v->base);
	if (self.suspect)
		say_suspect();
	say("# the last of this actor:");
	say_notes(self.id, 0, 0);
	if (file < FILES) {
		const struct cell *c = &model->file[file].cell[page];

		say("# page %ld of file %d (%s, %d pages): stamp %08x body %08x cuts %u seq %x; the last of this page:", page, file,
		    model->file[file].name, model->file[file].pages, c->stamp, c->body, c->cuts, c->seq);
		say_notes(-1, file, page);
	}
	FAIL("seed %llu actor %d step %u: %s", (unsigned long long)seed, self.id, self.step, what);
}

/* A call that must succeed, told with all that led to it. */
#define MUST(call) ({									\
	__typeof__(call) must_ = (call);						\
	if ((long)must_ == -1)								\
		tell(self.view, ANON, 0, "%s: %s", #call, strerror(errno));		\
	must_;										\
})

#endif
