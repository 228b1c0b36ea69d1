// SPDX-License-Identifier: GPL-2.0
/* The result database. */
#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/fs.h"
#include "../lib/log.h"
#include "db.h"
#include "pair.h"

/* To be counted up with every change of the schema: an older file is then built anew. */
#define SCHEMA 1

static const char schema[] =
	"CREATE TABLE result (path TEXT PRIMARY KEY, mtime TEXT, cell TEXT, kernel TEXT, arch TEXT, variant TEXT,"
	" stamp TEXT, version TEXT, commit_id TEXT, started TEXT, verdict TEXT, detail TEXT, json TEXT) WITHOUT ROWID;"
	"CREATE INDEX result_cell ON result (cell, stamp);";

/*
 * The twin of result r, if r is a derived kernel's: what the base had come to when r was the latest.  That of the latest
 * is the base's latest, as in the matrix.
 */
#define TWIN \
	"(SELECT t.json FROM result AS t WHERE (r.variant = 'shpte' OR r.variant GLOB 'shpte+*')" \
	" AND t.cell = r.kernel || '/' || r.arch || '/base' || substr(r.variant, 6) AND t.stamp <" \
	" coalesce((SELECT min(n.stamp) FROM result AS n WHERE n.cell = r.cell AND n.stamp > r.stamp), '~')" \
	" ORDER BY t.stamp DESC LIMIT 1)"

struct db {
	sqlite3 *sql;
	char *path;
};

int db_error(struct db *db)
{
	return err("%s: %s (it can be removed, it is only an index)", db->path, sqlite3_errmsg(db->sql));
}

static sqlite3_stmt *vquery(struct db *db, const char *sql, va_list ap)
{
	sqlite3_stmt *st;
	const char *arg;

	if (sqlite3_prepare_v2(db->sql, sql, -1, &st, NULL) != SQLITE_OK) {
		db_error(db);
		return NULL;
	}
	for (int i = 1; (arg = va_arg(ap, const char *)); i++)
		sqlite3_bind_text(st, i, arg, -1, SQLITE_TRANSIENT);
	return st;
}

sqlite3_stmt *db_query(struct db *db, const char *sql, ...)
{
	sqlite3_stmt *st;
	va_list ap;

	va_start(ap, sql);
	st = vquery(db, sql, ap);
	va_end(ap);
	return st;
}

int db_do(struct db *db, const char *sql, ...)
{
	sqlite3_stmt *st;
	va_list ap;
	int ret;

	va_start(ap, sql);
	st = vquery(db, sql, ap);
	va_end(ap);
	if (!st)
		return -1;
	ret = sqlite3_step(st);
	sqlite3_finalize(st);
	return ret == SQLITE_DONE || ret == SQLITE_ROW ? 0 : db_error(db);
}

/* The first column of the first row as a number, -1 on any trouble: used before the file is trusted. */
static int ask(sqlite3 *sql, const char *query)
{
	sqlite3_stmt *st;
	int ret = -1;

	if (sqlite3_prepare_v2(sql, query, -1, &st, NULL) != SQLITE_OK)
		return -1;
	if (sqlite3_step(st) == SQLITE_ROW)
		ret = sqlite3_column_int(st, 0);
	sqlite3_finalize(st);
	return ret;
}

/* True when the file is a sound index of our schema, or an empty one that could be given it. */
static bool usable(sqlite3 *sql)
{
	_free_ make = NULL;

	if (ask(sql, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)") != 1)
		return false;
	if (ask(sql, "PRAGMA user_version") == SCHEMA)
		return true;
	if (ask(sql, "SELECT count(*) FROM sqlite_master") != 0)
		return false;
	make = xasprintf("BEGIN; %s PRAGMA user_version = %d; COMMIT", schema, SCHEMA);
	return sqlite3_exec(sql, make, NULL, NULL, NULL) == SQLITE_OK;
}

static void discard(const char *path)
{
	_free_ journal = xasprintf("%s-journal", path);

	unlink(path);
	unlink(journal);
}

int db_open(struct db **out, const char *path)
{
	struct db *db = xcalloc(1, sizeof(*db));

	db->path = xstrdup(path);
	for (int try = 0; try < 2; try++) {
		if (sqlite3_open(path, &db->sql) == SQLITE_OK) {
			sqlite3_busy_timeout(db->sql, 60000);
			if (usable(db->sql)) {
				*out = db;
				return 0;
			}
		}
		if (try == 0) {
			sqlite3_close(db->sql);
			discard(path);
		}
	}
	db_error(db);
	db_close(&db);
	return -1;
}

void db_close(struct db **db)
{
	if (!*db)
		return;
	sqlite3_close((*db)->sql);
	free((*db)->path);
	free(*db);
	*db = NULL;
}

static char *column(sqlite3_stmt *st, int i)
{
	const char *s = (const char *)sqlite3_column_text(st, i);

	return xstrdup(s ? s : "");
}

static int by_cell(const void *a, const void *b)
{
	const struct result *x = a, *y = b;
	int ret = strverscmp(y->kernel, x->kernel); /* the newest first */

	if (!ret)
		ret = strcmp(x->arch, y->arch);
	return ret ? ret : strcmp(x->variant, y->variant);
}

/* Steps through a statement whose rows are json, path, stamp and perhaps the twin's json; ends it. */
static int collect(struct db *db, sqlite3_stmt *st, const char *dir, struct results *out)
{
	int ret;

	if (!st)
		return -1;
	while ((ret = sqlite3_step(st)) == SQLITE_ROW) {
		_str_ why = {0};
		struct result r;

		if (result_parse(&r, (const char *)sqlite3_column_text(st, 0), sqlite3_column_bytes(st, 0), &why))
			continue;	/* can't be: it was parsed on its way in */
		r.dir = xasprintf("%s/%s", dir, (const char *)sqlite3_column_text(st, 1));
		r.stamp = column(st, 2);
		pair_weigh(&r, sqlite3_column_count(st) > 3 ? (const char *)sqlite3_column_text(st, 3) : NULL);
		out->v = xrealloc(out->v, (out->n + 1) * sizeof(*out->v));
		out->v[out->n++] = r;
	}
	sqlite3_finalize(st);
	return ret == SQLITE_DONE ? 0 : db_error(db);
}

int db_latest(struct db *db, const char *dir, struct results *out)
{
	sqlite3_stmt *st = db_query(db, "SELECT json, path, stamp FROM result AS r WHERE stamp ="
				    " (SELECT max(stamp) FROM result WHERE cell = r.cell)", NULL);

	if (collect(db, st, dir, out))
		return -1;
	if (out->n)
		qsort(out->v, out->n, sizeof(*out->v), by_cell);
	return 0;
}

int db_runs(struct db *db, const char *dir, const char *arch, struct results *out)
{
	return collect(db, db_query(db, "SELECT json, path, stamp, " TWIN " FROM result AS r WHERE arch = ?1 ORDER BY cell, stamp",
				    arch, NULL), dir, out);
}

/* Row of a statement that has the json of a result in this column, and its twin's in the next: as it is shown. */
static enum grade weigh_past(sqlite3_stmt *st, int i)
{
	enum grade g = BAD;
	_str_ why = {0};
	struct result r;

	if (result_parse(&r, (const char *)sqlite3_column_text(st, i), sqlite3_column_bytes(st, i), &why))
		return g;
	pair_weigh(&r, (const char *)sqlite3_column_text(st, i + 1));
	g = r.shown;
	result_free(&r);
	return g;
}

int db_history(struct db *db, const char *cell, const char *figure, int limit, struct past **out, size_t *n)
{
	_free_ path = xasprintf("$.figures.\"%s\"", figure);
	_free_ sql = xasprintf("SELECT stamp, started, version, commit_id, verdict, detail, json_extract(json, ?2), json, " TWIN
				     " FROM result AS r WHERE cell = ?1 ORDER BY stamp DESC LIMIT %d", limit);
	sqlite3_stmt *st = db_query(db, sql, cell, path, NULL);
	int ret;

	*out = NULL;
	*n = 0;
	if (!st)
		return -1;
	while ((ret = sqlite3_step(st)) == SQLITE_ROW) {
		struct past *p;

		*out = xrealloc(*out, (*n + 1) * sizeof(**out));
		p = &(*out)[(*n)++];
		*p = (struct past){ column(st, 0), column(st, 1), column(st, 2), column(st, 3), column(st, 4),
				    column(st, 5), NAN, NONE };
		if (sqlite3_column_type(st, 6) != SQLITE_NULL)
			p->figure = sqlite3_column_double(st, 6);
		p->shown = weigh_past(st, 7);
	}
	sqlite3_finalize(st);
	return ret == SQLITE_DONE ? 0 : db_error(db);
}

void past_free(struct past *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(p[i].stamp);
		free(p[i].started);
		free(p[i].version);
		free(p[i].commit);
		free(p[i].verdict);
		free(p[i].detail);
	}
	free(p);
}
