/* Makes one call in a process fail, tear or kill it, for labs/faults.py. Loaded before libc; counts the calls that
 * change files below one folder, and acts on one of them. Not part of what is shipped.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { NONE, FAIL_ONCE, FAIL_ON, TEAR, KILL };
static int mode = NONE;
static long at = 0, count = 0;
static char folder[4096] = "";

/* From Python: act on call number `which`, counted from 1 within `prefix`. */
void arm(int how, long which, const char *prefix) {
    mode = how;
    at = which;
    count = 0;
    strncpy(folder, prefix, sizeof folder - 1);
}

long counted(void) { return count; }

static int is_inside(const char *path) { return *folder && path && !strncmp(path, folder, strlen(folder)); }

static int fd_is_inside(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return is_inside(path);
}

/* Whether this call must fail; it may not return. */
static int fails(int inside) {
    if (!inside) return 0;
    long number = __sync_add_and_fetch(&count, 1);
    if (mode == NONE || number < at || (mode != FAIL_ON && number != at)) return 0;
    if (mode == KILL) raise(SIGKILL);
    return mode != TEAR;
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

static int tears(int inside) { return inside && mode == TEAR && count == at; }

ssize_t write(int fd, const void *bytes, size_t n) {
    int inside = fd_is_inside(fd);
    if (fails(inside)) { errno = ENOSPC; return -1; }
    if (tears(inside)) { REAL(write)(fd, bytes, n / 2); raise(SIGKILL); }
    return REAL(write)(fd, bytes, n);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t where) {
    int inside = fd_is_inside(fd);
    if (fails(inside)) { errno = ENOSPC; return -1; }
    if (tears(inside)) { REAL(pwrite64)(fd, bytes, n / 2, where); raise(SIGKILL); }
    return REAL(pwrite64)(fd, bytes, n, where);
}

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t where) { return pwrite64(fd, bytes, n, where); }

#define SIMPLE(result, name, parameters, arguments, inside)                  \
    result name parameters {                                                 \
        int in = inside;                                                     \
        if (fails(in)) { errno = EIO; return -1; }                           \
        if (tears(in)) raise(SIGKILL);                                       \
        return REAL(name) arguments;                                         \
    }

SIMPLE(int, fsync, (int fd), (fd), fd_is_inside(fd))
SIMPLE(int, fdatasync, (int fd), (fd), fd_is_inside(fd))
SIMPLE(int, ftruncate64, (int fd, off64_t n), (fd, n), fd_is_inside(fd))
SIMPLE(int, ftruncate, (int fd, off_t n), (fd, n), fd_is_inside(fd))
SIMPLE(int, rename, (const char *a, const char *b), (a, b), is_inside(b))
SIMPLE(int, renameat, (int x, const char *a, int y, const char *b), (x, a, y, b), is_inside(b))
SIMPLE(int, link, (const char *a, const char *b), (a, b), is_inside(b))
SIMPLE(int, linkat, (int x, const char *a, int y, const char *b, int f), (x, a, y, b, f), is_inside(b))
SIMPLE(int, unlink, (const char *a), (a), is_inside(a))
SIMPLE(int, mkdir, (const char *a, mode_t m), (a, m), is_inside(a))
