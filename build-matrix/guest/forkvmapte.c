// SPDX-License-Identifier: GPL-2.0
/* The same as forkvma where the kernel could protect shared tables by the pmds that lead to them, and is to do it by their entries. */
#define BY_ENTRIES 1
#include "forkvma.c"
