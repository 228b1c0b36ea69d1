// SPDX-License-Identifier: GPL-2.0
/* A cell: a kernel on a machine, as it is, with shared page tables, or with one hook of them left out. */
#include <git2.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "cell.h"

/* What make, sh, merge_config.sh or the kernel's own Makefile takes for something else than a part of a name. */
#define SPECIAL " \t\n:;=#%$&|<>()[]{}*?!`'\"\\"

static int check_path(const char *path, const char *remedy)
{
	size_t n = strcspn(path, SPECIAL);

	return path[n] ? err("%s: kernels can't be built with a '%c' in a path; %s", path, path[n], remedy) : 0;
}

static int check_paths(void)
{
	_free_ cache = cache_path("builds"), *data = data_path("build-matrix");

	if (check_path(cache, "set XDG_CACHE_HOME to another folder"))
		return -1;
	return check_path(data, "move the checkout to another folder");
}

int cell_load(struct cell *c, const char *name)
{
	_free_ copy = xstrdup(name);
	char *rest = copy, *kernel = strsep(&rest, "/"), *arch = strsep(&rest, "/"), *variant = strsep(&rest, "/");
	int ret;

	*c = (struct cell){0};
	if (!variant || rest || !*kernel || !*arch)
		return usage("'%s' is no cell; a cell is KERNEL/ARCH/VARIANT, such as 6.12/i386-pae/shpte", name);
	if (strcmp(variant, "base") && strcmp(variant, "shpte"))
		return usage("unknown variant '%s'; it is base (the kernel as it is) or shpte (the derived one)", variant);
	if (check_paths())
		return -1;
	ret = arch_load(&c->arch, arch);
	if (ret)
		return ret;
	ret = line_load(&c->line, kernel);
	if (ret) {
		arch_free(&c->arch);
		return ret;
	}
	/* The machine's name may be another than was given: what it is anyhow, it is not called. */
	c->name = xasprintf("%s/%s/%s", kernel, c->arch.name, variant);
	c->label = xstrdup(c->name);
	c->kernel = xstrdup(kernel);
	c->ours = !strcmp(variant, "shpte");
	return 0;
}

int cell_load_mutant(struct cell *c, const char *name, const char *hook)
{
	int ret = cell_load(c, name);

	if (ret)
		return ret;
	c->without = xstrdup(hook);
	free(c->name);
	free(c->label);
	c->name = xasprintf("%s/%s/mutant/%s", c->kernel, c->arch.name, hook);
	c->label = xstrdup(c->name);
	return 0;
}

static void forget(struct cell *c)
{
	free_charp(&c->version);
	free_charp(&c->branch);
	free_charp(&c->commit);
	free_charp(&c->tree);
}

bool cells_are_twins(const struct cell *a, const struct cell *b)
{
	return !strcmp(a->kernel, b->kernel) && !strcmp(a->arch.name, b->arch.name);
}

void cell_free(struct cell *c)
{
	forget(c);
	free_charp(&c->name);
	free_charp(&c->label);
	free_charp(&c->kernel);
	free_charp(&c->without);
	line_free(&c->line);
	arch_free(&c->arch);
}

const char *cell_variant(const struct cell *c)
{
	return c->without ? "mutant" : c->ours ? "shpte" : "base";
}

static int look_up(struct cell *c, git_repository *repo)
{
	_free_ ref = xasprintf("refs/heads/%s", c->branch);
	git_commit *commit = NULL;
	git_oid id;

	if (git_reference_name_to_id(&id, repo, ref) || git_commit_lookup(&commit, repo, &id))
		return err("%s: the store has no branch %s", c->name, c->branch);
	c->commit = xstrdup(git_oid_tostr_s(&id));
	c->tree = xstrdup(git_oid_tostr_s(git_commit_tree_id(commit)));
	git_commit_free(commit);
	return 0;
}

int cell_resolve(struct cell *c, const char *version)
{
	git_repository *repo = NULL;
	int ret;

	forget(c);
	c->version = xstrdup(version);
	c->branch = c->without ? xasprintf("shpte-mutant/%s/%s", version, c->without) :
				 xasprintf("%s/%s", cell_variant(c), version);
	if (store_open(&repo))
		return -1;
	ret = look_up(c, repo);
	git_repository_free(repo);
	return ret;
}

int cell_prepare(struct cell *c, struct derivation *d, enum verdict *what)
{
	struct derivation own = {0};
	_free_ version = NULL;
	int ret;

	if (what)
		*what = V_FETCH_FAILED;
	if (kernel_fetch(&c->line, false, &version))
		return -1;
	if (c->ours) {
		if (what)
			*what = V_DERIVE_FAILED;
		if (c->without)
			ret = derive_without(version, c->without, d ? d : &own);
		else
			ret = derive(version, d ? d : &own);
		derivation_free(&own);
		if (ret)
			return -1;
	}
	return cell_resolve(c, version);
}
