#include "client/lib/table.h"

#include "client/lib/render.h"
#include "common/i18n.h"
#include "common/money.h"
#include "common/text.h"

#include <inttypes.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define NO_PARENT ((size_t)-1)
#define WIDTH_DEFAULT 80
#define WIDTH_LEAST 40

struct cell {
    char *text;
    // NULL: as text.
    char *raw;
    enum table_colour colour;
};

struct row {
    struct cell *cells;
    size_t parent;
    bool rule;
    bool total;
};

struct table {
    const struct table_column *columns;
    size_t column_count;
    struct row *rows;
    size_t row_count;
    size_t row_capacity;
};

static void *must(void *memory)
{
    if (!memory) {
        fputs("tiejun: out of memory\n", stderr);
        abort();
    }
    return memory;
}

struct table *table_new(const struct table_column *columns)
{
    struct table *table = must(calloc(1, sizeof *table));
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
        table->rows = must(reallocarray(table->rows, table->row_capacity, sizeof table->rows[0]));
    }
    struct cell *cells = must(calloc(table->column_count, sizeof *cells));
    table->rows[table->row_count] = (struct row){.cells = cells, .parent = parent};
    return table->row_count++;
}

size_t table_add(struct table *table)
{
    return table_add_child(table, NO_PARENT);
}

static struct cell *cell_at(struct table *table, size_t row, size_t column)
{
    if (row >= table->row_count || column >= table->column_count)
        abort();
    return &table->rows[row].cells[column];
}

static char *copy(const char *text)
{
    return text ? must(strdup(text)) : NULL;
}

void table_set_raw(struct table *table, size_t row, size_t column, const char *text,
                   const char *raw)
{
    struct cell *cell = cell_at(table, row, column);
    free(cell->text);
    free(cell->raw);
    cell->text = copy(text);
    cell->raw = copy(raw);
}

void table_set(struct table *table, size_t row, size_t column, const char *text)
{
    table_set_raw(table, row, column, text, NULL);
}

void table_add_rule(struct table *table)
{
    table->rows[table_add(table)].rule = true;
}

size_t table_add_total(struct table *table, size_t column)
{
    table_add_rule(table);
    size_t row = table_add(table);
    table->rows[row].total = true;
    table_set(table, row, column, _("total"));
    return row;
}

void table_set_count(struct table *table, size_t row, size_t column, int64_t count)
{
    table_set_money(table, row, column, count, NULL);
}

void table_set_money(struct table *table, size_t row, size_t column, int64_t minor,
                     const char *currency)
{
    char text[MONEY_TEXT_SIZE];
    char raw[MONEY_TEXT_SIZE];
    if (currency && *currency)
        money_format(minor, currency, text, sizeof text);
    else
        render_count(minor, text, sizeof text);
    render_money_plain(minor, currency, raw, sizeof raw);
    table_set_raw(table, row, column, text, raw);
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

int terminal_width(void)
{
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int width = columns ? atoi(columns) : 0;
    if (width <= 0 && isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        width = WIDTH_DEFAULT;
    return width < WIDTH_LEAST ? WIDTH_LEAST : width;
}

bool terminal_colour(void)
{
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(refused && *refused) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

static const char *const escapes[] = {
    [TABLE_PLAIN] = "\033[0m", [TABLE_GOOD] = "\033[32m", [TABLE_BAD] = "\033[31m",
    [TABLE_WARN] = "\033[33m", [TABLE_DIM] = "\033[2m",   [TABLE_BOLD] = "\033[1m",
};

const char *terminal_escape(enum table_colour colour)
{
    return terminal_colour() ? escapes[colour] : "";
}

// ---- screen ----

static bool is_shown(const struct table *table, size_t column)
{
    unsigned flags = table->columns[column].flags;
    if (flags & TABLE_CSV_ONLY)
        return false;
    if (!(flags & TABLE_IF_ANY))
        return true;
    for (size_t i = 0; i < table->row_count; i++) {
        const char *text = table->rows[i].cells[column].text;
        if (text && *text)
            return true;
    }
    return false;
}

static void add_column(struct libscols_table *screen, const struct table_column *column)
{
    int flags = 0;
    flags |= column->flags & TABLE_RIGHT ? SCOLS_FL_RIGHT : 0;
    flags |= column->flags & TABLE_TRUNCATE ? SCOLS_FL_TRUNC : 0;
    flags |= column->flags & TABLE_WRAP ? SCOLS_FL_WRAP : 0;
    flags |= column->flags & TABLE_TREE ? SCOLS_FL_TREE : 0;
    must(scols_table_new_column(screen, *column->header ? _(column->header) : "", 0, flags));
}

// Widest cell of a column of the screen, for the rules.
static int column_width(const struct table *table, size_t column)
{
    const char *header = table->columns[column].header;
    int width = *header ? text_width(_(header)) : 0;
    for (size_t i = 0; i < table->row_count; i++) {
        const char *text = table->rows[i].cells[column].text;
        int wide = text ? text_width(text) : 0;
        width = wide > width ? wide : width;
    }
    return width;
}

static void set_rule(struct libscols_line *line, size_t at, int width)
{
    char *dashes = must(calloc((size_t)width + 1, strlen("─")));
    for (int i = 0; i < width; i++)
        strcat(dashes, "─");
    scols_line_refer_data(line, at, dashes);
}

static void fill_line(const struct table *table, const struct row *row, struct libscols_line *line)
{
    size_t at = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (!is_shown(table, i))
            continue;
        const struct cell *cell = &row->cells[i];
        if (row->rule && !(table->columns[i].flags & TABLE_WRAP))
            set_rule(line, at, column_width(table, i));
        else
            scols_line_set_data(line, at, cell->text ? cell->text : "");
        if (cell->colour != TABLE_PLAIN)
            scols_cell_set_color(scols_line_get_cell(line, at), escapes[cell->colour]);
        at++;
    }
}

static struct libscols_table *build(struct table *table, FILE *stream)
{
    struct libscols_table *screen = must(scols_new_table());
    scols_table_set_stream(screen, stream);
    scols_table_set_termforce(screen, SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(screen, (size_t)terminal_width());
    scols_table_enable_colors(screen, terminal_colour());
    for (size_t i = 0; i < table->column_count; i++) {
        if (is_shown(table, i))
            add_column(screen, &table->columns[i]);
    }
    struct libscols_line **lines = must(calloc(table->row_count + 1, sizeof *lines));
    for (size_t i = 0; i < table->row_count; i++) {
        size_t parent = table->rows[i].parent;
        lines[i] = must(scols_table_new_line(screen, parent == NO_PARENT ? NULL : lines[parent]));
        fill_line(table, &table->rows[i], lines[i]);
    }
    free(lines);
    return screen;
}

// libsmartcols fills the last column up with blanks, which nobody wants to copy.
static void print_trimmed(const char *text, FILE *stream)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        size_t kept = length;
        while (kept > 0 && text[kept - 1] == ' ')
            kept--;
        fwrite(text, 1, kept, stream);
        fputc('\n', stream);
        text += length + (text[length] == '\n');
    }
}

void table_print(struct table *table, FILE *stream)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = must(open_memstream(&text, &size));
    struct libscols_table *screen = build(table, memory);
    scols_print_table(screen);
    scols_unref_table(screen);
    fclose(memory);
    print_trimmed(text, stream);
    free(text);
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

static void print_csv_row(const struct table *table, const struct row *row, FILE *stream)
{
    bool first = true;
    for (size_t i = 0; i < table->column_count; i++) {
        if (table->columns[i].flags & TABLE_SCREEN_ONLY)
            continue;
        const struct cell *cell = row ? &row->cells[i] : NULL;
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
