#include "client/agent/settings.h"
#include "client/agent/webhook_body.h"
#include "client/lib/brief.h"
#include "common/arena.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1790000000123)
#define DINGTALK_SIGN "Vl5ykPuFzLPaEQGkK9OJZwZfd1DuCLpmzj%2BwMJF6B8Q%3D"
#define FEISHU_SIGN "ndujpZkyNsbwTdRqfTMHGIkyKDvd7TVbeYYnrTsmW4k="

// ---- webhooks ----

static const char *text_at(json_t *body, const char *first, const char *second, const char *third)
{
    json_t *at = json_object_get(body, first);
    at = second ? json_object_get(at, second) : at;
    return json_string_value(third ? json_object_get(at, third) : at);
}

static json_t *body_of(enum webhook_form form, bool markdown, const char *secret)
{
    struct webhook webhook = {form, markdown, "https://robot/send?key=1", secret};
    char *packed = webhook_body(&webhook, "Title\nline \"one\"", NOW_MS);
    json_t *body = json_loads(packed, 0, NULL);
    free(packed);
    assert_non_null(body);
    return body;
}

static void test_each_robot_takes_text_in_its_form(void **state)
{
    (void)state;
    for (int form = WEBHOOK_DINGTALK; form <= WEBHOOK_WECOM; form++) {
        json_t *body = body_of((enum webhook_form)form, false, NULL);
        assert_string_equal(text_at(body, "msgtype", NULL, NULL), "text");
        assert_string_equal(text_at(body, "text", "content", NULL), "Title\nline \"one\"");
        json_decref(body);
    }
    json_t *body = body_of(WEBHOOK_FEISHU, false, NULL);
    assert_string_equal(text_at(body, "msg_type", NULL, NULL), "text");
    assert_string_equal(text_at(body, "content", "text", NULL), "Title\nline \"one\"");
    json_decref(body);
}

static void test_each_robot_takes_markdown_in_its_form(void **state)
{
    (void)state;
    json_t *body = body_of(WEBHOOK_DINGTALK, true, NULL);
    assert_string_equal(text_at(body, "msgtype", NULL, NULL), "markdown");
    assert_string_equal(text_at(body, "markdown", "title", NULL), "Title");
    assert_string_equal(text_at(body, "markdown", "text", NULL), "Title\n\nline \"one\"");
    json_decref(body);
    body = body_of(WEBHOOK_WECOM, true, NULL);
    assert_string_equal(text_at(body, "markdown", "content", NULL), "Title\n\nline \"one\"");
    json_decref(body);
    body = body_of(WEBHOOK_FEISHU, true, NULL);
    assert_string_equal(text_at(body, "msg_type", NULL, NULL), "interactive");
    json_t *element = json_array_get(json_object_get(json_object_get(body, "card"), "elements"), 0);
    assert_string_equal(json_string_value(json_object_get(element, "tag")), "markdown");
    json_decref(body);
}

// The signatures are those of Python's hmac and base64 over the same secret and time.
static void test_signatures(void **state)
{
    (void)state;
    struct webhook webhook = {WEBHOOK_DINGTALK, false, "https://robot/send?key=1", "SECabc"};
    char *url = webhook_url(&webhook, NOW_MS);
    assert_string_equal(url,
                        "https://robot/send?key=1&timestamp=1790000000123&sign=" DINGTALK_SIGN);
    free(url);
    json_t *body = body_of(WEBHOOK_FEISHU, false, "SECabc");
    assert_string_equal(text_at(body, "timestamp", NULL, NULL), "1790000000");
    assert_string_equal(text_at(body, "sign", NULL, NULL), FEISHU_SIGN);
    json_decref(body);
}

static void test_without_a_secret_nothing_is_signed(void **state)
{
    (void)state;
    struct webhook webhook = {WEBHOOK_DINGTALK, false, "https://robot/send?key=1", ""};
    char *url = webhook_url(&webhook, NOW_MS);
    assert_string_equal(url, webhook.url);
    free(url);
    json_t *body = body_of(WEBHOOK_FEISHU, false, NULL);
    assert_null(json_object_get(body, "sign"));
    json_decref(body);
}

// ---- briefs ----

static Tiejun__V1__DayMetric metric(const char *name, int64_t effective, int64_t standard)
{
    Tiejun__V1__DayMetric made = TIEJUN__V1__DAY_METRIC__INIT;
    made.metric = (char *)name;
    made.effective = effective;
    made.has_standard = standard > 0;
    made.standard = standard;
    return made;
}

struct day {
    Tiejun__V1__DayMetric metrics[2];
    Tiejun__V1__DayMetric *pointers[2];
    Tiejun__V1__FactServiceShowDayResponse response;
};

static void make_day(struct day *day, int64_t visits, int64_t appointments)
{
    day->metrics[0] = metric("visits", visits, 8);
    day->metrics[1] = metric("appointments", appointments, 3);
    day->pointers[0] = &day->metrics[0];
    day->pointers[1] = &day->metrics[1];
    tiejun__v1__fact_service_show_day_response__init(&day->response);
    day->response.date = (char *)"2026-07-15";
    day->response.metrics = day->pointers;
    day->response.n_metrics = 2;
    day->response.has_factor_milli = true;
    day->response.factor_milli = 1000;
}

static void test_behind_pace_is_less_than_the_part_of_the_day(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct day day;
    for (int64_t visits = 0; visits <= 8; visits++) {
        for (int64_t appointments = 0; appointments <= 3; appointments++) {
            make_day(&day, visits, appointments);
            bool behind = visits < 4 || appointments * 2 < 3;
            assert_int_equal(brief_behind_pace(arena, &day.response, 500) != NULL, behind);
        }
    }
    make_day(&day, 0, 0);
    day.response.factor_milli = 0;
    assert_null(brief_behind_pace(arena, &day.response, 500));
    assert_null(brief_behind_pace(arena, NULL, 500));
    arena_free(arena);
}

static void test_briefs_say_what_is_missing_and_what_waits(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct day today;
    struct day yesterday;
    Tiejun__Client__OutboxStatus outbox = TIEJUN__CLIENT__OUTBOX_STATUS__INIT;
    outbox.waiting = 2;
    make_day(&today, 8, 1);
    make_day(&yesterday, 5, 3);
    struct brief_ground ground = {.date = "2026-07-15",
                                  .name = "Li Wei",
                                  .today = &today.response,
                                  .yesterday = &yesterday.response,
                                  .outbox = &outbox};
    const char *evening = brief_evening(arena, &ground);
    assert_true(strncmp(evening, "Evening brief 2026-07-15 Wed Li Wei\n", 36) == 0);
    assert_non_null(strstr(evening, "Done today: visits 8/8, appointments 1/3\n"));
    assert_non_null(strstr(evening, "Still to do: appointments 2\n"));
    assert_non_null(strstr(evening, "2 facts wait to be sent"));
    const char *morning = brief_morning(arena, &ground);
    assert_non_null(strstr(morning, "Yesterday's gap: visits 3\n"));
    assert_non_null(strstr(morning, "Today: visits 8, appointments 3\n"));
    struct brief_ground nothing = {0};
    assert_string_equal(brief_morning(arena, &nothing), "Morning brief");
    arena_free(arena);
}

static void set_pace(Tiejun__V1__PaceRow *row, const char *group, const char *name, int64_t pace)
{
    tiejun__v1__pace_row__init(row);
    row->group = (char *)group;
    row->name = (char *)name;
    row->currency = (char *)"CNY";
    row->actual = 3000000;
    row->has_target = row->has_pace_milli = true;
    row->target = 8000000;
    row->pace_milli = pace;
}

static void test_a_leaders_brief_begins_with_the_month_and_who_is_behind(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    Tiejun__V1__PaceRow total;
    Tiejun__V1__PaceRow rows[4];
    Tiejun__V1__PaceRow *pointers[] = {&rows[0], &rows[1], &rows[2], &rows[3]};
    Tiejun__V1__PaceServiceShowResponse pace = TIEJUN__V1__PACE_SERVICE_SHOW_RESPONSE__INIT;
    set_pace(&total, "/North", "North", 600);
    set_pace(&rows[0], "/North/C", "C", 100);
    set_pace(&rows[1], "/North", "North", 500);
    set_pace(&rows[2], "/North/A", "A", 999);
    set_pace(&rows[3], "/North/B", "B", 1000);
    pace.scope = (char *)"/North";
    pace.scope_name = (char *)"North";
    pace.metric = (char *)"revenue";
    pace.from_date = (char *)"2026-07-01";
    pace.to_date = (char *)"2026-07-31";
    pace.total = &total;
    pace.rows = pointers;
    pace.n_rows = 4;
    struct brief_ground ground = {.date = "2026-07-15", .pace = &pace};
    assert_string_equal(brief_morning(arena, &ground),
                        "Morning brief 2026-07-15 Wed\n"
                        "North this month: revenue 30,000 of 80,000 CNY, pace 60.0%\n"
                        "Furthest behind: C 10.0%, A 99.9%");
    // Of last month, which was synced last.
    ground.date = "2026-08-01";
    assert_string_equal(brief_morning(arena, &ground), "Morning brief 2026-08-01 Sat");
    arena_free(arena);
}

static void set_rollup(Tiejun__V1__RollupRow *row, const char *name, const char *metric_name,
                       int64_t effective)
{
    tiejun__v1__rollup_row__init(row);
    row->group = row->name = (char *)name;
    row->metric = (char *)metric_name;
    row->effective = effective;
    row->has_target = true;
    row->target = 10;
}

static void test_a_leaders_brief_has_those_below_worst_first(void **state)
{
    (void)state;
    enum { GROUPS = 7, ROWS = 2 * GROUPS };
    static const char *const names[GROUPS] = {"a", "b", "c", "d", "e", "f", "g"};
    struct arena *arena = arena_new(1 << 20);
    Tiejun__V1__RollupRow total;
    Tiejun__V1__RollupRow *totals[] = {&total};
    Tiejun__V1__RollupRow rows[ROWS];
    Tiejun__V1__RollupRow *pointers[ROWS];
    Tiejun__V1__ReportServiceRollupResponse day = TIEJUN__V1__REPORT_SERVICE_ROLLUP_RESPONSE__INIT;
    set_rollup(&total, NULL, "visits", 4);
    for (int i = 0; i < ROWS; i++) {
        // a has done all, b more than all of one and nothing of the other, the later the worse.
        int64_t done = i < 2 ? 10 : i == 2 ? 99 : i == 3 ? 0 : 7 - i / 2;
        set_rollup(&rows[i], names[i / 2], i % 2 ? "visits" : "appointments", done);
        pointers[i] = &rows[i];
    }
    day.totals = totals;
    day.n_totals = 1;
    day.rows = pointers;
    day.n_rows = ROWS;
    struct brief_ground ground = {.scope_today = &day};
    assert_string_equal(brief_evening(arena, &ground), "Evening brief\n"
                                                       "Today of all below: visits 4/10\n"
                                                       "Furthest behind:\n"
                                                       "  g: appointments 1/10, visits 1/10\n"
                                                       "  f: appointments 2/10, visits 2/10\n"
                                                       "  e: appointments 3/10, visits 3/10\n"
                                                       "  d: appointments 4/10, visits 4/10\n"
                                                       "  b: visits 0/10\n"
                                                       "  1 more of them");
    ground = (struct brief_ground){.scope_yesterday = &day};
    assert_non_null(strstr(brief_morning(arena, &ground), "Yesterday of all below: visits 4/10\n"));
    arena_free(arena);
}

// ---- settings ----

static bool read_text(struct settings *settings, const char *text)
{
    char path[] = "/tmp/tj.agent.XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(write(descriptor, text, strlen(text)) == (ssize_t)strlen(text));
    close(descriptor);
    bool read = settings_read(settings, path);
    unlink(path);
    return read;
}

static void test_the_example_is_read(void **state)
{
    (void)state;
    struct settings settings;
    assert_true(settings_read(&settings, "client/agent/tiejun-agent.ini"));
    // It names nobody, so that a copy of it serves whoever logged in.
    assert_int_equal(settings.person_count, 1);
    assert_true(settings.for_oneself);
    assert_int_equal(settings.times.pace, 720);
    assert_int_equal(settings.times.morning, 510);
    assert_int_equal(settings.unsynced_hours, 4);
    settings_release(&settings);
}

static void test_what_is_wrong_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "[agent]\ncolour = red\n",          "[reminders]\npace = noon\n",
        "[reminders]\npace = 24:00\n",      "[reminders]\nunsynced_hours = -1\n",
        "[reminders]\nterminal = maybe\n",  "[person a]\nserver = b:1\n",
        "[webhook a]\nform = slack\n",      "[webhook a]\nform = wecom\n",
        "[agent]\nrefresh_minutes = 0\n",   "[nobody]\na = b\n",
        "[notices]\ntopics = gaol\n",       "[notices]\ntopics = reminder\n",
        "[webhook a]\ntopics = pace, al\n",
    };
    // What it says goes to standard error, which is the test's.
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct settings settings;
        assert_false(read_text(&settings, wrong[i]));
        settings_release(&settings);
    }
}

static void test_several_people_and_webhooks(void **state)
{
    (void)state;
    struct settings settings;
    assert_true(read_text(&settings, "[person a]\ntoken_file = /a\n[person b]\ntoken_file = /b\n"
                                     "server = h:1\n[webhook x]\nform = feishu\nurl = https://x\n"
                                     "markdown = yes\ntopics = team_pace, reminder\n"
                                     "[notices]\ntopics = goal,fact_voided\n"
                                     "[reminders]\nmorning = never\n"));
    assert_int_equal(settings.person_count, 2);
    assert_string_equal(settings.people[1].server, "h:1");
    assert_int_equal(settings.webhook_count, 1);
    assert_int_equal(settings.webhooks[0].webhook.form, WEBHOOK_FEISHU);
    assert_true(settings.webhooks[0].webhook.markdown);
    assert_int_equal(settings.times.morning, -1);
    settings_release(&settings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_robot_takes_text_in_its_form),
        cmocka_unit_test(test_each_robot_takes_markdown_in_its_form),
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_without_a_secret_nothing_is_signed),
        cmocka_unit_test(test_behind_pace_is_less_than_the_part_of_the_day),
        cmocka_unit_test(test_briefs_say_what_is_missing_and_what_waits),
        cmocka_unit_test(test_a_leaders_brief_begins_with_the_month_and_who_is_behind),
        cmocka_unit_test(test_a_leaders_brief_has_those_below_worst_first),
        cmocka_unit_test(test_the_example_is_read),
        cmocka_unit_test(test_what_is_wrong_is_refused),
        cmocka_unit_test(test_several_people_and_webhooks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
