// SPDX-License-Identifier: GPL-2.0
/* From the result folders into the database. */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "db.h"

/* What changes when the file does: an import of hundreds of results must not parse them all again. */
static char *file_state(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return NULL;
	return xasprintf("%lld.%09ld %lld %llu", (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
			 (long long)st.st_size, (unsigned long long)st.st_ino);
}

/* 1: the database has it as it is now. */
static int is_known(struct db *db, const char *path, const char *state)
{
	sqlite3_stmt *st = db_query(db, "SELECT 1 FROM result WHERE path = ?1 AND mtime = ?2", path, state, NULL);
	int ret;

	if (!st)
		return -1;
	ret = sqlite3_step(st);
	sqlite3_finalize(st);
	return ret == SQLITE_ROW ? 1 : ret == SQLITE_DONE ? 0 : db_error(db);
}

static int insert(struct db *db, const char *path, const char *state, const struct result *r, const char *json)
{
	return db_do(db, "INSERT OR REPLACE INTO result VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
		     path, state, r->cell, r->kernel, r->arch, r->variant, strrchr(path, '/') + 1, r->version,
		     r->commit, r->started, r->verdict, r->detail, json, NULL);
}

/* Reads, checks, and holds against the place where it was found. */
static int read_result(struct result *r, const char *file, const char *cell, struct str *text, struct str *why)
{
	int ret = file_read(file, text);

	if (ret) {
		str_add(why, strerror(-ret));
		return -1;
	}
	if (result_parse(r, str_get(text), text->len, why))
		return -1;
	if (!strcmp(r->cell, cell))
		return 0;
	str_addf(why, "it is a result of %s", r->cell);
	result_free(r);
	return -1;
}

/* One result folder, path relative to dir: <cell>/<stamp>. */
static int import_one(struct db *db, const char *dir, const char *cell, const char *stamp)
{
	_free_ path = xasprintf("%s/%s", cell, stamp), *file = xasprintf("%s/%s/result.json", dir, path);
	_free_ state = file_state(file);
	_str_ text = {0}, why = {0};
	struct result r;
	int ret;

	if (!state)
		return 0;		/* still running, or stopped before its end: no result */
	ret = is_known(db, path, state);
	if (ret == 0) {
		if (read_result(&r, file, cell, &text, &why)) {
			warn("%s: left out: %s", file, why.s);
			return 0;	/* not seen, so an older good one of this name goes as well */
		}
		ret = insert(db, path, state, &r, text.s);
		result_free(&r);
	}
	return ret < 0 ? -1 : db_do(db, "INSERT OR IGNORE INTO seen VALUES (?1)", path, NULL);
}

static bool is_link(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISLNK(st.st_mode);
}

/* The tree below dir/path, depth folders deep still; at depth 0 path is a cell and its folders are results. */
static int import_tree(struct db *db, const char *dir, const char *path, int depth)
{
	_free_ full = xasprintf("%s/%s", dir, path);
	_strv_ names = {0};
	int ret = dir_list(full, NULL, &names);

	if (ret == -ENOTDIR || ret == -ENOENT)
		return 0;
	if (ret < 0)
		return err("%s: %s", full, strerror(-ret));
	for (size_t i = 0; i < names.n; i++) {
		_free_ below = *path ? xasprintf("%s/%s", path, names.v[i]) : xstrdup(names.v[i]);
		_free_ there = xasprintf("%s/%s", dir, below);

		if (is_link(there))
			continue;	/* `latest` */
		ret = depth ? import_tree(db, dir, below, depth - 1) : import_one(db, dir, path, names.v[i]);
		if (ret)
			return ret;
	}
	return 0;
}

int db_import(struct db *db, const char *dir)
{
	if (db_do(db, "BEGIN IMMEDIATE", NULL))
		return -1;
	if (db_do(db, "CREATE TEMP TABLE IF NOT EXISTS seen (path TEXT PRIMARY KEY)", NULL) ||
	    db_do(db, "DELETE FROM seen", NULL) || import_tree(db, dir, "", 3) ||
	    db_do(db, "DELETE FROM result WHERE path NOT IN (SELECT path FROM seen)", NULL) ||
	    db_do(db, "COMMIT", NULL))
		return -1;		/* closing the database rolls back */
	return 0;
}
