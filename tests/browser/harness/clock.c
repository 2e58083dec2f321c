// A clock that the journeys can move: realtime plus an offset in seconds that stands in a shared eight-byte file.
// Preloaded into the server under test, so that a class of tomorrow can be over today without any door in the product.
// Rule: only CLOCK_REALTIME moves; timers and measured durations stay true.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *offset;
static int (*machine)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    machine = dlsym(RTLD_NEXT, "clock_gettime");
    const char *path = getenv("JOURNEY_CLOCK");
    int file = path ? open(path, O_RDONLY) : -1;
    if (file < 0) return;
    void *page = mmap(NULL, 8, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) offset = page;
    close(file);
}

int clock_gettime(clockid_t which, struct timespec *time) {
    if (!machine) machine = dlsym(RTLD_NEXT, "clock_gettime");
    int result = machine(which, time);
    if (result == 0 && offset && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) time->tv_sec += *offset;
    return result;
}
