// SPDX-License-Identifier: GPL-2.0
/* The smallest program to execute. */
int main(void)
{
	return 0;
}
