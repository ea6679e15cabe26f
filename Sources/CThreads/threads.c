#define _GNU_SOURCE
#include "CThreads.h"
#include <pthread.h>
#include <sys/eventfd.h>

int cthreads_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
void cthreads_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
