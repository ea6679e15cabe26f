/* Files that travel in the binary: the steps of the schema, and what browsers ask for. */
#pragma once
#include "migrations.h"

/* A file that browsers ask for; its bytes are not terminated by a zero byte. */
struct pagerpal_asset {
    const char *name;
    /* The end of its name without the dot: css, js, svg. */
    const char *kind;
    const unsigned char *bytes;
    size_t length;
};

/* All of them, from index 0. */
const struct pagerpal_asset *pagerpal_asset_at(size_t index);
size_t pagerpal_asset_count(void);

/* A document of the project as markup; its bytes are not terminated by a zero byte. */
struct pagerpal_document {
    const char *name;
    const char *title;
    const unsigned char *bytes;
    size_t length;
};

/* All of them, from index 0. */
const struct pagerpal_document *pagerpal_document_at(size_t index);
size_t pagerpal_document_count(void);

/* Passwords that leaks contain often, one in each line, in lower case. */
const unsigned char *pagerpal_passwords(void);
size_t pagerpal_passwords_length(void);
