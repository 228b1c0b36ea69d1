// SPDX-License-Identifier: GPL-2.0
#include "json.h"

const char *json_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}
