#include <sqlite3.h>

/* Swift can't call functions with a variable number of arguments. */

/* Allocates pages of caches one by one. By default each connection, and each temporary table of a query, first allocates
   a block of pages, and the allocator gives that memory back to the kernel after each query. Call it before the first
   connection is opened. */
static inline int csqlite_allocate_single_pages(void) {
    return sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)0, 0, 0);
}

/* Keeps 30 pages of a statement's journal in memory, before it goes to a temporary file. By default it keeps 15, and the
   statements of one alert change more. SQLite writes what it kept at once, and can't write 128 KB or more at once. Call it
   before the first connection is opened. */
static inline int csqlite_keep_statement_journals(void) {
    return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 30 * (4096 + 4));
}
