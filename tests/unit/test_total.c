#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/method/total.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORKS = 200 };

static const struct total_work visit = {
    .office_id = 1,
    .unit_id = 2,
    .person_id = 3,
    .date = "2024-02-29",
    .metric = "visits",
    .currency = "",
    .amount = 1,
    .effective = true,
};

static void a_fact_moves_its_person_unit_and_office_on_its_day_and_in_its_month(void **state)
{
    (void)state;
    struct total_move moves[TOTAL_MOVES_OF_ONE];
    assert_int_equal(total_moves(&visit, 1, moves), TOTAL_MOVES_OF_ONE);
    const char scopes[] = "oo"
                          "pp"
                          "uu";
    const int64_t ids[] = {1, 1, 3, 3, 2, 2};
    for (size_t i = 0; i < TOTAL_MOVES_OF_ONE; i++) {
        assert_int_equal(moves[i].office_id, 1);
        assert_int_equal(moves[i].scope, scopes[i]);
        assert_int_equal(moves[i].scope_id, ids[i]);
        assert_int_equal(moves[i].grain, i % 2 ? 'm' : 'd');
        assert_string_equal(moves[i].date, i % 2 ? "2024-02-01" : "2024-02-29");
        assert_int_equal(moves[i].done, 1);
        assert_int_equal(moves[i].effective, 1);
    }
}

static void what_is_not_effective_is_done_all_the_same(void **state)
{
    (void)state;
    struct total_work works[] = {visit, visit};
    works[1].effective = false;
    struct total_move moves[2 * TOTAL_MOVES_OF_ONE];
    assert_int_equal(total_moves(works, 2, moves), TOTAL_MOVES_OF_ONE);
    assert_int_equal(moves[0].done, 2);
    assert_int_equal(moves[0].effective, 1);
}

static void currencies_and_metrics_are_never_added_up(void **state)
{
    (void)state;
    struct total_work works[] = {visit, visit, visit};
    works[1].metric = works[2].metric = "revenue";
    works[1].currency = "CNY";
    works[2].currency = "USD";
    struct total_move moves[3 * TOTAL_MOVES_OF_ONE];
    assert_int_equal(total_moves(works, 3, moves), 3 * TOTAL_MOVES_OF_ONE);
}

static void a_sum_beyond_int64_is_nobodys(void **state)
{
    (void)state;
    struct total_work works[] = {visit, visit};
    works[0].amount = INT64_MAX;
    struct total_move moves[2 * TOTAL_MOVES_OF_ONE];
    assert_int_equal(total_moves(works, 2, moves), 0);
    works[1].amount = 0;
    assert_int_equal(total_moves(works, 2, moves), TOTAL_MOVES_OF_ONE);
    assert_int_equal(moves[0].done, INT64_MAX);
}

static void a_date_that_is_none_moves_nothing(void **state)
{
    (void)state;
    struct total_work work = visit;
    work.date = "2024-2-29";
    struct total_move moves[TOTAL_MOVES_OF_ONE];
    assert_int_equal(total_moves(&work, 1, moves), 0);
}

static int order_of(const struct total_move *a, const struct total_move *b)
{
    char keys[2][100];
    const struct total_move *both[] = {a, b};
    for (size_t i = 0; i < 2; i++) {
        snprintf(keys[i], sizeof keys[i], "%05d %c %05d %c %s %s %s", (int)both[i]->office_id,
                 both[i]->scope, (int)both[i]->scope_id, both[i]->grain, both[i]->date,
                 both[i]->metric, both[i]->currency);
    }
    return strcmp(keys[0], keys[1]);
}

static void rows_come_in_the_order_of_the_key_each_once_and_their_sums_are_exact(void **state)
{
    (void)state;
    static const char *const dates[] = {"2023-12-31", "2024-01-01", "2024-01-31"};
    static const char *const metrics[] = {"visits", "revenue", "signings"};
    static const char *const currencies[] = {"", "CNY", "USD"};
    for (unsigned seed = 1; seed <= 200; seed++) {
        srand(seed);
        struct total_work works[WORKS];
        int64_t done = 0;
        int64_t effective = 0;
        for (size_t i = 0; i < WORKS; i++) {
            works[i] = (struct total_work){
                .office_id = rand() % 3,
                .unit_id = rand() % 5,
                .person_id = rand() % 9,
                .date = dates[rand() % 3],
                .metric = metrics[rand() % 3],
                .currency = currencies[rand() % 3],
                .amount = rand() % 1000 - 500,
                .effective = rand() % 2,
            };
            done += works[i].amount;
            effective += works[i].effective ? works[i].amount : 0;
        }
        struct total_move moves[WORKS * TOTAL_MOVES_OF_ONE];
        size_t n = total_moves(works, WORKS, moves);
        int64_t done_of[256] = {0};
        int64_t effective_of[256] = {0};
        for (size_t i = 0; i < n; i++) {
            assert_true(i == 0 || order_of(&moves[i - 1], &moves[i]) < 0);
            // Each scope and each grain has all of it.
            done_of[(unsigned char)moves[i].scope] += moves[i].done;
            effective_of[(unsigned char)moves[i].grain] += moves[i].effective;
        }
        for (const char *scope = "opu"; *scope; scope++) {
            assert_int_equal(done_of[(unsigned char)*scope], 2 * done);
        }
        assert_int_equal(effective_of['d'], 3 * effective);
        assert_int_equal(effective_of['m'], 3 * effective);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fact_moves_its_person_unit_and_office_on_its_day_and_in_its_month),
        cmocka_unit_test(what_is_not_effective_is_done_all_the_same),
        cmocka_unit_test(currencies_and_metrics_are_never_added_up),
        cmocka_unit_test(a_sum_beyond_int64_is_nobodys),
        cmocka_unit_test(a_date_that_is_none_moves_nothing),
        cmocka_unit_test(rows_come_in_the_order_of_the_key_each_once_and_their_sums_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
