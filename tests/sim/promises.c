#include "tests/sim/promises.h"

#include "common/arena.h"
#include "tests/sim/centre.h"
#include "tests/sim/device.h"

#include <stdio.h>
#include <string.h>

#define NANOSECONDS INT64_C(1000000000)
// Half of the longest way there and back.
#define CLOCK_TOLERANCE_NS (9 * NANOSECONDS)

#define BUDGET ((size_t)64 << 20)

struct check {
    const struct tables *tables;
    // What the device at hand shows as refused.
    Tiejun__Client__OutboxFacts refused;
    char *broken;
    size_t size;
};

static void fail(const struct check *check, const char *what, const char *id)
{
    if (!check->broken[0])
        snprintf(check->broken, check->size, "%s%s%s", what, id ? ": " : "", id ? id : "");
}

static bool is_shown_refused(const struct check *check, const char *id)
{
    for (size_t i = 0; i < check->refused.n_facts; i++) {
        if (strcmp(check->refused.facts[i]->fact->id, id) == 0)
            return true;
    }
    return false;
}

static bool equal(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

// All but the times, which are corrected on the way.
static bool same_content(const Tiejun__Server__JudgedFact *kept, const Tiejun__V1__Fact *fact)
{
    return fact && equal(kept->id, fact->id) && kept->kind == fact->kind &&
           equal(kept->voids, fact->voids) && equal(kept->customer, fact->customer) &&
           equal(kept->note, fact->note) && kept->minutes == fact->minutes;
}

static size_t times_kept(const struct check *check, const char *id, const struct row **row)
{
    const struct row *rows;
    size_t count = tables_rows(check->tables, &rows);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].fact->id, id) == 0) {
            *row = &rows[i];
            found++;
        }
    }
    return found;
}

static void check_clock(const struct check *check, const struct device *device,
                        const struct known_fact *known, const Tiejun__Server__JudgedFact *kept)
{
    if (!device_knew_clock(device, known->boot))
        return;
    int64_t said = kept->recorded_at->seconds * NANOSECONDS + kept->recorded_at->nanos;
    int64_t wrong = said - known->recorded_ns;
    if (wrong > CLOCK_TOLERANCE_NS || wrong < -CLOCK_TOLERANCE_NS)
        fail(check, "a fact has a wrong time", known->fact->id);
    if (!kept->occurred_at || kept->occurred_at->seconds != kept->recorded_at->seconds)
        fail(check, "a fact happened at another time than it was recorded", known->fact->id);
}

static void check_row(const struct check *check, const struct device *device,
                      const struct known_fact *known, const struct row *row)
{
    const Tiejun__Server__JudgedFact *kept = row->fact;
    int64_t person = device_person(device);
    if (!same_content(kept, known->fact) && !same_content(kept, known->other))
        fail(check, "a fact has another content", kept->id);
    if (kept->person_id != person || row->actor_id != person)
        fail(check, "a fact is another person's", kept->id);
    check_clock(check, device, known, kept);
}

static void check_fact(const struct check *check, const struct device *device,
                       const struct known_fact *known)
{
    const struct row *row = NULL;
    size_t times = times_kept(check, known->fact->id, &row);
    bool shown = is_shown_refused(check, known->fact->id);
    if (times > 1)
        fail(check, "a fact is in the centre more than once", known->fact->id);
    if (times == 1 && shown)
        fail(check, "a fact that the centre has is shown as refused", known->fact->id);
    if (known->reported && times == 0 && !shown)
        fail(check, "a fact that was reported saved is lost", known->fact->id);
    if (shown && !known->refusable && !known->other)
        fail(check, "a good fact was refused", known->fact->id);
    if (times == 1)
        check_row(check, device, known, row);
}

// What voids a fact that left its place in the line waits for it.
static bool is_in_line(const struct known_fact *facts, size_t count, const struct known_fact *fact)
{
    for (size_t i = 0; i < count && fact->fact->voids; i++) {
        if (facts[i].mended && strcmp(facts[i].fact->id, fact->fact->voids) == 0)
            return false;
    }
    return !fact->mended;
}

// Facts are known in the order recorded. Those of who moves about go to several offices, which wait
// for nobody.
static void check_order(const struct check *check, const struct device *device)
{
    size_t last = 0;
    size_t known_count;
    const struct row *rows;
    const struct known_fact *known = device_facts(device, &known_count);
    size_t count = tables_rows(check->tables, &rows);
    for (size_t i = 0; i < count; i++) {
        const Tiejun__Server__JudgedFact *kept = rows[i].fact;
        size_t place = 0;
        if (rows[i].actor_id != device_person(device))
            continue;
        while (place < known_count && strcmp(known[place].fact->id, kept->id) != 0)
            place++;
        if (place == known_count) {
            fail(check, "the centre has what nobody logged", kept->id);
            return;
        }
        if (!is_in_line(known, known_count, &known[place]) ||
            !tables_stays(check->tables, rows[i].actor_id))
            continue;
        if (place < last)
            fail(check, "a fact came before an earlier one", kept->id);
        last = place;
    }
}

// By what the person logged, not by what the centre has.
static void check_totals(const struct check *check, const struct device *device)
{
    size_t count;
    const struct row *row;
    const struct known_fact *facts = device_facts(device, &count);
    struct total total = tables_total(check->tables, device_person(device));
    for (size_t i = 0; i < count; i++) {
        if (times_kept(check, facts[i].fact->id, &row) > 0) {
            total.facts--;
            total.minutes -= facts[i].fact->minutes;
        }
    }
    if (total.facts != 0 || total.minutes != 0)
        fail(check, "totals are not those of the facts", NULL);
}

static void check_facts(struct check *check, struct device *device)
{
    size_t count;
    const struct known_fact *facts = device_facts(device, &count);
    struct arena *arena = arena_new(BUDGET);
    if (!device_list_refused(device, arena, &check->refused))
        fail(check, "an outbox does not tell what was refused", NULL);
    for (size_t i = 0; i < count; i++)
        check_fact(check, device, &facts[i]);
    arena_free(arena);
}

static void check_device(struct check *check, struct device *device)
{
    if (device_complaint(device))
        fail(check, device_complaint(device), NULL);
    if (!device_is_done(device)) {
        fail(check, "an outbox has something left to send", NULL);
        return;
    }
    check_facts(check, device);
    check_order(check, device);
    check_totals(check, device);
}

void promises_check(struct centre *centre, struct device *const *devices, size_t device_count,
                    char *broken, size_t size)
{
    struct check check = {.tables = centre_tables(centre), .broken = broken, .size = size};
    broken[0] = '\0';
    if (centre_complaint(centre))
        fail(&check, centre_complaint(centre), NULL);
    for (size_t i = 0; i < device_count; i++)
        check_device(&check, devices[i]);
}
