/* A disk that fails when told to, loaded in front of the C library with LD_PRELOAD.
 *
 * It counts every operation that changes a file below one folder, and at a chosen one kills the process, returns an
 * error or writes only a part. It can let each of them take its time, one after the other, as a slow disk does. It can
 * also write all of them to a log, from which power_loss.py makes every state that a disk could be in when the power
 * goes. Reads, and files elsewhere, are never touched.
 *
 * Writes into a memory map are not seen: SQLite's -shm file is the only one here, and it is never read after a crash.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { WRITE = 1, SYNC = 2, RENAME = 4, TRUNCATE = 8, UNLINK = 16, CREATE = 32, FOLDER = 64, SYNC_FOLDER = 128,
       REMOVE_FOLDER = 256, EXCHANGE = 512, MARK = 1024 };
enum { SLOWER_SYNC = 10 };  /* a sync waits for the plate; a write goes into a buffer */
enum { NOTHING = 0, KILL_BEFORE = 1, KILL_AFTER = 2, KILL_TORN = 3, FAIL = 4, SHORT = 5 };

static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static size_t root_length;
static int log_descriptor = -1;
static long operations;   /* of the kinds that are watched for */
static long every;        /* of any kind */
static int action = NOTHING, kinds = 0, error_number, lasting;
static long action_at;
static long delay;         /* microseconds that an operation takes */

#define REAL(name) \
  static __typeof__(name) *real; \
  if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* Called from the harness, through ctypes. */
void disk_watch(const char *folder) {
  pthread_mutex_lock(&turn);
  if (!realpath(folder, root)) root[0] = 0;
  root_length = strlen(root);
  operations = every = 0;
  pthread_mutex_unlock(&turn);
}
void disk_fault(int what, long at, int on_kinds, int error, int stays) {
  action = what; action_at = at; kinds = on_kinds; error_number = error; lasting = stays; operations = 0;
}
void disk_delay(long microseconds) { delay = microseconds; }
long disk_operations(void) { return operations; }
long disk_every(void) { return every; }
void disk_log(int descriptor) { log_descriptor = descriptor; }

static void record(int kind, const char *path, const char *other, uint64_t offset, const void *content, uint64_t length) {
  if (log_descriptor < 0) return;
  struct { uint32_t kind, path, other, unused; uint64_t offset, length; } head =
      {(uint32_t)kind, path ? strlen(path) : 0, other ? strlen(other) : 0, 0, offset, content ? length : 0};
  if (!content && length) head.offset = length;
  static ssize_t (*put)(int, const void *, size_t);
  if (!put) put = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  put(log_descriptor, &head, sizeof head);
  if (head.path) put(log_descriptor, path, head.path);
  if (head.other) put(log_descriptor, other, head.other);
  const char *rest = content;
  uint64_t left = head.length;
  while (left) { ssize_t n = put(log_descriptor, rest, left); if (n <= 0) abort(); rest += n; left -= n; }
}
void disk_mark(const char *text) { pthread_mutex_lock(&turn); record(MARK, text, 0, 0, 0, 0); pthread_mutex_unlock(&turn); }

static int watched(const char *path) {
  return root_length && !strncmp(path, root, root_length) && path[root_length] == '/';
}
static int path_of(int descriptor, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t n = readlink(link, path, PATH_MAX - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  if (n > 10 && !strcmp(path + n - 10, " (deleted)")) return 0;
  return watched(path);
}
static int full_path(int folder, const char *name, char *path) {
  if (!root_length) return 0;
  if (name[0] == '/') snprintf(path, PATH_MAX, "%s", name);
  else {
    char base[PATH_MAX];
    if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) return 0; }
    else {
      char link[64];
      snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      ssize_t n = readlink(link, base, PATH_MAX - 1);
      if (n <= 0) return 0;
      base[n] = 0;
    }
    if (snprintf(path, PATH_MAX, "%s/%s", base, name) >= PATH_MAX) return 0;
  }
  return watched(path);
}
/* Says what to do about one operation: NOTHING, FAIL, SHORT, KILL_TORN, KILL_AFTER. Killed before: never returns. */
static int step(int kind) {
  every++;
  if (delay) usleep(kind & (SYNC | SYNC_FOLDER) ? SLOWER_SYNC * delay : delay);
  if (!(kinds & kind)) return NOTHING;
  long now = operations++;
  if (action == NOTHING || (now != action_at && !(lasting && now > action_at))) return NOTHING;
  if (action == KILL_BEFORE || (action == KILL_TORN && kind != WRITE)) { kill(getpid(), SIGKILL); for (;;) pause(); }
  return action;
}
static void after(int what) {
  if (what == KILL_AFTER || what == KILL_TORN) { kill(getpid(), SIGKILL); for (;;) pause(); }
}
#define LOCK pthread_mutex_lock(&turn)
#define UNLOCK do { int kept = errno; pthread_mutex_unlock(&turn); errno = kept; } while (0)

static ssize_t put_at(int descriptor, const void *content, size_t length, off_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (!real) real = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
  char path[PATH_MAX];
  if (!root_length || !path_of(descriptor, path)) return real(descriptor, content, length, offset);
  LOCK;
  ssize_t n;
  int what = step(WRITE);
  if (what == FAIL) { errno = error_number; n = -1; }
  else {
    size_t wanted = (what == SHORT || what == KILL_TORN) && length > 1 ? length / 2 : length;
    n = real(descriptor, content, wanted, offset);
    if (n > 0) record(WRITE, path, 0, offset, content, n);
    after(what);
  }
  UNLOCK;
  return n;
}
ssize_t pwrite(int descriptor, const void *content, size_t length, off_t offset) {
  return put_at(descriptor, content, length, offset);
}
ssize_t pwrite64(int descriptor, const void *content, size_t length, off64_t offset) {
  return put_at(descriptor, content, length, offset);
}
ssize_t write(int descriptor, const void *content, size_t length) {
  REAL(write);
  char path[PATH_MAX];
  if (!root_length || descriptor == log_descriptor || !path_of(descriptor, path)) return real(descriptor, content, length);
  LOCK;
  ssize_t n;
  int what = step(WRITE);
  if (what == FAIL) { errno = error_number; n = -1; }
  else {
    off_t offset = fcntl(descriptor, F_GETFL) & O_APPEND ? lseek(descriptor, 0, SEEK_END) : lseek(descriptor, 0, SEEK_CUR);
    size_t wanted = (what == SHORT || what == KILL_TORN) && length > 1 ? length / 2 : length;
    n = real(descriptor, content, wanted);
    if (n > 0) record(WRITE, path, 0, offset, content, n);
    after(what);
  }
  UNLOCK;
  return n;
}
/* FAISS writes through stdio, whose own calls of write() stay inside the C library. */
size_t fwrite(const void *content, size_t size, size_t count, FILE *file) {
  REAL(fwrite);
  char path[PATH_MAX];
  if (!root_length || !path_of(fileno(file), path)) return real(content, size, count, file);
  LOCK;
  size_t n;
  int what = step(WRITE);
  if (what == FAIL) { errno = error_number; n = 0; }
  else {
    off_t offset = ftello(file);
    size_t wanted = (what == SHORT || what == KILL_TORN) && count > 1 ? count / 2 : count;
    n = real(content, size, wanted, file);
    if (n) record(WRITE, path, 0, offset, content, n * size);
    if (what == KILL_TORN || what == KILL_AFTER) fflush(file);
    after(what);
    if (what == SHORT) errno = ENOSPC;
  }
  UNLOCK;
  return n;
}
static int sync_it(int descriptor, const char *name) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  char path[PATH_MAX];
  struct stat found;
  if (!root_length) return real(descriptor);
  int is_root = 0;
  if (!path_of(descriptor, path)) {
    is_root = !strcmp(path, root);
    if (!is_root) return real(descriptor);
  }
  LOCK;
  int kind = !fstat(descriptor, &found) && S_ISDIR(found.st_mode) ? SYNC_FOLDER : SYNC, result;
  int what = step(kind);
  if (what == FAIL) { errno = error_number; result = -1; }
  else { result = 0; record(kind, path, 0, 0, 0, 0); after(what); } /* not done: the test's disk may forget */
  UNLOCK;
  return result;
}
int fsync(int descriptor) { return sync_it(descriptor, "fsync"); }
int fdatasync(int descriptor) { return sync_it(descriptor, "fdatasync"); }

static int cut(int descriptor, off_t length) {
  static int (*real)(int, off_t);
  if (!real) real = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate64");
  char path[PATH_MAX];
  if (!root_length || !path_of(descriptor, path)) return real(descriptor, length);
  LOCK;
  int what = step(TRUNCATE), result;
  if (what == FAIL) { errno = error_number; result = -1; }
  else {
    result = real(descriptor, length);
    if (!result) record(TRUNCATE, path, 0, length, 0, 0);
    after(what);
  }
  UNLOCK;
  return result;
}
int ftruncate(int descriptor, off_t length) { return cut(descriptor, length); }
int ftruncate64(int descriptor, off64_t length) { return cut(descriptor, length); }

static int move(int from, const char *old, int to, const char *new, unsigned flags) {
  static int (*real)(int, const char *, int, const char *, unsigned);
  if (!real) real = (int (*)(int, const char *, int, const char *, unsigned))dlsym(RTLD_NEXT, "renameat2");
  char a[PATH_MAX], b[PATH_MAX];
  if (!full_path(from, old, a) || !full_path(to, new, b)) return real(from, old, to, new, flags);
  LOCK;
  int what = step(RENAME), result;
  if (what == FAIL) { errno = error_number; result = -1; }
  else {
    result = real(from, old, to, new, flags);
    if (!result) record(flags & 2 ? EXCHANGE : RENAME, a, b, 0, 0, 0);
    after(what);
  }
  UNLOCK;
  return result;
}
int rename(const char *old, const char *new) { return move(AT_FDCWD, old, AT_FDCWD, new, 0); }
int renameat(int from, const char *old, int to, const char *new) { return move(from, old, to, new, 0); }
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) { return move(from, old, to, new, flags); }

static int forget(int folder, const char *name, int flags) {
  static int (*real)(int, const char *, int);
  if (!real) real = (int (*)(int, const char *, int))dlsym(RTLD_NEXT, "unlinkat");
  char path[PATH_MAX];
  if (!full_path(folder, name, path)) return real(folder, name, flags);
  LOCK;
  int kind = flags & AT_REMOVEDIR ? REMOVE_FOLDER : UNLINK, result;
  int what = step(kind);
  if (what == FAIL) { errno = error_number; result = -1; }
  else {
    result = real(folder, name, flags);
    if (!result) record(kind, path, 0, 0, 0, 0);
    after(what);
  }
  UNLOCK;
  return result;
}
int unlink(const char *name) { return forget(AT_FDCWD, name, 0); }
int unlinkat(int folder, const char *name, int flags) { return forget(folder, name, flags); }
int rmdir(const char *name) { return forget(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdir(const char *name, mode_t mode) {
  REAL(mkdir);
  char path[PATH_MAX];
  if (!full_path(AT_FDCWD, name, path)) return real(name, mode);
  LOCK;
  struct stat found;
  if (!stat(path, &found)) { UNLOCK; return real(name, mode); }
  int what = step(FOLDER), result;
  if (what == FAIL) { errno = error_number; result = -1; }
  else {
    result = real(name, mode);
    if (!result) record(FOLDER, path, 0, 0, 0, 0);
    after(what);
  }
  UNLOCK;
  return result;
}

/* Making or emptying a file is an operation; opening one is not. */
static int changes(const char *path, int flags, int *kind) {
  struct stat found;
  if (stat(path, &found)) { *kind = CREATE; return (flags & O_CREAT) != 0; }
  *kind = TRUNCATE;
  return (flags & O_TRUNC) && found.st_size > 0;
}
static int open_it(int folder, const char *name, int flags, mode_t mode) {
  static int (*real)(int, const char *, int, ...);
  if (!real) real = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat64");
  char path[PATH_MAX];
  int kind;
  if (!(flags & (O_CREAT | O_TRUNC)) || !full_path(folder, name, path)) return real(folder, name, flags, mode);
  LOCK;
  int result;
  if (!changes(path, flags, &kind)) result = real(folder, name, flags, mode);
  else {
    int what = step(kind);
    if (what == FAIL) { errno = error_number; result = -1; }
    else {
      result = real(folder, name, flags, mode);
      if (result >= 0) record(kind, path, 0, 0, 0, 0);
      after(what);
    }
  }
  UNLOCK;
  return result;
}
#define MODE mode_t mode = 0; if (flags & O_CREAT) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
int open(const char *name, int flags, ...) { MODE return open_it(AT_FDCWD, name, flags, mode); }
int open64(const char *name, int flags, ...) { MODE return open_it(AT_FDCWD, name, flags, mode); }
int openat(int folder, const char *name, int flags, ...) { MODE return open_it(folder, name, flags, mode); }
int openat64(int folder, const char *name, int flags, ...) { MODE return open_it(folder, name, flags, mode); }

static FILE *open_file(const char *name, const char *mode) {
  static FILE *(*real)(const char *, const char *);
  if (!real) real = (FILE *(*)(const char *, const char *))dlsym(RTLD_NEXT, "fopen64");
  char path[PATH_MAX];
  int kind;
  int flags = mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT : 0;
  if (!flags || !full_path(AT_FDCWD, name, path)) return real(name, mode);
  LOCK;
  FILE *result;
  if (!changes(path, flags, &kind)) result = real(name, mode);
  else {
    int what = step(kind);
    if (what == FAIL) { errno = error_number; result = NULL; }
    else {
      result = real(name, mode);
      if (result) record(kind, path, 0, 0, 0, 0);
      after(what);
    }
  }
  UNLOCK;
  return result;
}
FILE *fopen(const char *name, const char *mode) { return open_file(name, mode); }
FILE *fopen64(const char *name, const char *mode) { return open_file(name, mode); }
