// client/lib/mapping.h and import_row.h: what a mapping file says, what is wrong with one in words,
// and what a row becomes by it.

#include "client/lib/import_row.h"
#include "client/lib/import_when.h"
#include "client/lib/mapping.h"
#include "client/lib/mapping_text.h"
#include "common/arena.h"
#include "common/uuid.h"
#include "tiejun/v1/customer.pb-c.h"
#include "tiejun/v1/fact.pb-c.h"
#include "tiejun/v1/org.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char map_path[] = "/tmp/tiejun_map_XXXXXX";
static char csv_path[] = "/tmp/tiejun_rows_XXXXXX";

#define DEAL_MAP                                                                                   \
    "source = crm ; ours\n"                                                                        \
    "[deals]\n"                                                                                    \
    "is = deal\n"                                                                                  \
    "files = *\n"                                                                                  \
    "ref = {id}\n"                                                                                 \
    "customer = {account}\n"                                                                       \
    "default.customer = Prospect {id}\n"                                                           \
    "person = {rep}\n"                                                                             \
    "stage = {stage}\n"                                                                            \
    "alias.stage.Won = signed\n"                                                                   \
    "alias.stage.Closed: a=b = lost\n"                                                             \
    "alias.stage.Talk = b\n"                                                                       \
    "opened_on = {from}\n"                                                                         \
    "closed_on = {to}\n"                                                                           \
    "value = {value}\n"                                                                            \
    "currency = USD\n"                                                                             \
    "lost_reason = unknown\n"                                                                      \
    "date_format = %d.%m.%Y | %Y-%m-%d\n"

#define DEAL_COLUMNS "id,account,rep,stage,from,to,value\n"

static int make_files(void **state)
{
    (void)state;
    int map = mkstemp(map_path);
    int csv = mkstemp(csv_path);
    return map < 0 || csv < 0 || close(map) != 0 || close(csv) != 0;
}

static int remove_files(void **state)
{
    (void)state;
    return unlink(map_path) != 0 || unlink(csv_path) != 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_not_equal(fputs(text, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static struct mapping *load(const char *text)
{
    char error[512];
    write_file(map_path, text);
    struct mapping *mapping = mapping_load(map_path, error, sizeof error);
    if (mapping == NULL)
        print_error("%s\n", error);
    assert_non_null(mapping);
    return mapping;
}

// A mapping that is wrong in a line; the sentence must have the line and the part.
static void expect_wrong(const char *text, int line, const char *part)
{
    char error[512];
    char place[80];
    write_file(map_path, text);
    assert_null(mapping_load(map_path, error, sizeof error));
    snprintf(place, sizeof place, "%s:%d: ", map_path, line);
    if (strncmp(error, place, strlen(place)) != 0 || strstr(error, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\" of line %d", error, part, line);
}

// What is under test, with a file of one section.
struct bench {
    struct mapping *mapping;
    struct mapping_section *section;
    struct csv_reader *reader;
    struct arena *arena;
};

static struct bench open_bench(const char *map, const char *csv)
{
    char error[512] = "";
    struct bench bench = {.mapping = load(map), .arena = arena_new((size_t)1 << 20)};
    write_file(csv_path, csv);
    bench.section = mapping_section_for(bench.mapping, csv_path, error, sizeof error);
    assert_non_null(bench.section);
    struct csv_settings settings = mapping_section_csv(bench.section);
    bench.reader = csv_reader_open(csv_path, &settings, error, sizeof error);
    assert_non_null(bench.reader);
    if (!mapping_bind(bench.section, bench.reader, csv_path, error, sizeof error))
        fail_msg("%s", error);
    return bench;
}

static void close_bench(struct bench *bench)
{
    csv_reader_close(bench->reader);
    mapping_free(bench->mapping);
    arena_free(bench->arena);
}

static struct import_row next_row(struct bench *bench)
{
    struct csv_record record;
    struct import_row row;
    char reason[256] = "";
    assert_int_equal(csv_reader_next(bench->reader, &record), CSV_RECORD);
    if (!import_row_make(bench->section, &record, bench->arena, &row, reason, sizeof reason))
        fail_msg("%s", reason);
    return row;
}

static void expect_reason(struct bench *bench, const char *part)
{
    struct csv_record record;
    struct import_row row;
    char reason[256] = "";
    assert_int_equal(csv_reader_next(bench->reader, &record), CSV_RECORD);
    assert_false(
        import_row_make(bench->section, &record, bench->arena, &row, reason, sizeof reason));
    if (strstr(reason, part) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", reason, part);
}

static void test_wrong_files(void **state)
{
    (void)state;
    expect_wrong("source = a\n[x]\nis = dael\n", 3, "dael");
    expect_wrong("source = a\n\n[x]\nfiles = *\n", 4, "is = deal");
    expect_wrong("[x]\nis = customer\nfiles = *\nname = {a}\n", 1, "source");
    expect_wrong("sauce = a\n", 1, "sauce");
    expect_wrong("source = a\n[x\n", 2, "bracket");
    expect_wrong("source = a\nhallo\n", 2, "key = value");
    expect_wrong("source = a\nname: b\n", 2, "key = value");
    expect_wrong("source = a\n", 1, "[section]");
    expect_wrong("source = \xff\n", 1, "UTF-8");
    char error[256];
    assert_null(mapping_load("/nowhere.map", error, sizeof error));
    assert_non_null(strstr(error, "/nowhere.map"));
}

#define CUSTOMER_MAP "source = a\n[x]\nis = customer\nfiles = *\nname = {n}\n"

static void test_wrong_keys(void **state)
{
    (void)state;
    expect_wrong(CUSTOMER_MAP "indstry = {i}\n", 6, "is it \"industry\"");
    expect_wrong(CUSTOMER_MAP "encodin = auto\n", 6, "is it \"encoding\"");
    expect_wrong(CUSTOMER_MAP "alias.nam.x = y\n", 6, "is it \"name\"");
    expect_wrong(CUSTOMER_MAP "default.fone = 1\n", 6, "is it \"phone\"");
    expect_wrong(CUSTOMER_MAP "qqqqqqqqq = 1\n", 6, "--fields");
    expect_wrong(CUSTOMER_MAP "alias.name = y\n", 6, "alias.FIELD.VALUE");
    expect_wrong(CUSTOMER_MAP "name = {m}\n", 6, "line 5");
    expect_wrong(CUSTOMER_MAP "alias.name.x = y\nalias.name.x = z\n", 7, "already");
    expect_wrong(CUSTOMER_MAP "alias.phone.x = y\n", 6, "phone = {column}");
    expect_wrong(CUSTOMER_MAP "note = {n\n", 6, "brace");
    expect_wrong(CUSTOMER_MAP "note = {}\n", 6, "empty");
    expect_wrong(CUSTOMER_MAP "encoding = latin1\n", 6, "gb18030");
    expect_wrong(CUSTOMER_MAP "separator = ;\n", 6, "semicolon");
    expect_wrong("source = a\n[x]\nis = customer\nfiles = *\nnote = {n}\n", 3, "\"name\"");
    expect_wrong("source = a\n[x]\nis = customer\nname = {n}\n", 3, "files");
}

static void test_money_and_zones(void **state)
{
    (void)state;
    static const char fact[] = "source = a\n[x]\nis = fact\nfiles = *\nref = {r}\nkind = {k}\n";
    char text[512];
    snprintf(text, sizeof text, "%samount = {a}\n", fact);
    expect_wrong(text, 7, "currency");
    snprintf(text, sizeof text, "%soccurred_at = {a}\ntime_format = %%H:%%M %%d.%%m.%%Y\n", fact);
    expect_wrong(text, 7, "time_zone");
    snprintf(text, sizeof text, "%sdeal = {d}\n", fact);
    expect_wrong(text, 3, "deals = SECTION");
}

static void test_sections_by_file(void **state)
{
    (void)state;
    struct mapping *mapping = load("source = a\n"
                                   "[x]\nis = customer\nfiles = c*.csv\nname = {n}\n"
                                   "[y]\nis = customer\nfiles = *y.csv\nname = {n}\n");
    char error[256];
    struct mapping_section *section =
        mapping_section_for(mapping, "/a/b/C1.CSV", error, sizeof error);
    assert_non_null(section);
    assert_string_equal(mapping_id_space(section), "a/x");
    assert_null(mapping_section_for(mapping, "cy.csv", error, sizeof error));
    assert_non_null(strstr(error, "[x]"));
    assert_null(mapping_section_for(mapping, "d.csv", error, sizeof error));
    assert_non_null(strstr(error, "d.csv"));
    mapping_free(mapping);
}

static void test_missing_column(void **state)
{
    (void)state;
    struct mapping *mapping = load(CUSTOMER_MAP "industry = {sector}\n");
    char error[256];
    struct mapping_section *section = mapping_section_for(mapping, "x.csv", error, sizeof error);
    struct csv_settings settings = mapping_section_csv(section);
    write_file(csv_path, "n,sectr\n");
    struct csv_reader *reader = csv_reader_open(csv_path, &settings, error, sizeof error);
    assert_false(mapping_bind(section, reader, "x.csv", error, sizeof error));
    assert_non_null(strstr(error, "is it \"sectr\""));
    csv_reader_close(reader);
    mapping_free(mapping);
}

static void test_texts(void **state)
{
    (void)state;
    struct bench bench = open_bench(CUSTOMER_MAP "note = {n}/{ B } {{x} = \"; ok\"\n"
                                                 "default.note = none\n"
                                                 "industry = {b}\n"
                                                 "alias.industry.IT = software\n"
                                                 "alias.industry.- =\n"
                                                 "default.industry = other\n"
                                                 "phone = {b}{n}\n",
                                    "n,b\nA,IT\nB,-\nC,\n");
    struct import_row row = next_row(&bench);
    Tiejun__V1__Customer *customer = (Tiejun__V1__Customer *)row.messages[0];
    assert_string_equal(customer->note, "A/IT {x} = \"; ok\"");
    assert_string_equal(customer->industry, "software");
    customer = (Tiejun__V1__Customer *)next_row(&bench).messages[0];
    assert_string_equal(customer->industry, "other");
    customer = (Tiejun__V1__Customer *)next_row(&bench).messages[0];
    assert_string_equal(customer->industry, "other");
    assert_string_equal(customer->phone, "C");
    assert_int_equal(customer->line, 4);
    close_bench(&bench);
}

static void expect_id(const char *id, const char *name)
{
    char expected[UUID_TEXT_SIZE];
    uuid_named("crm/deals", name, expected);
    assert_string_equal(id, expected);
}

static void test_signed_deal(void **state)
{
    (void)state;
    struct bench bench = open_bench(DEAL_MAP, DEAL_COLUMNS
                                    "D1,Acme,Mei-Mei  Johns,Won,01.02.2017,2017-03-04,\"1,054\"\n");
    struct import_row row = next_row(&bench);
    const Tiejun__V1__Deal *deal = (const Tiejun__V1__Deal *)row.messages[0];
    const Tiejun__V1__Fact *fact = (const Tiejun__V1__Fact *)row.signing;
    expect_id(deal->id, "D1");
    assert_string_equal(deal->external_ref, "D1");
    assert_string_equal(deal->person, "mei-mei.johns");
    assert_string_equal(deal->opened_on, "2017-02-01");
    assert_null(deal->closed_on);
    assert_null(deal->lost_reason);
    assert_int_equal(deal->state, TIEJUN__V1__DEAL_STATE__DEAL_STATE_OPEN);
    assert_int_equal(deal->grade, TIEJUN__V1__GRADE__GRADE_B);
    assert_int_equal(deal->value_minor, 105400);
    assert_non_null(fact);
    expect_id(fact->id, "D1/signed");
    assert_string_equal(fact->deal, deal->id);
    assert_string_equal(fact->date, "2017-03-04");
    assert_string_equal(fact->customer, "Acme");
    assert_string_equal(fact->currency, "USD");
    assert_int_equal(fact->amount_minor, 105400);
    assert_int_equal(fact->kind, TIEJUN__V1__FACT_KIND__FACT_KIND_SIGNING);
    close_bench(&bench);
}

static void test_other_deals(void **state)
{
    (void)state;
    struct bench bench =
        open_bench(DEAL_MAP, DEAL_COLUMNS "D1,Acme,x,Closed: a=b,2017-01-01,2017-03-04,0\n"
                                          "D2,,x,Talk,2017-01-01,,\n"
                                          "D3,Acme,x,LOST,,2017-03-04,5\n"
                                          "D4,Acme,x,a,2017-03-04,,5\n");
    struct import_row row = next_row(&bench);
    const Tiejun__V1__Deal *deal = (const Tiejun__V1__Deal *)row.messages[0];
    assert_null(row.signing);
    assert_int_equal(deal->state, TIEJUN__V1__DEAL_STATE__DEAL_STATE_LOST);
    assert_string_equal(deal->closed_on, "2017-03-04");
    assert_string_equal(deal->lost_reason, "unknown");
    assert_false(deal->has_value_minor);
    deal = (const Tiejun__V1__Deal *)next_row(&bench).messages[0];
    assert_string_equal(deal->customer, "Prospect D2");
    assert_int_equal(deal->grade, TIEJUN__V1__GRADE__GRADE_B);
    deal = (const Tiejun__V1__Deal *)next_row(&bench).messages[0];
    assert_string_equal(deal->opened_on, "2017-03-04");
    deal = (const Tiejun__V1__Deal *)next_row(&bench).messages[0];
    assert_int_equal(deal->grade, TIEJUN__V1__GRADE__GRADE_A);
    assert_null(deal->lost_reason);
    close_bench(&bench);
}

static void test_refused_deals(void **state)
{
    (void)state;
    struct bench bench = open_bench(DEAL_MAP, DEAL_COLUMNS "D1,A,x,Won,2017-01-01,2017-03-04,0\n"
                                                           "D2,A,x,Won,2017-01-01,2017-03-04,\n"
                                                           "D3,A,x,Won,2017-01-01,,5\n"
                                                           "D4,A,x,Talk,,,5\n"
                                                           "D5,A,x,Demo,2017-01-01,,5\n"
                                                           "D6,A,x,Won,2017-05-01,2017-03-04,5\n"
                                                           "D7,A,x,Talk,2017-02-29,,5\n"
                                                           "D8,A,x,Talk,2017-01-01 x,,5\n"
                                                           "D9,A,x,Talk,2017-01-01,,five\n"
                                                           ",A,x,Talk,2017-01-01,,5\n"
                                                           "D11,A,x,,2017-01-01,,5\n"
                                                           "D12,A,x,Talk,2017-01-01,,-5\n"
                                                           "D13,A\n");
    static const char *const reasons[] = {"empty or 0",
                                          "empty or 0",
                                          "closed_on",
                                          "default.opened_on",
                                          "alias.stage.Demo",
                                          "opened on",
                                          "2017-02-29",
                                          "2017-01-01 x",
                                          "five",
                                          "ref",
                                          "stage",
                                          "below zero",
                                          "2 fields"};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        expect_reason(&bench, reasons[i]);
    close_bench(&bench);
}

static void test_org(void **state)
{
    (void)state;
    struct bench bench = open_bench("source = a\n[x]\nis = org\nfiles = *\n"
                                    "unit = /{office}/{team}\nkinds = office/team\n"
                                    "name = {name}\nleader = {boss}\nfrom_date = 2016-01-01\n",
                                    "office,team,name,boss\n"
                                    "华东,一队,李伟,Wang Fang\n"
                                    "East,,Li Wei,\n"
                                    ",T,Li Wei,\n");
    struct import_row row = next_row(&bench);
    assert_int_equal(row.count, 2);
    const Tiejun__V1__OrgRow *member = (const Tiejun__V1__OrgRow *)row.messages[0];
    const Tiejun__V1__OrgRow *leader = (const Tiejun__V1__OrgRow *)row.messages[1];
    assert_string_equal(member->unit, "/华东/一队");
    assert_string_equal(member->handle, "李伟");
    assert_false(member->has_role);
    assert_string_equal(leader->unit, member->unit);
    assert_string_equal(leader->handle, "wang.fang");
    assert_string_equal(leader->from_date, "2016-01-01");
    assert_int_equal(leader->role, TIEJUN__V1__ROLE__ROLE_SUPERVISOR);
    row = next_row(&bench);
    assert_int_equal(row.count, 1);
    assert_string_equal(((const Tiejun__V1__OrgRow *)row.messages[0])->unit, "/East");
    expect_reason(&bench, "middle");
    close_bench(&bench);
}

static void test_fact_rows(void **state)
{
    (void)state;
    char map[2048];
    snprintf(map, sizeof map, "%s%s", DEAL_MAP,
             "[visits]\nis = fact\nfiles = tiejun_rows*\nref = {id}\nkind = {kind}\n"
             "alias.kind.拜访 = visit\noccurred_at = {at}\ntime_zone = Asia/Shanghai\n"
             "time_format = %Y-%m-%d %H:%M\ndeal = {deal}\nminutes = {minutes}\n");
    char *files = strstr(map, "files = *\n");
    memcpy(files, "files = -\n", strlen("files = -\n"));
    struct bench bench = open_bench(map, "id,kind,at,deal,minutes\n"
                                         "1,拜访,2026-07-01 09:30,D1,45\n"
                                         "2,new-customer,2026-07-01 09:30,,\n"
                                         "3,call,2026-07-01 09:30,,\n"
                                         "4,visit,2026-07-01,,\n"
                                         "5,visit,2026-07-01 09:30,,many\n"
                                         "6,visit,,,\n"
                                         "7,visit,2026-07-01 09:30,,\"so\nmany\"\n");
    const Tiejun__V1__Fact *fact = (const Tiejun__V1__Fact *)next_row(&bench).messages[0];
    assert_int_equal(fact->kind, TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT);
    assert_int_equal(fact->occurred_at->seconds, 1782869400);
    assert_int_equal(fact->minutes, 45);
    expect_id(fact->deal, "D1");
    fact = (const Tiejun__V1__Fact *)next_row(&bench).messages[0];
    assert_int_equal(fact->kind, TIEJUN__V1__FACT_KIND__FACT_KIND_NEW_CUSTOMER);
    assert_null(fact->deal);
    assert_false(fact->has_minutes);
    expect_reason(&bench, "alias.kind.call");
    expect_reason(&bench, "2026-07-01");
    expect_reason(&bench, "many");
    expect_reason(&bench, "date");
    expect_reason(&bench, "so many");
    close_bench(&bench);
}

static void test_days(void **state)
{
    (void)state;
    date_day day;
    date_day expected;
    assert_true(date_from_civil(2026, 7, 1, &expected));
    static const char *const good[][2] = {{"2026-07-01", "%Y-%m-%d"},
                                          {"2026年7月1日", "%Y-%m-%d | %Y年%m月%d日"},
                                          {"Jul 1, 2026", "%b %d, %Y"},
                                          {"7/1/26", "%m/%d/%y"},
                                          {"2026-07-01 23:59:59", "%Y-%m-%d %H:%M:%S"}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_true(when_parse_day(good[i][0], good[i][1], &day));
        assert_int_equal(day, expected);
    }
    assert_false(when_parse_day("2026-02-30", "%Y-%m-%d", &day));
    assert_false(when_parse_day("2026-07-01 ", "%Y-%m-%d", &day));
    assert_false(when_parse_day("01.07.2026", "%Y-%m-%d", &day));
}

static void test_instants(void **state)
{
    (void)state;
    int64_t seconds;
    int32_t nanos;
    static const char format[] = "%Y-%m-%d %H:%M";
    setenv("TZ", "America/New_York", 1);
    assert_true(when_parse_instant("2026-07-01 09:30", format, "Asia/Shanghai", &seconds, &nanos));
    assert_int_equal(seconds, 1782869400);
    assert_string_equal(getenv("TZ"), "America/New_York");
    assert_true(when_parse_instant("2026-07-01 09:30", format, "UTC", &seconds, &nanos));
    assert_int_equal(seconds, 1782869400 + 8 * 3600);
    assert_true(
        when_parse_instant("2026-07-01 09:30 +0800", "%Y-%m-%d %H:%M %z", NULL, &seconds, &nanos));
    assert_int_equal(seconds, 1782869400);
    assert_true(when_parse_instant("2026-07-01T09:30:00.5+08:00", NULL, NULL, &seconds, &nanos));
    assert_int_equal(seconds, 1782869400);
    assert_int_equal(nanos, 500000000);
    assert_false(when_parse_instant("2026-02-30 09:30", format, "UTC", &seconds, &nanos));
    assert_true(when_zone_known("Asia/Shanghai"));
    assert_false(when_zone_known("Asia/Shangai"));
    assert_false(when_zone_known("../../etc/passwd"));
}

static void test_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"opened_on", "closed_on", "stage"};
    assert_string_equal(mapping_nearest("close_on", words, 3), "closed_on");
    assert_string_equal(mapping_nearest("Stage", words, 3), "stage");
    assert_null(mapping_nearest("colour", words, 3));
}

// The map that the system tests import the published data by.
static void test_maven_map(void **state)
{
    (void)state;
    char error[512] = "";
    struct mapping *mapping = mapping_load("tests/data/maven.map", error, sizeof error);
    if (mapping == NULL)
        fail_msg("%s", error);
    struct mapping_section *section =
        mapping_section_for(mapping, "sales_pipeline.csv", error, sizeof error);
    assert_non_null(section);
    assert_int_equal(mapping_section_kind(section), MAPPING_DEAL);
    mapping_free(mapping);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_files),     cmocka_unit_test(test_wrong_keys),
        cmocka_unit_test(test_money_and_zones), cmocka_unit_test(test_sections_by_file),
        cmocka_unit_test(test_missing_column),  cmocka_unit_test(test_texts),
        cmocka_unit_test(test_signed_deal),     cmocka_unit_test(test_other_deals),
        cmocka_unit_test(test_refused_deals),   cmocka_unit_test(test_org),
        cmocka_unit_test(test_fact_rows),       cmocka_unit_test(test_days),
        cmocka_unit_test(test_instants),        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_maven_map),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
