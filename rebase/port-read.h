/* SPDX-License-Identifier: GPL-2.0 */
/* What of a port that succeeded is to be read all the same. */
#ifndef PORT_READ_H
#define PORT_READ_H

#include <jansson.h>

#include "rebase.h"

/* Rules that one kernel needs and the other does not, as port.h has them under "decided". */
json_t *port_decided(const struct derivation *old, const struct derivation *new);

/* The port in one sentence, "Ported; 2 rules are no longer needed: read why". The caller frees. */
char *port_headline(const json_t *port);

#endif
