/* SPDX-License-Identifier: GPL-2.0 */
/* A branch carried from one kernel to another, and all that is to be said of it. */
#ifndef PORT_H
#define PORT_H

#include <jansson.h>

#include "rebase.h"
#include "rule.h"

/*
 * Derives the branch on both versions and finds out the rest, as JSON:
 * { "old": "6.12.117-1_deb12u1", "new": "7.3.4-1_bpo13+1", "made": "2026-11-25T01:40:00Z", "seconds": 12.3,
 *   "verdict": "ported" | "needs a human",
 *   "rules": [{"name": "hooks/zap", "subject", "status": "same" | "moved" | "not needed" | "no longer needed" | "new" | "parse failure" | "needs a human", "why": "...",
 *              "old": ["mm/memory.c:1600 zap_pte_range"], "new": [...],
 *              "around": [{"function": "zap_pte_range", "diff": "..."}],    what changed between the bases there
 *              "tools": [{"tool": "git rebase", "outcome": "applies" | "conflicts" | "lands wrong" | "–", "what": "..."}]}],
 *   "decided": [{"name", "subject", "needed": false, "why": "..."}],    rules that one of the two needs and the other does not, by what
 *   "headline": "Ported; 2 rules are no longer needed: read why.",
 *   "churn": [{"name", "subject", "fired": true, "why": "..."}],
 *   "tools": [{"tool": "git rebase", "applies": 20, "conflicts": 7, "wrong": 3}],
 *   "range_diff": "...",
 *   "audit": {"functions": 184, "read": 184, "new": ["mm/x.c:1 f"], "changed": [...], "gone": ["f"], "list": [all of them, as audit_json()]},
 *   "figures": {"rule_lines": 400, "churn_lines": 60, "generated_lines": 300, "payload_lines": 1700, "fired_lines": 50} }
 * and of what was asked for, see port_cells():
 *   "cells": [{"cell": "7.3/i386-pae/shpte", "verdict": "pass", "detail": "..."}], "cells_good": true
 * and, see port_sparse():
 *   "sparse": [{"summary": "7.3/i386-pae/shpte: 80 files, 12 warnings, 0 of them not in the base", "new": ["mm/x.c:1:2: warning: ..."]}],
 *   "sparse_clean": true
 * rule_lines: of cocci/hooks without comments and blank lines; generated_lines: what the hooks add and take away on the new kernel;
 * fired_lines: of the churn rules that the new kernel needed and the old one did not.
 * 0 and *out, the caller's reference, also when rules need a human; -EINTR stopped; -1 after a message.
 */
int port_make(const char *old, const char *new, json_t **out);
/*
 * Builds, boots and tests the new kernel, `kernel` as the matrix calls it, on the machines that match, such as "i386-*", and adds what
 * came of it.  0 whatever it is; -EINTR stopped; -2 after a message about the pattern, -1 after another.
 */
int port_cells(json_t *port, const char *kernel, const char *machines);
/*
 * Runs sparse on each pair that port_cells() has built the derived kernel of, and adds what it says and does not say of the base.
 * 0 whatever it is; -EINTR stopped; -1 after a message.
 */
int port_sparse(json_t *port);
/* The same as plain text, 100 columns, for a mail. */
void port_text(const json_t *port, struct str *out);

#endif
