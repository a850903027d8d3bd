// What the daemon gives up for good when it has started: whoever takes it over through a socket
// finds nothing to start, no file to map as code, and few of the kernel's calls.
//
// Calls that are not on the list fail with ENOSYS, as on a kernel that has not got them: libraries
// know how to live with that, so that an update of one costs at most what it wanted to do, never
// the daemon. Calls that nothing of ours or of theirs ever makes, and an intruder makes first
// (starting programs, tracing, mounting, loading modules, changing namespaces), end the process at
// once, so that it cannot go on trying. Either is in the kernel's audit log.
#pragma once

#include <stdbool.h>

// Installs the filter for all threads of the process, those to come included, for good. Programs
// with the address sanitizer, which needs more at its end, are left as they are, and say so. False
// after logging why not.
__attribute__((warn_unused_result)) bool confine(void);

// The calls that are allowed, in one group for each reason; ended by a row without calls.
struct confine_group {
    const char *why;
    // Names separated by blanks. One that a processor has not got is passed over.
    const char *calls;
};
extern const struct confine_group confine_allowed[];

// The calls that end the process, as above.
extern const char confine_deadly[];

// Writes the filter as the kernel would run it on another kind of processor (SCMP_ARCH_AARCH64 of
// seccomp.h) to an open file. False when it cannot be made.
bool confine_write(unsigned architecture, int file);
