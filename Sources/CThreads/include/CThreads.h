/* What Swift's Glibc module lacks: eventfd(2) and the names of threads (they need _GNU_SOURCE). */
#pragma once
#include <stddef.h>

/* A non-blocking event descriptor that is closed on exec, or -1. */
int cthreads_eventfd(void);
/* Names the calling thread, as shown by ps -T; at most 15 bytes count. */
void cthreads_name_thread(const char *name);
