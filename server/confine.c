#include "server/confine.h"

#include "common/log.h"

#include <asm/termbits.h>
#include <errno.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

const struct confine_group confine_allowed[] = {
    {"the event loop", "epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 poll ppoll "
                       "select pselect6 eventfd2 pipe2 timerfd_create timerfd_settime"},
    {"clients and PostgreSQL; libpq connects anew by itself",
     "socketpair connect bind listen accept accept4 shutdown getsockname getpeername getsockopt "
     "setsockopt sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg"},
    {"bytes of sockets and files, the log included",
     "read readv pread64 preadv preadv2 write writev pwrite64 pwritev pwritev2 lseek close "
     "close_range dup dup2 dup3 fcntl fcntl64"},
    {"certificates, time zones, names of hosts and users, the files that say where we are",
     "open openat stat fstat lstat newfstatat fstatat64 statx access faccessat faccessat2 readlink "
     "readlinkat getdents64 getcwd unlink unlinkat rename renameat renameat2 fsync fdatasync "
     "ftruncate fchmod umask"},
    {"memory; keys are locked into it",
     "brk munmap mremap madvise mlock mlock2 munlock membarrier"},
    {"threads that are started for a password",
     "futex futex_waitv set_robust_list get_robust_list rseq sched_yield sched_getaffinity "
     "sched_getparam sched_getscheduler set_tid_address gettid getcpu exit"},
    {"time and chance", "clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time "
                        "restart_syscall getrandom"},
    {"signals, and the end; abort() sends one to itself",
     "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait sigaltstack tgkill "
     "wait4 waitid exit_group"},
    {"who and where we are", "getpid getppid getuid geteuid getgid getegid getgroups uname sysinfo "
                             "getrlimit getrusage"},
    {0},
};

const char confine_deadly[] =
    "execve execveat ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd mount umount2 "
    "move_mount open_tree fsopen fsmount pivot_root chroot unshare setns init_module finit_module "
    "delete_module kexec_load kexec_file_load bpf perf_event_open userfaultfd add_key keyctl "
    "request_key open_by_handle_at io_uring_setup personality reboot swapon swapoff acct quotactl "
    "setuid setgid setreuid setregid setresuid setresgid setgroups capset ioperm iopl modify_ldt";

// Calls that are allowed with some values of one argument alone: those that are equal to value
// behind the mask.
static const struct narrow {
    const char *call;
    unsigned argument;
    scmp_datum_t mask;
    scmp_datum_t value;
} narrow[] = {
    {"socket", 0, UINT32_MAX, AF_UNIX},
    {"socket", 0, UINT32_MAX, AF_INET},
    {"socket", 0, UINT32_MAX, AF_INET6},
    // No memory that can be written and run: libraries map their code without PROT_WRITE.
    {"mmap", 2, PROT_EXEC, 0},
    {"mmap", 2, PROT_WRITE, 0},
    {"mmap2", 2, PROT_EXEC, 0},
    {"mmap2", 2, PROT_WRITE, 0},
    {"mprotect", 2, PROT_EXEC, 0},
    // Threads, and no processes. What clone3 is asked for lies in memory, where no filter can look:
    // it does not exist, and the C library takes clone.
    {"clone", 0, CLONE_THREAD, CLONE_THREAD},
    // What waits in sockets, and whether the log is a terminal.
    {"ioctl", 1, UINT32_MAX, FIONREAD},
    {"ioctl", 1, UINT32_MAX, SIOCOUTQ},
    {"ioctl", 1, UINT32_MAX, FIONBIO},
    {"ioctl", 1, UINT32_MAX, TCGETS},
    // The C library names threads, and reads limits.
    {"prctl", 0, UINT32_MAX, PR_SET_NAME},
    {"prlimit64", 2, UINT64_MAX, 0},
};

// A call that this kind of processor has not got is passed over: -EDOM.
static bool add(scmp_filter_ctx filter, uint32_t action, const char *call, unsigned n,
                const struct scmp_arg_cmp *condition)
{
    int number = seccomp_syscall_resolve_name(call);
    int result = number == __NR_SCMP_ERROR
                     ? -ENOENT
                     : seccomp_rule_add_array(filter, action, number, n, condition);
    return result == 0 || result == -EDOM;
}

static bool add_all(scmp_filter_ctx filter, uint32_t action, const char *calls)
{
    bool good = true;
    while (good && *calls) {
        char call[64];
        size_t length = strcspn(calls, " ");
        snprintf(call, sizeof call, "%.*s", (int)length, calls);
        calls += length + strspn(calls + length, " ");
        good = add(filter, action, call, 0, NULL);
    }
    return good;
}

static bool add_narrow(scmp_filter_ctx filter)
{
    bool good = true;
    for (size_t i = 0; good && i < sizeof narrow / sizeof *narrow; i++) {
        const struct scmp_arg_cmp condition = {narrow[i].argument, SCMP_CMP_MASKED_EQ,
                                               narrow[i].mask, narrow[i].value};
        good = add(filter, SCMP_ACT_ALLOW, narrow[i].call, 1, &condition);
    }
    return good;
}

static bool fill(scmp_filter_ctx filter)
{
    bool good = seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1) == 0 && add_narrow(filter) &&
                add_all(filter, SCMP_ACT_KILL_PROCESS, confine_deadly);
    for (const struct confine_group *group = confine_allowed; good && group->calls; group++) {
        good = add_all(filter, SCMP_ACT_ALLOW, group->calls);
    }
    return good;
}

bool confine(void)
{
    if (SANITIZED) {
        log_event(LOG_LEVEL_NOTICE, NULL, NULL, "a sanitizer's build is not confined");
        return true;
    }
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    bool done = filter && fill(filter) && seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 &&
                seccomp_load(filter) == 0;
    if (!done) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "cannot confine the process: %s", strerror(errno));
    }
    seccomp_release(filter);
    return done;
}

bool confine_write(unsigned architecture, int file)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
    bool done = filter && seccomp_arch_remove(filter, SCMP_ARCH_NATIVE) == 0 &&
                seccomp_arch_add(filter, architecture) == 0 && fill(filter) &&
                seccomp_export_bpf(filter, file) == 0;
    seccomp_release(filter);
    return done;
}
