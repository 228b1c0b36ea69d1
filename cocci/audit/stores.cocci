// writes entries without a primitive
//
// A store to where a pointer to an entry points: nothing but the type tells of it.

@@
typedef pte_t, pmd_t, pud_t;
{pte_t, pmd_t, pud_t} *p;
expression e, i;
identifier member;
@@
(
* *p = e
|
* p[i] = e
|
* p->member = e
|
* WRITE_ONCE(*p, e)
)
