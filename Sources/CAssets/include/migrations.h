#pragma once
#include <stddef.h>

/* One numbered step of the schema; its text is not terminated by a zero byte. */
struct pagerpal_migration {
    int number;
    const char *name;
    const unsigned char *text;
    size_t length;
};

/* All of them in order, from index 0. */
const struct pagerpal_migration *pagerpal_migration_at(size_t index);
size_t pagerpal_migration_count(void);
