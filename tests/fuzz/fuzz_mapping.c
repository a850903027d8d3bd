// A mapping file and, behind a NUL, the CSV file that it is for: what is wrong with either is a
// sentence, and what a row becomes is a sound message. client/lib/mapping.h, import_row.h.

#include "client/lib/csv_reader.h"
#include "client/lib/import_row.h"
#include "client/lib/mapping.h"
#include "common/arena.h"
#include "common/message.h"
#include "common/text.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

#define BUDGET ((size_t)4 << 20)

static bool is_sentence(const char *text)
{
    return *text && !strchr(text, '\n');
}

// A value is a text or nothing, never an empty text.
static void check_values(const struct mapping_section *section, const struct csv_record *record,
                         struct arena *arena)
{
    const struct mapping_field *fields = mapping_fields(mapping_section_kind(section));
    for (; fields->name; fields++) {
        const char *value = mapping_value(section, fields->name, record, arena);
        PROMISE(!value || *value);
        PROMISE(!value || utf8_valid(value, strlen(value)));
        PROMISE(!value || mapping_has(section, fields->name));
    }
}

static void take_record(const struct mapping_section *section, const struct csv_record *record)
{
    struct import_row row = {0};
    char reason[512] = "";
    struct arena *arena = arena_new(BUDGET);
    check_values(section, record, arena);
    if (import_row_make(section, record, arena, &row, reason, sizeof reason)) {
        PROMISE(row.count >= 1 && row.count <= IMPORT_ROW_MESSAGES);
        for (size_t i = 0; i < row.count; i++)
            PROMISE(message_validate(row.messages[i], NULL, NULL));
        PROMISE(!row.signing || message_validate(row.signing, NULL, NULL));
    } else {
        PROMISE(is_sentence(reason));
    }
    arena_free(arena);
}

static void take_rows(struct mapping_section *section, const struct input *csv)
{
    char error[512] = "";
    const struct csv_settings settings = mapping_section_csv(section);
    struct csv_reader *reader =
        csv_reader_open(file_of(csv->data, csv->size), &settings, error, sizeof error);
    if (!reader)
        return;
    if (mapping_bind(section, reader, "rows.csv", error, sizeof error)) {
        struct csv_record record;
        while (csv_reader_next(reader, &record) == CSV_RECORD)
            if (!record.problem)
                take_record(section, &record);
    } else {
        PROMISE(is_sentence(error));
    }
    csv_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input csv = {data, size};
    struct input map = input_until(&csv, '\0');
    char error[512] = "";
    struct mapping *mapping = mapping_load(file_of(map.data, map.size), error, sizeof error);
    PROMISE(mapping || is_sentence(error));
    struct mapping_section *section =
        mapping ? mapping_section_for(mapping, "rows.csv", error, sizeof error) : NULL;
    if (section)
        take_rows(section, &csv);
    else
        PROMISE(is_sentence(error));
    mapping_free(mapping);
    return 0;
}
