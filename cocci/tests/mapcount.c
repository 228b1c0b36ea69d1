static __always_inline int folio_sub_return_large_mapcount(struct folio *folio,
		int diff, struct vm_area_struct *vma)
{
	int new_mapcount_val;

	folio_lock_large_mapcount(folio);
	new_mapcount_val = atomic_read(&folio->_large_mapcount) - diff;
	if (folio->_mm_id_mapcount[0] >= 0)
		goto out;
	folio->_mm_ids &= ~FOLIO_MM_IDS_SHARED_BIT;
out:
	folio_unlock_large_mapcount(folio);
	return new_mapcount_val + 1;
}
//// becomes
static __always_inline int folio_sub_return_large_mapcount(struct folio *folio,
		int diff, struct vm_area_struct *vma)
{
	int new_mapcount_val;

	folio_lock_large_mapcount(folio);
	new_mapcount_val = atomic_read(&folio->_large_mapcount) - diff;
	if (folio->_mm_id_mapcount[0] >= 0)
		goto out;
	folio->_mm_ids &= ~FOLIO_MM_IDS_SHARED_BIT;
out:
	if (IS_ENABLED(CONFIG_SHPTE) && new_mapcount_val == -1) {
		folio_set_mm_id(folio, 0, MM_ID_DUMMY);
		folio_set_mm_id(folio, 1, MM_ID_DUMMY);
		folio->_mm_id_mapcount[0] = -1;
		folio->_mm_id_mapcount[1] = -1;
		folio->_mm_ids &= ~FOLIO_MM_IDS_SHARED_BIT;
	}
	folio_unlock_large_mapcount(folio);
	return new_mapcount_val + 1;
}
