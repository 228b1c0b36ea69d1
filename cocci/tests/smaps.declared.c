static void smaps_account(struct mem_size_stats *mss, struct page *page,
		bool compound, bool young, bool dirty, bool locked,
		bool present)
{
	bool exclusive;

	if (folio_ref_count(folio) == 1 || !present) {
		add(mss, 1);
		return;
	}
	if (IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT)) {
		const int mapcount = folio_average_page_mapcount(folio);
		exclusive = !folio_maybe_mapped_shared(folio);
	}
	for (i = 0; i < nr; i++, page++) {
		if (IS_ENABLED(CONFIG_PAGE_MAPCOUNT)) {
			mapcount = folio_precise_page_mapcount(folio, page);
			exclusive = mapcount < 2;
		}
	}
}
//// becomes
static void smaps_account(struct mem_size_stats *mss, struct page *page,
		bool compound, bool young, bool dirty, bool locked,
		bool present, int others)
{
	bool exclusive;

	if ((folio_ref_count(folio) == 1 && !others) || !present) {
		add(mss, 1);
		return;
	}
	if (IS_ENABLED(CONFIG_NO_PAGE_MAPCOUNT)) {
		const int mapcount = folio_average_page_mapcount(folio) + others;
		exclusive = !folio_maybe_mapped_shared(folio) && !others;
	}
	for (i = 0; i < nr; i++, page++) {
		if (IS_ENABLED(CONFIG_PAGE_MAPCOUNT)) {
			mapcount = folio_precise_page_mapcount(folio, page) + others;
			exclusive = mapcount < 2;
		}
	}
}
