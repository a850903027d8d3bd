#include "client/lib/table_data.h"

#include "common/i18n.h"
#include "common/text.h"

#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

// Columns that give way keep at least this much, as long as there is any other that can; those that
// are wrapped have their words whole, up to a length.
#define TRUNCATED_LEAST 10
#define WRAPPED_LEAST 16
#define WORD_MOST 28
// And this much when there is none.
#define LAST_RESORT 3
// What libsmartcols draws before a text for each level of a tree.
#define BRANCH_WIDTH 2
#define ELLIPSIS "…"

// How the columns of the screen share its width.
struct layout {
    // 0: the column is not shown.
    int *widths;
    int total;
    int available;
};

// ---- widths ----

static bool is_wanted(const struct table *table, size_t column)
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

static int depth_of(const struct table *table, size_t row)
{
    int depth = 0;
    for (; table->rows[row].parent != TABLE_NO_PARENT; row = table->rows[row].parent)
        depth++;
    return depth;
}

static int branch_width(const struct table *table, size_t row, size_t column)
{
    return table->columns[column].flags & TABLE_TREE ? depth_of(table, row) * BRANCH_WIDTH : 0;
}

static int natural_width(const struct table *table, size_t column)
{
    const char *header = table->columns[column].header;
    int width = *header ? text_width(_(header)) : 1;
    for (size_t i = 0; i < table->row_count; i++) {
        const char *text = table->rows[i].cells[column].text;
        int wide = (text ? text_width(text) : 0) + branch_width(table, i, column);
        width = wide > width ? wide : width;
    }
    return width;
}

// What a column keeps while others give way, and what it keeps when they are not enough.
enum resort { WORDS_WHOLE, WORDS_BROKEN, LEAST_OF_ALL };

static int longest_word(const struct table *table, size_t column)
{
    int longest = WRAPPED_LEAST;
    for (size_t i = 0; i < table->row_count; i++) {
        const char *text = table->rows[i].cells[column].text;
        int word = (text ? text_word_width(text) : 0) + branch_width(table, i, column);
        longest = word > longest ? word : longest;
    }
    return longest < WORD_MOST ? longest : WORD_MOST;
}

static int least_width(const struct table *table, size_t column, enum resort resort)
{
    if (resort == LEAST_OF_ALL)
        return LAST_RESORT;
    if (!(table->columns[column].flags & TABLE_WRAP))
        return TRUNCATED_LEAST;
    return resort == WORDS_WHOLE ? longest_word(table, column) : WRAPPED_LEAST;
}

static void add_width(struct layout *layout, size_t column, int more)
{
    // A blank stands between two columns.
    bool gap = layout->widths[column] == 0;
    layout->widths[column] += more;
    layout->total += more + gap;
}

static void drop(struct layout *layout, size_t column)
{
    layout->total -= layout->widths[column] + 1;
    layout->widths[column] = 0;
}

// Takes from the widest of those that may shrink, a column of the screen at a time, until all fits
// or none is wider than its least width.
static void shrink(const struct table *table, struct layout *layout, enum resort resort)
{
    int *least = table_must(calloc(table->column_count, sizeof *least));
    for (size_t i = 0; i < table->column_count; i++)
        least[i] = least_width(table, i, resort);
    while (layout->total > layout->available) {
        size_t widest = table->column_count;
        int most = 0;
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].flags & (TABLE_TRUNCATE | TABLE_WRAP) &&
                layout->widths[i] > least[i] && layout->widths[i] > most) {
                widest = i;
                most = layout->widths[i];
            }
        }
        if (widest == table->column_count)
            break;
        add_width(layout, widest, -1);
    }
    free(least);
}

static struct layout lay_out(const struct table *table)
{
    // The gap of the first column is none.
    struct layout layout = {.available = terminal_width() + 1};
    layout.widths = table_must(calloc(table->column_count, sizeof *layout.widths));
    for (size_t i = 0; i < table->column_count; i++) {
        if (is_wanted(table, i))
            add_width(&layout, i, natural_width(table, i));
    }
    struct layout natural = layout;
    natural.widths = table_must(calloc(table->column_count, sizeof *layout.widths));
    memcpy(natural.widths, layout.widths, table->column_count * sizeof *layout.widths);
    shrink(table, &layout, WORDS_WHOLE);
    for (size_t i = table->column_count; i-- > 0 && layout.total > layout.available;) {
        if (!(table->columns[i].flags & TABLE_DROP) || layout.widths[i] == 0)
            continue;
        // The others get back what they gave.
        drop(&natural, i);
        memcpy(layout.widths, natural.widths, table->column_count * sizeof *layout.widths);
        layout.total = natural.total;
        shrink(table, &layout, WORDS_WHOLE);
    }
    free(natural.widths);
    shrink(table, &layout, WORDS_BROKEN);
    shrink(table, &layout, LEAST_OF_ALL);
    return layout;
}

// ---- texts ----

// A copy without control characters, which would move the cursor about.
static char *clean_copy(const char *text)
{
    size_t length = strlen(text);
    char *copy = table_must(malloc(length + 1));
    char *out = copy;
    while (*text) {
        uint32_t character;
        size_t size = utf8_decode(text, strlen(text), &character);
        if (size == 0 || text_drives_terminal(character))
            *out++ = '?';
        else
            out = mempcpy(out, text, size);
        text += size ? size : 1;
    }
    *out = '\0';
    return copy;
}

static char *truncated(const char *text, int width)
{
    size_t kept = text_fit(text, width > 1 ? width - 1 : 1);
    char *out = table_must(malloc(kept + sizeof ELLIPSIS));
    memcpy(out, text, kept);
    memcpy(out + kept, ELLIPSIS, sizeof ELLIPSIS);
    return out;
}

static char *wrapped(const char *text, int width)
{
    // A line feed for each character is more than enough.
    char *out = table_must(malloc(2 * strlen(text) + 1));
    size_t size = 0;
    while (*text) {
        size_t length = text_line(text, width);
        memcpy(out + size, text, length);
        size += length;
        text += length;
        text += strspn(text, " ");
        if (*text)
            out[size++] = '\n';
    }
    out[size] = '\0';
    return out;
}

static char *dashes(int width)
{
    char *out = table_must(malloc((size_t)width * strlen("─") + 1));
    out[0] = '\0';
    for (char *end = out; width > 0; width--)
        end = stpcpy(end, "─");
    return out;
}

// The cell's text as it fits into its column; to be freed.
static char *fitted(const struct table *table, size_t row, size_t column, int width)
{
    const struct table_cell *cell = &table->rows[row].cells[column];
    unsigned flags = table->columns[column].flags;
    char *text = clean_copy(cell->text ? cell->text : "");
    char *changed = NULL;
    width -= branch_width(table, row, column);
    if (text_width(text) > width && flags & TABLE_WRAP)
        changed = wrapped(text, width);
    else if (text_width(text) > width && flags & TABLE_TRUNCATE)
        changed = truncated(text, width);
    if (changed)
        free(text);
    return changed ? changed : text;
}

// ---- drawing ----

static void add_column(struct libscols_table *screen, const struct table_column *column, int width)
{
    int flags = 0;
    flags |= column->flags & TABLE_RIGHT ? SCOLS_FL_RIGHT : 0;
    flags |= column->flags & TABLE_WRAP ? SCOLS_FL_WRAP : 0;
    flags |= column->flags & TABLE_TREE ? SCOLS_FL_TREE : 0;
    // Texts fit already; what libsmartcols could cut off is a terminal narrower than any table.
    flags |= column->flags & TABLE_TRUNCATE ? SCOLS_FL_TRUNC : 0;
    const char *header = *column->header ? _(column->header) : "";
    bool cut = text_width(header) > width && column->flags & TABLE_TRUNCATE;
    char *name = cut ? truncated(header, width) : clean_copy(header);
    struct libscols_column *drawn = table_must(scols_table_new_column(screen, name, 0, flags));
    if (column->flags & TABLE_WRAP) {
        scols_column_set_wrapfunc(drawn, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL);
        scols_column_set_safechars(drawn, "\n");
    }
    free(name);
}

static void fill_line(const struct table *table, size_t row, const struct layout *layout,
                      struct libscols_line *line)
{
    size_t at = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        if (layout->widths[i] == 0)
            continue;
        enum table_colour colour = table->rows[row].cells[i].colour;
        scols_line_refer_data(line, at,
                              table->rows[row].rule ? dashes(layout->widths[i])
                                                    : fitted(table, row, i, layout->widths[i]));
        if (colour != TABLE_PLAIN)
            scols_cell_set_color(scols_line_get_cell(line, at), terminal_escape(colour));
        at++;
    }
}

static struct libscols_table *build(const struct table *table, FILE *stream)
{
    struct layout layout = lay_out(table);
    struct libscols_table *screen = table_must(scols_new_table());
    scols_table_set_stream(screen, stream);
    scols_table_set_termforce(screen, SCOLS_TERMFORCE_ALWAYS);
    scols_table_set_termwidth(screen, (size_t)terminal_width());
    scols_table_enable_colors(screen, terminal_colour());
    for (size_t i = 0; i < table->column_count; i++) {
        if (layout.widths[i] > 0)
            add_column(screen, &table->columns[i], layout.widths[i]);
    }
    struct libscols_line **lines = table_must(calloc(table->row_count + 1, sizeof *lines));
    for (size_t i = 0; i < table->row_count; i++) {
        size_t parent = table->rows[i].parent;
        lines[i] = table_must(
            scols_table_new_line(screen, parent == TABLE_NO_PARENT ? NULL : lines[parent]));
        fill_line(table, i, &layout, lines[i]);
    }
    free(lines);
    free(layout.widths);
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
    FILE *memory = table_must(open_memstream(&text, &size));
    table_drop_decimals(table);
    struct libscols_table *screen = build(table, memory);
    scols_print_table(screen);
    scols_unref_table(screen);
    fclose(memory);
    print_trimmed(text, stream);
    free(text);
}
