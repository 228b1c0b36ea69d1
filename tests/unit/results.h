/* SPDX-License-Identifier: GPL-2.0 */
/* A cell's result as the matrix writes it, short enough for a test. */
#ifndef RESULTS_H
#define RESULTS_H

#define CELL(arch, variant, verdict, rest) \
	"{\"cell\":\"6.12/" arch "/" variant "\",\"kernel\":\"6.12\",\"arch\":\"" arch "\",\"variant\":\"" variant "\"," \
	"\"version\":\"6.12.1\",\"verdict\":\"" verdict "\"" rest "}"

#endif
