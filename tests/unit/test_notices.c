#include "client/lib/notices.h"

#include "client/lib/notice_text.h"
#include "common/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/tj.notices.XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/tj.notices.XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

// SQLite takes its own files away at the last close.
static int remove_folder(void **state)
{
    char path[64];
    (void)state;
    snprintf(path, sizeof path, "%s/notices.sqlite", folder);
    unlink(path);
    return rmdir(folder);
}

static void keep(struct notices *notices, int64_t place, const char *topic)
{
    Tiejun__V1__Notice notice = TIEJUN__V1__NOTICE__INIT;
    Tiejun__V1__NoticeLine line = TIEJUN__V1__NOTICE_LINE__INIT;
    Tiejun__V1__NoticeServiceListResponse pushed = TIEJUN__V1__NOTICE_SERVICE_LIST_RESPONSE__INIT;
    Tiejun__V1__Notice *list[] = {&notice};
    Tiejun__V1__NoticeLine *lines[] = {&line};
    notice.has_place = line.has_place = line.has_done = true;
    notice.place = line.place = line.done = place;
    notice.topic = (char *)topic;
    pushed.notices = list;
    pushed.lines = lines;
    pushed.n_notices = pushed.n_lines = 1;
    notices_keep(notices, &pushed);
}

// The place of the next one to show; 0 when there is none.
static int64_t next(struct notices *notices)
{
    struct arena *arena = arena_new(1 << 20);
    const Tiejun__V1__NoticeServiceListResponse *one = notices_next(notices, arena);
    int64_t place = one ? one->notices[0]->place : 0;
    if (one)
        assert_int_equal(one->lines[0]->done, place);
    arena_free(arena);
    return place;
}

static void test_each_is_shown_once_also_after_a_restart(void **state)
{
    int64_t last = 0;
    (void)state;
    struct notices *notices = notices_open(folder);
    assert_false(notices_last(notices, &last));
    notices_begin(notices, 7);
    keep(notices, 8, "goal");
    keep(notices, 9, "role");
    assert_int_equal(next(notices), 8);
    notices_close(notices);
    notices = notices_open(folder);
    assert_true(notices_last(notices, &last));
    assert_int_equal(last, 9);
    keep(notices, 8, "goal");
    keep(notices, 9, "role");
    assert_int_equal(next(notices), 9);
    assert_int_equal(next(notices), 0);
    notices_close(notices);
}

static void test_another_database_begins_anew(void **state)
{
    int64_t last = 0;
    (void)state;
    struct notices *notices = notices_open(folder);
    notices_begin(notices, 0);
    keep(notices, 40, "goal");
    assert_int_equal(next(notices), 40);
    notices_begin(notices, 3);
    assert_true(notices_last(notices, &last));
    assert_int_equal(last, 3);
    keep(notices, 40, "role");
    assert_int_equal(next(notices), 40);
    notices_close(notices);
}

static void test_the_newest_are_listed_first(void **state)
{
    int64_t heard = 0;
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct notices *notices = notices_open(folder);
    assert_null(notices_list(notices, 10, "all", arena, &heard));
    notices_begin(notices, 0);
    for (int64_t place = 1; place <= 5; place++)
        keep(notices, place, "goal");
    const Tiejun__V1__NoticeServiceListResponse *list =
        notices_list(notices, 3, "all", arena, &heard);
    assert_int_equal(list->n_notices, 3);
    assert_int_equal(list->n_lines, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(list->notices[i]->place, 5 - i);
        assert_int_equal(list->lines[i]->done, 5 - i);
    }
    assert_true(heard > 0);
    notices_close(notices);
    arena_free(arena);
}

static void test_so_many_of_a_topic_are_listed(void **state)
{
    int64_t heard = 0;
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct notices *notices = notices_open(folder);
    notices_begin(notices, 0);
    for (int64_t place = 1; place <= 8; place++)
        keep(notices, place, place <= 3 ? "role" : "goal");
    const Tiejun__V1__NoticeServiceListResponse *list =
        notices_list(notices, 2, "pace, role", arena, &heard);
    assert_int_equal(list->n_notices, 2);
    assert_int_equal(list->notices[0]->place, 3);
    assert_int_equal(list->notices[1]->place, 2);
    notices_close(notices);
    arena_free(arena);
}

static void test_topics_are_named_whole(void **state)
{
    (void)state;
    assert_true(notice_topics_name("all", "pace"));
    assert_true(notice_topics_name("goal, pace", "pace"));
    assert_true(notice_topics_name("pace,goal", "pace"));
    assert_false(notice_topics_name("team_pace, goal", "pace"));
    assert_false(notice_topics_name("pac", "pace"));
    assert_false(notice_topics_name("", "pace"));
    assert_false(notice_topics_name("goal", ""));
}

static void test_a_topic_of_a_newer_daemon_is_named(void **state)
{
    Tiejun__V1__Notice notice = TIEJUN__V1__NOTICE__INIT;
    const Tiejun__V1__NoticeServiceListResponse list =
        TIEJUN__V1__NOTICE_SERVICE_LIST_RESPONSE__INIT;
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    notice.topic = (char *)"joint_visit";
    notice.title = (char *)"tomorrow at nine";
    assert_string_equal(notice_text(arena, &notice, &list), "joint visit tomorrow at nine");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_each_is_shown_once_also_after_a_restart, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_another_database_begins_anew, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_the_newest_are_listed_first, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_so_many_of_a_topic_are_listed, make_folder,
                                        remove_folder),
        cmocka_unit_test(test_topics_are_named_whole),
        cmocka_unit_test(test_a_topic_of_a_newer_daemon_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
