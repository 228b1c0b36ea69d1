// SPDX-License-Identifier: GPL-2.0
/* The names of the verdicts, as they stand in result.json, failures.conf and messages. */
#include <string.h>

#include "build-matrix.h"
#include "verdict.h"

static const char *const names[] = {
	[V_PASS] = "pass",
	[V_TEST_FAILED] = "test failed",
	[V_COMPLAINED] = "kernel complained",
	[V_PANIC] = "panic",
	[V_SILENT] = "silent",
	[V_TIMEOUT] = "timed out",
	[V_REBOOT] = "reboot",
	[V_INIT_FAILED] = "init failed",
	[V_NO_USERSPACE] = "no userspace",
	[V_EMULATOR] = "emulator failed",
	[V_NO_EMULATOR] = "no emulator",
	[V_NO_COMPILER] = "no compiler",
	[V_BUILD_FAILED] = "build failed",
	[V_CONFIG_LOST] = "config symbol lost",
	[V_DERIVE_FAILED] = "derive failed",
	[V_FETCH_FAILED] = "fetch failed",
	[V_STOPPED] = "stopped",
};

const char *verdict_name(enum verdict v)
{
	return names[v];
}

int verdict_parse(const char *name, enum verdict *v)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name))
			continue;
		*v = i;
		return 0;
	}
	return -1;
}

const char *verdict_of(const json_t *result)
{
	const char *kind = json_string_value(json_object_get(result, "kind"));

	return kind ?: json_string_value(json_object_get(result, "verdict"));
}

bool verdict_lasts(enum verdict v)
{
	switch (v) {
	case V_STOPPED:
	case V_EMULATOR:
	case V_DERIVE_FAILED:
	case V_FETCH_FAILED:
		return false;
	default:
		return true;
	}
}
