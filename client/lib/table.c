#include "client/lib/table.h"

#include "client/lib/render.h"
#include "client/lib/table_data.h"
#include "common/i18n.h"
#include "common/money.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void *table_must(void *memory)
{
    if (!memory) {
        fputs("tiejun: out of memory\n", stderr);
        abort();
    }
    return memory;
}

struct table *table_new(const struct table_column *columns)
{
    struct table *table = table_must(calloc(1, sizeof *table));
    table->columns = columns;
    while (columns[table->column_count].key)
        table->column_count++;
    return table;
}

void table_free(struct table *table)
{
    for (size_t i = 0; table && i < table->row_count; i++) {
        for (size_t j = 0; j < table->column_count; j++) {
            free(table->rows[i].cells[j].text);
            free(table->rows[i].cells[j].raw);
        }
        free(table->rows[i].cells);
    }
    if (table)
        free(table->rows);
    free(table);
}

size_t table_add_child(struct table *table, size_t parent)
{
    if (table->row_count == table->row_capacity) {
        table->row_capacity = table->row_capacity ? table->row_capacity * 2 : 32;
        table->rows =
            table_must(reallocarray(table->rows, table->row_capacity, sizeof table->rows[0]));
    }
    struct table_cell *cells = table_must(calloc(table->column_count, sizeof *cells));
    table->rows[table->row_count] = (struct table_row){.cells = cells, .parent = parent};
    return table->row_count++;
}

size_t table_add(struct table *table)
{
    return table_add_child(table, TABLE_NO_PARENT);
}

static struct table_cell *cell_at(struct table *table, size_t row, size_t column)
{
    if (row >= table->row_count || column >= table->column_count)
        abort();
    return &table->rows[row].cells[column];
}

static char *copy(const char *text)
{
    return text ? table_must(strdup(text)) : NULL;
}

void table_set_raw(struct table *table, size_t row, size_t column, const char *text,
                   const char *raw)
{
    struct table_cell *cell = cell_at(table, row, column);
    free(cell->text);
    free(cell->raw);
    cell->text = copy(text);
    cell->raw = copy(raw);
    cell->decimals_size = 0;
}

void table_hide(struct table *table, size_t row, size_t column)
{
    struct table_cell *cell = cell_at(table, row, column);
    char *raw = copy(cell->raw ? cell->raw : cell->text);
    table_set_raw(table, row, column, NULL, raw);
    free(raw);
}

void table_set(struct table *table, size_t row, size_t column, const char *text)
{
    table_set_raw(table, row, column, text, NULL);
}

static void add_rule(struct table *table)
{
    // The rows may move when one is added.
    size_t row = table_add(table);
    table->rows[row].rule = true;
}

size_t table_add_total(struct table *table, size_t column)
{
    add_rule(table);
    size_t row = table_add(table);
    table->rows[row].total = true;
    table_set(table, row, column, _("total"));
    return row;
}

void table_set_count(struct table *table, size_t row, size_t column, int64_t count)
{
    table_set_money(table, row, column, count, NULL);
}

void table_set_money_words(struct table *table, size_t row, size_t column, const char *format,
                           int64_t minor, const char *currency)
{
    char amount[MONEY_TEXT_SIZE];
    char raw[MONEY_TEXT_SIZE];
    if (currency && *currency)
        money_format(minor, currency, amount, sizeof amount);
    else
        render_count(minor, amount, sizeof amount);
    render_money_plain(minor, currency, raw, sizeof raw);
    const char *mark = strstr(format, "%s");
    const char *point = strchr(amount, '.');
    size_t before = mark ? (size_t)(mark - format) : 0;
    size_t size = strlen(format) + sizeof amount;
    char *text = table_must(malloc(size));
    snprintf(text, size, "%.*s%s%s", (int)before, format, amount, mark ? mark + 2 : "");
    table_set_raw(table, row, column, text, raw);
    free(text);
    if (!point)
        return;
    cell_at(table, row, column)->decimals_at = before + (size_t)(point - amount);
    cell_at(table, row, column)->decimals_size = strlen(point);
}

void table_set_money(struct table *table, size_t row, size_t column, int64_t minor,
                     const char *currency)
{
    table_set_money_words(table, row, column, "%s", minor, currency);
}

static bool has_fraction(const struct table_cell *cell)
{
    const char *decimals = cell->text ? cell->text + cell->decimals_at : "";
    return cell->decimals_size > 0 && strspn(decimals, ".0") < cell->decimals_size;
}

void table_drop_decimals(struct table *table)
{
    for (size_t i = 0; i < table->row_count; i++) {
        for (size_t j = 0; j < table->column_count; j++) {
            bool shown = !(table->columns[j].flags & TABLE_CSV_ONLY);
            if (shown && has_fraction(&table->rows[i].cells[j]))
                return;
        }
    }
    for (size_t i = 0; i < table->row_count; i++) {
        for (size_t j = 0; j < table->column_count; j++) {
            struct table_cell *cell = &table->rows[i].cells[j];
            char *decimals = cell->text + cell->decimals_at;
            if (cell->decimals_size > 0)
                memmove(decimals, decimals + cell->decimals_size,
                        strlen(decimals + cell->decimals_size) + 1);
            cell->decimals_size = 0;
        }
    }
}

void table_set_percent(struct table *table, size_t row, size_t column, int64_t milli)
{
    char text[MONEY_TEXT_SIZE];
    char raw[MONEY_TEXT_SIZE];
    render_percent(milli, text, sizeof text);
    snprintf(raw, sizeof raw, "%s%" PRId64 ".%03" PRId64, milli < 0 ? "-" : "", labs(milli / 1000),
             labs(milli % 1000));
    table_set_raw(table, row, column, text, raw);
}

void table_set_colour(struct table *table, size_t row, size_t column, enum table_colour colour)
{
    cell_at(table, row, column)->colour = colour;
}

size_t table_rows(const struct table *table)
{
    return table->row_count;
}

// ---- CSV ----

static void print_csv_cell(const char *text, bool first, FILE *stream)
{
    if (!first)
        fputc(',', stream);
    if (!strpbrk(text, ",\"\r\n")) {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (; *text; text++) {
        if (*text == '"')
            fputc('"', stream);
        fputc(*text, stream);
    }
    fputc('"', stream);
}

static void print_csv_row(const struct table *table, const struct table_row *row, FILE *stream)
{
    bool first = true;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].flags & TABLE_SCREEN_ONLY)
            continue;
        const struct table_cell *cell = row ? &row->cells[i] : NULL;
        const char *text = !row ? table->columns[i].key : cell->raw ? cell->raw : cell->text;
        print_csv_cell(text ? text : "", first, stream);
        first = false;
    }
    fputc('\n', stream);
}

void table_print_csv(struct table *table, FILE *stream)
{
    print_csv_row(table, NULL, stream);
    for (size_t i = 0; i < table->row_count; i++) {
        if (!table->rows[i].rule && !table->rows[i].total)
            print_csv_row(table, &table->rows[i], stream);
    }
}
