// The folder, the empty file and the lock that an outbox has besides what SQLite writes are not
// made, and always there: all that a run leaves is in memory. These take the place of the system's
// functions at the link (--wrap).
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// What is open instead.
#define NO_FILE INT_MAX

// NOLINTBEGIN(bugprone-reserved-identifier): the linker's names.
int __real_close(int descriptor);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_open(const char *path, int flags, ...);
int __wrap_flock(int descriptor, int operation);
int __wrap_close(int descriptor);

int __wrap_mkdir(const char *path, mode_t mode)
{
    (void)path;
    (void)mode;
    return 0;
}

int __wrap_open(const char *path, int flags, ...)
{
    (void)path;
    (void)flags;
    return NO_FILE;
}

int __wrap_flock(int descriptor, int operation)
{
    (void)descriptor;
    (void)operation;
    return 0;
}

int __wrap_close(int descriptor)
{
    return descriptor == NO_FILE ? 0 : __real_close(descriptor);
}
// NOLINTEND(bugprone-reserved-identifier)
