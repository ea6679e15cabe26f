#include "migrations.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char foundations[] = {
#embed "files/sql/0001_foundations.sql"
};

static const struct pagerpal_migration migrations[] = {
    {1, "foundations", foundations, sizeof foundations},
};
const struct pagerpal_migration *pagerpal_migration_at(size_t index) { return &migrations[index]; }
size_t pagerpal_migration_count(void) { return sizeof migrations / sizeof migrations[0]; }
