/* Loaded before a program's own libraries: while the file named by STEPPED_CLOCK is there, the clock on the wall is 20 s
   ahead, as after somebody has set it. The clocks that nobody sets stay as they are. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    const char *stepped = getenv("STEPPED_CLOCK");
    if (result == 0 && clock == CLOCK_REALTIME && stepped && access(stepped, F_OK) == 0) {
        time->tv_sec += 20;
    }
    return result;
}
