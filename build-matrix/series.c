// SPDX-License-Identifier: GPL-2.0
/* What the points that a test prints mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "series.h"

int series_add(struct series_list *l, const char *text)
{
	static const char between[] = " against ";
	const char *colon = strstr(text, ": "), *against = colon ? strstr(colon, between) : NULL;
	_free_ head = colon ? xstrndup(text, colon - text) : NULL;
	char name[128], word[8] = "", more[2];
	int n = head ? sscanf(head, "%127s %7s %1s", name, word, more) : 0;

	if (!against || n < 1 || n > 2 || (n == 2 && strcmp(word, "log")) || against == colon + 1 ||
	    !against[strlen(between)])
		return -1;
	l->v = xrealloc(l->v, (l->n + 1) * sizeof(*l->v));
	l->v[l->n++] = (struct series){
		xstrdup(name), xstrndup(colon + 2, against - colon - 2), xstrdup(against + strlen(between)), n == 2,
	};
	return 0;
}

void series_free(struct series_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->v[i].name);
		free(l->v[i].title);
		free(l->v[i].x);
	}
	free(l->v);
	*l = (struct series_list){0};
}
