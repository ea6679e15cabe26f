/* Files that travel in the binary: the steps of the schema, and what browsers ask for. */
#pragma once
#include "migrations.h"

/* The bytes of a file; they are not terminated by a zero byte. */
struct pagerpal_asset {
    const unsigned char *bytes;
    size_t length;
};

struct pagerpal_asset pagerpal_acknowledgement_css(void);
