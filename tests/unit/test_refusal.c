// Every refusal names the thing and the mend.
#include "common/arena.h"
#include "server/db/migrate.h"
#include "server/rpc/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BUDGET = 64 << 10, CODE_MAX = 64 };

// The word between the quotes that start at text; false when there is no quoted word.
static bool quoted_word(const char *text, char word[CODE_MAX])
{
    text += strspn(text, " \n\t");
    size_t length = *text == '\'' ? strcspn(text + 1, "'") : 0;
    if (length == 0 || length >= CODE_MAX) {
        return false;
    }
    memcpy(word, text + 1, length);
    word[length] = '\0';
    return true;
}

static bool is_known(const char *code)
{
    return strcmp(refusal_find(code)->code, code) == 0;
}

static int count_unknown(const struct sql_file *file)
{
    int unknown = 0;
    char code[CODE_MAX];
    for (const char *at = file->text; (at = strstr(at, "refuse(")); at++) {
        if (quoted_word(at + strlen("refuse("), code) && !is_known(code)) {
            printf("%s refuses with %s, which has no sentence\n", file->name, code);
            unknown++;
        }
    }
    return unknown;
}

static void every_code_in_the_sql_has_a_sentence(void **state)
{
    (void)state;
    int unknown = 0;
    int files = 0;
    for (const struct sql_file *file = sql_files; file->name; file++) {
        unknown += count_unknown(file);
        files++;
    }
    assert_true(files > 0);
    assert_int_equal(unknown, 0);
}

static void parts_fill_the_sentence_in_order(void **state)
{
    (void)state;
    struct arena *arena = arena_new(BUDGET);
    const struct refusal *refusal = refusal_find("unknown_version");
    assert_string_equal(refusal_sentence(arena, refusal,
                                         "1\x1f"
                                         "2",
                                         "en"),
                        "This daemon speaks protocol version 1, and the client asked for 2.");
    assert_string_equal(refusal_sentence(arena, refusal, NULL, "en"),
                        "This daemon speaks protocol version , and the client asked for .");
    arena_free(arena);
}

// A part may hold anything, as it comes from a peer.
static void a_percent_sign_in_a_part_stays_a_percent_sign(void **state)
{
    (void)state;
    struct arena *arena = arena_new(BUDGET);
    const struct refusal *refusal = refusal_find("unknown_method");
    assert_string_equal(refusal_sentence(arena, refusal, "%s%n", "en"),
                        "There is no method \"%s%n\".");
    arena_free(arena);
}

static void an_unknown_code_is_a_fault_of_ours(void **state)
{
    (void)state;
    assert_string_equal(refusal_find("nonsense")->code, "internal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_in_the_sql_has_a_sentence),
        cmocka_unit_test(parts_fill_the_sentence_in_order),
        cmocka_unit_test(a_percent_sign_in_a_part_stays_a_percent_sign),
        cmocka_unit_test(an_unknown_code_is_a_fault_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
