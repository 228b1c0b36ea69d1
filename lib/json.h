/* SPDX-License-Identifier: GPL-2.0 */
/* What is read from JSON that may lack it. */
#ifndef JSON_H
#define JSON_H

#include <jansson.h>

/* The string of this key; "" where there is none: never NULL.  It lives as long as the object. */
const char *json_text(const json_t *object, const char *key);

#endif
