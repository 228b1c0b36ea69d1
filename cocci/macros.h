/*
 * Macros of the kernel that begin a block, for spatch's parser (--macro-file): it knows loops by their names, but none of these,
 * and gives up on a function that has one.  How often the block runs does not matter.
 */
#define scoped_guard(...) for (;;)
#define scoped_cond_guard(...) for (;;)
#define scoped_seqlock_read(...) for (;;)
#define scoped_user_read_access(...) for (;;)
#define scoped_user_write_access(...) for (;;)
#define scoped_user_rw_access(...) for (;;)
