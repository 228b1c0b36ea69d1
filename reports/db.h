/* SPDX-License-Identifier: GPL-2.0 */
/* The result database: an index of the result folders, to be thrown away and built again at any time. */
#ifndef REPORTS_DB_H
#define REPORTS_DB_H

#include "result.h"

struct db;

/* A result of a cell as its history shows it. */
struct past {
	char *stamp, *started, *version, *commit, *verdict, *detail;
	double figure;			/* NAN when it had none */
	enum grade shown;		/* as that of a result */
};

/* A file that is damaged, or of another version of this program, is replaced. 0 or -1 after a message. */
int db_open(struct db **out, const char *path);
void db_close(struct db **db);

/*
 * Brings the index up to date with the folders <dir>/<kernel>/<arch>/<variant>/<stamp>/: new and changed
 * results come in, vanished ones go.  One that can't be read is named in a warning and left out.
 * All in one transaction.  0 or -1 after a message.
 */
int db_import(struct db *db, const char *dir);

/* The newest result of each cell, sorted by kernel (newest first), architecture, variant. */
int db_latest(struct db *db, const char *dir, struct results *out);
/* At most `limit` results of a cell, newest first, with one figure of each. */
int db_history(struct db *db, const char *cell, const char *figure, int limit, struct past **out, size_t *n);
/* All results of an architecture, by cell, the oldest first.  With their folders below dir, and as they are shown. */
int db_runs(struct db *db, const char *dir, const char *arch, struct results *out);
void past_free(struct past *p, size_t n);

/* For import.c: a statement prepared, its text parameters bound (list ends with NULL). NULL after a message. */
struct sqlite3_stmt;
struct sqlite3_stmt *db_query(struct db *db, const char *sql, ...) __attribute__((sentinel));
/* The same, run to its end. */
int db_do(struct db *db, const char *sql, ...) __attribute__((sentinel));
int db_error(struct db *db);		/* says what is wrong, returns -1 */

#endif
