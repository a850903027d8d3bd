// server/confine.h: what a daemon that was taken over cannot do any more, and what it still has to.
#include "server/confine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <seccomp.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CODE_UNCONFINED = 100, CODE_DONE = 101 };

// Runs act in a confined child: its exit code, or minus the signal that ended it.
static int outcome(int (*act)(void))
{
#if defined(__SANITIZE_ADDRESS__)
    skip();
#endif
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(confine() ? act() : CODE_UNCONFINED);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static int start_a_program(void)
{
    execl("/bin/true", "true", NULL);
    return CODE_DONE;
}

static int trace(void)
{
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    return CODE_DONE;
}

static int mount_something(void)
{
    mount("none", "/mnt", "tmpfs", 0, NULL);
    return CODE_DONE;
}

static int become_root(void)
{
    (void)!setuid(0);
    return CODE_DONE;
}

static void test_what_only_an_intruder_does_ends_the_process(void **state)
{
    (void)state;
    assert_int_equal(outcome(start_a_program), -SIGSYS);
    assert_int_equal(outcome(trace), -SIGSYS);
    assert_int_equal(outcome(mount_something), -SIGSYS);
    assert_int_equal(outcome(become_root), -SIGSYS);
}

static int start_a_process(void)
{
    return fork() < 0 ? errno : CODE_DONE;
}

static int open_a_netlink_socket(void)
{
    int opened = socket(AF_NETLINK, SOCK_RAW, 0);
    if (opened < 0) {
        return errno;
    }
    close(opened);
    return CODE_DONE;
}

static int make_code(void)
{
    void *page = mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) {
        return errno;
    }
    munmap(page, 4096);
    return CODE_DONE;
}

static int make_memory_code(void)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 4096, PROT_READ | PROT_EXEC) < 0 ? errno : CODE_DONE;
}

static int send_a_signal(void)
{
    return kill(getppid(), 0) < 0 ? errno : CODE_DONE;
}

static int make_memory_undumpable(void)
{
    return prctl(PR_SET_DUMPABLE, 0) < 0 ? errno : CODE_DONE;
}

static void test_the_rest_of_the_kernel_is_not_there(void **state)
{
    (void)state;
    assert_int_equal(outcome(start_a_process), ENOSYS);
    assert_int_equal(outcome(open_a_netlink_socket), ENOSYS);
    assert_int_equal(outcome(make_code), ENOSYS);
    assert_int_equal(outcome(make_memory_code), ENOSYS);
    assert_int_equal(outcome(send_a_signal), ENOSYS);
    assert_int_equal(outcome(make_memory_undumpable), ENOSYS);
}

static void *hash_a_password(void *done)
{
    char hash[crypto_pwhash_STRBYTES];
    *(bool *)done = crypto_pwhash_str(hash, "password", 8, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                      crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
    return NULL;
}

static int start_a_thread(void)
{
    pthread_t thread;
    bool done = false;
    if (pthread_create(&thread, NULL, hash_a_password, &done) != 0)
        return 1;
    pthread_setname_np(thread, "password");
    pthread_join(thread, NULL);
    return done ? CODE_DONE : 2;
}

static int look_a_host_up(void)
{
    struct addrinfo *found = NULL;
    if (getaddrinfo("localhost", "5432", NULL, &found) != 0)
        return 1;
    freeaddrinfo(found);
    return CODE_DONE;
}

static int keep_a_key(void)
{
    unsigned char *key = sodium_malloc(32);
    if (!key)
        return 1;
    randombytes_buf(key, 32);
    sodium_mprotect_readonly(key);
    sodium_free(key);
    return CODE_DONE;
}

static int abort_by_a_bug(void)
{
    abort();
}

static void test_what_libraries_do_still_works(void **state)
{
    (void)state;
    assert_int_equal(outcome(start_a_thread), CODE_DONE);
    assert_int_equal(outcome(look_a_host_up), CODE_DONE);
    assert_int_equal(outcome(keep_a_key), CODE_DONE);
    assert_int_equal(outcome(abort_by_a_bug), -SIGABRT);
}

static void *look_from_a_thread(void *pipe)
{
    char word;
    int *ends = pipe;
    int code = read(ends[0], &word, 1) == 1 ? start_a_process() : 1;
    _exit(code);
}

// A thread that was there before, as a worker for passwords is.
static void test_older_threads_are_confined_too(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__)
    skip();
#endif
    int ends[2];
    int status = 0;
    pthread_t thread;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        if (pthread_create(&thread, NULL, look_from_a_thread, ends) != 0 || !confine() ||
            write(ends[1], "", 1) != 1)
            _exit(CODE_UNCONFINED);
        pthread_join(thread, NULL);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), ENOSYS);
    close(ends[0]);
    close(ends[1]);
}

// What one kind of processor does without, it has by another name.
static void test_the_filter_holds_on_other_processors(void **state)
{
    (void)state;
    static const uint32_t processors[] = {SCMP_ARCH_X86_64, SCMP_ARCH_AARCH64};
    for (size_t i = 0; i < sizeof processors / sizeof *processors; i++) {
        FILE *file = tmpfile();
        assert_non_null(file);
        if (processors[i] != seccomp_arch_native()) {
            assert_true(confine_write(processors[i], fileno(file)));
            // A comparison for each call at least, 8 bytes each.
            assert_true(lseek(fileno(file), 0, SEEK_END) > 8L * 100);
        }
        fclose(file);
    }
    static const char *const needed[] = {"ppoll",    "epoll_pwait", "openat", "newfstatat",
                                         "unlinkat", "futex",       "clone",  "renameat2"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        assert_true(seccomp_syscall_resolve_name_arch(SCMP_ARCH_AARCH64, needed[i]) >= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_only_an_intruder_does_ends_the_process),
        cmocka_unit_test(test_the_rest_of_the_kernel_is_not_there),
        cmocka_unit_test(test_what_libraries_do_still_works),
        cmocka_unit_test(test_older_threads_are_confined_too),
        cmocka_unit_test(test_the_filter_holds_on_other_processors),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
