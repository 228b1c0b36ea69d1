// SPDX-License-Identifier: GPL-2.0
/* All that a cell's result depends on, as one hash: while it stays, the result stays true. */
#include "../lib/fs.h"
#include "../lib/hash.h"
#include "guest.h"
#include "key.h"

static void add_line(struct hash *h, const struct line *l)
{
	hash_text(h, "cc", l->cc);
	for (size_t i = 0; i < l->make.n; i++)
		hash_text(h, "make", l->make.v[i]);
}

/* The machine: how its kernel is configured and booted. */
static void add_arch(struct hash *h, const struct cell *c)
{
	_free_ qemu = arch_qemu_version(&c->arch);
	_strv_ confs = {0}, fragments = {0};

	arch_confs(&c->arch, &confs);
	for (size_t i = 0; i < confs.n; i++)
		hash_file(h, confs.v[i]);
	/* The name says what is other than described. */
	hash_text(h, "machine", c->arch.name);
	arch_fragments(&c->arch, c->ours, &fragments);
	for (size_t i = 0; i < fragments.n; i++)
		hash_file(h, fragments.v[i]);
	hash_text(h, "qemu", arch_qemu(&c->arch));
	hash_text(h, "qemu", qemu);
}

/* What is asked of it, and how the answers are judged. */
static void add_tests(struct hash *h)
{
	_free_ failures = data_path("build-matrix/failures.conf");
	_strv_ sources = {0};

	hash_file(h, failures);
	guest_sources(&sources);
	for (size_t i = 0; i < sources.n; i++)
		hash_file(h, sources.v[i]);
}

char *cell_key(const struct cell *c)
{
	_str_ why = {0};
	_free_ compiler = arch_cc_version(&c->arch, &c->line, &why);
	struct hash h = {0};

	if (!compiler && !why.len)
		return NULL;
	hash_text(&h, "tree", c->tree);
	/* That there is none is a fact too, until it is installed. */
	hash_text(&h, "compiler", compiler ? compiler : why.s);
	add_line(&h, &c->line);
	add_arch(&h, c);
	add_tests(&h);
	return hash_end(&h);
}
