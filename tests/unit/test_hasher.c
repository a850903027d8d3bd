// Passwords are hashed on threads, and the answers come back on the event loop by number.
#include "server/auth/hasher.h"

#include <dirent.h>
#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

enum { JOBS = 40 };

struct fixture {
    struct event_base *base;
    struct hasher *hasher;
    struct hasher_outcome outcomes[JOBS + 1];
    bool done[JOBS + 1];
    size_t n_done;
};

static void on_done(void *context, uint64_t id, const struct hasher_outcome *outcome)
{
    struct fixture *fixture = context;
    assert_in_range(id, 1, JOBS);
    assert_false(fixture->done[id]);
    fixture->done[id] = true;
    fixture->outcomes[id] = *outcome;
    fixture->n_done++;
}

static struct hasher *new_hasher(struct fixture *fixture, size_t queue, unsigned passes)
{
    const struct hasher_settings settings = {
        .threads = 2,
        .queue_max = queue,
        .memory_kib = HASHER_MEMORY_KIB_LEAST,
        .passes = passes,
        .context = fixture,
        .done = on_done,
    };
    struct hasher *hasher = hasher_new(fixture->base, &settings);
    assert_non_null(hasher);
    return hasher;
}

static int set_up(void **state)
{
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    fixture.base = event_base_new();
    fixture.hasher = new_hasher(&fixture, JOBS, 1);
    *state = &fixture;
    return fixture.base ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    hasher_free(fixture->hasher);
    event_base_free(fixture->base);
    return 0;
}

static void wait_for(struct fixture *fixture, size_t count)
{
    while (fixture->n_done < count) {
        event_base_loop(fixture->base, EVLOOP_ONCE);
    }
}

static const char *make(struct fixture *fixture, uint64_t id, const char *password)
{
    assert_true(hasher_submit(fixture->hasher, id, NULL, NULL, password));
    wait_for(fixture, fixture->n_done + 1);
    assert_true(fixture->outcomes[id].good);
    return fixture->outcomes[id].verifier;
}

static void a_password_is_known_again_and_another_one_is_not(void **state)
{
    struct fixture *fixture = *state;
    const char *verifier = make(fixture, 1, "correct horse");
    assert_int_equal(strncmp(verifier, "$argon2id$", strlen("$argon2id$")), 0);
    assert_true(hasher_submit(fixture->hasher, 2, "correct horse", verifier, NULL));
    assert_true(hasher_submit(fixture->hasher, 3, "wrong horse", verifier, NULL));
    wait_for(fixture, 3);
    assert_true(fixture->outcomes[2].good);
    assert_string_equal(fixture->outcomes[2].verifier, "");
    assert_false(fixture->outcomes[3].good);
}

// Whatever is typed: the stand-in is nobody's password.
static void nobodys_password_is_never_good(void **state)
{
    struct fixture *fixture = *state;
    assert_true(hasher_submit(fixture->hasher, 1, "", "", NULL));
    assert_true(hasher_submit(fixture->hasher, 2, "anything", "", "a new password"));
    wait_for(fixture, 2);
    assert_false(fixture->outcomes[1].good);
    assert_false(fixture->outcomes[2].good);
    assert_string_equal(fixture->outcomes[2].verifier, "");
}

static void a_new_password_needs_the_old_one(void **state)
{
    struct fixture *fixture = *state;
    const char *verifier = make(fixture, 1, "the old one");
    assert_true(hasher_submit(fixture->hasher, 2, "not that one", verifier, "the new one"));
    assert_true(hasher_submit(fixture->hasher, 3, "the old one", verifier, "the new one"));
    wait_for(fixture, 3);
    assert_false(fixture->outcomes[2].good);
    assert_string_equal(fixture->outcomes[2].verifier, "");
    assert_true(fixture->outcomes[3].good);
    assert_true(
        hasher_submit(fixture->hasher, 4, "the new one", fixture->outcomes[3].verifier, NULL));
    wait_for(fixture, 4);
    assert_true(fixture->outcomes[4].good);
}

static void other_costs_make_a_new_verifier_of_a_good_password(void **state)
{
    struct fixture *fixture = *state;
    const char *verifier = make(fixture, 1, "correct horse");
    hasher_free(fixture->hasher);
    fixture->hasher = new_hasher(fixture, JOBS, 2);
    assert_true(hasher_submit(fixture->hasher, 2, "correct horse", verifier, NULL));
    assert_true(hasher_submit(fixture->hasher, 3, "wrong horse", verifier, NULL));
    wait_for(fixture, 3);
    assert_non_null(strstr(fixture->outcomes[2].verifier, ",t=2,"));
    assert_string_equal(fixture->outcomes[3].verifier, "");
}

static void a_full_queue_takes_no_more_until_one_is_done(void **state)
{
    struct fixture *fixture = *state;
    for (uint64_t id = 1; id < JOBS; id++) {
        assert_true(hasher_submit(fixture->hasher, id, NULL, NULL, "password"));
    }
    assert_true(hasher_submit(fixture->hasher, JOBS, NULL, NULL, "password"));
    assert_false(hasher_submit(fixture->hasher, JOBS, NULL, NULL, "password"));
    wait_for(fixture, JOBS);
    fixture->done[1] = false;
    assert_true(hasher_submit(fixture->hasher, 1, NULL, NULL, "password"));
    wait_for(fixture, JOBS + 1);
}

static void whatever_is_left_at_the_end_is_no_good(void **state)
{
    struct fixture *fixture = *state;
    for (uint64_t id = 1; id <= JOBS; id++) {
        assert_true(hasher_submit(fixture->hasher, id, "password", "", NULL));
    }
    hasher_free(fixture->hasher);
    fixture->hasher = NULL;
    assert_int_equal(fixture->n_done, JOBS);
}

// From the first moment: a confined process has no call to say so later.
static void threads_stand_back_behind_the_event_loop(void **state)
{
    const struct fixture *fixture = *state;
    assert_non_null(fixture->hasher);
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    size_t behind = 0;
    for (struct dirent *task; (task = readdir(tasks));) {
        id_t thread = (id_t)strtoul(task->d_name, NULL, 10);
        behind += thread && thread != (id_t)getpid() && getpriority(PRIO_PROCESS, thread) >= 10;
    }
    closedir(tasks);
    assert_int_equal(behind, 2);
}

int main(void)
{
    if (sodium_init() < 0) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_password_is_known_again_and_another_one_is_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(threads_stand_back_behind_the_event_loop, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nobodys_password_is_never_good, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_password_needs_the_old_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_costs_make_a_new_verifier_of_a_good_password, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_full_queue_takes_no_more_until_one_is_done, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(whatever_is_left_at_the_end_is_no_good, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
