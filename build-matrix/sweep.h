/* SPDX-License-Identifier: GPL-2.0 */
/* Objects that a build which was killed left half-written. */
#ifndef BUILD_MATRIX_SWEEP_H
#define BUILD_MATRIX_SWEEP_H

/*
 * make removes what it was making when it is told to stop, but not when it is killed or the power goes; the next make takes
 * a half-written object for a new one.  To be called before and after every make in the folder `out`: sweep_begin()
 * finds out whether the last one came to its end, and if not removes what is not sure to be whole.
 */
void sweep_begin(const char *out);
void sweep_end(const char *out);

#endif
