// tiejun import, tiejun org import: CSV files of another program, by a mapping file.

#include "client/cli/command.h"
#include "client/cli/context.h"
#include "client/cli/say.h"
#include "client/lib/import.h"
#include "client/lib/import_when.h"
#include "client/lib/render.h"
#include "client/lib/session.h"
#include "client/lib/table.h"
#include "common/arena.h"
#include "common/i18n.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 64
#define REJECTS_SUFFIX ".rejects.csv"
#define BAR_CELLS 30

static const struct option_spec import_options[] = {
    {.name = "map",
     .kind = OPTION_STRING,
     .argument = N_("MAP"),
     .help = N_("The mapping file: which column is what")},
    {.name = "dry-run",
     .kind = OPTION_FLAG,
     .help = N_("Say what would happen and change nothing")},
    {.name = "rejects",
     .kind = OPTION_STRING,
     .argument = N_("FILE"),
     .help = N_("Where refused rows go; FILE.rejects.csv here when left out")},
    {.name = "fields", .kind = OPTION_FLAG, .help = N_("List what a mapping file can fill in")},
    {.name = NULL},
};

// One file of the command line, and what came of it.
struct job {
    const char *path;
    struct mapping_section *section;
    const char *rejects_path;
    struct import_counts counts;
    enum import_result result;
    bool begun;
    char error[1024];
};

struct plan {
    struct context *context;
    struct mapping *mapping;
    struct job jobs[FILES_MAX];
    size_t count;
    bool dry_run;
    // Of the bar of progress: the file under way, and what the bar shows, -1 for nothing.
    const struct job *job;
    int percent;
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

// ---- the fields ----

static int print_fields(struct context *context)
{
    static const struct table_column columns[] = {{"is", N_("is ="), 0},
                                                  {"field", N_("Field"), 0},
                                                  {"meaning", N_("What it means"), TABLE_WRAP},
                                                  {NULL, NULL, 0}};
    struct table *table = table_new(columns);
    for (int kind = 0; kind < MAPPING_KINDS; kind++) {
        const struct mapping_field *field = mapping_fields((enum mapping_kind)kind);
        for (; field->name != NULL; field++) {
            size_t row = table_add(table);
            table_set(table, row, 0, mapping_kind_name((enum mapping_kind)kind));
            table_set(table, row, 1, field->name);
            table_set(table, row, 2, _(field->help));
            if (field->required)
                table_set_colour(table, row, 1, TABLE_BOLD);
        }
    }
    context_print_table(context, table);
    say(context, _("A section of a mapping file has lines FIELD = TEXT with {column} in it, "
                   "default.FIELD = TEXT for empty ones, and alias.FIELD.VALUE = VALUE."));
    return COMMAND_DONE;
}

// ---- what is to be done ----

static const char *rejects_path(struct context *context, const struct options *options,
                                const char *path)
{
    const char *given = options_string(options, "rejects");
    if (given != NULL && options->argument_count > 1)
        refuse_usage(_("--rejects is for one file; without it each file has rejects of its own."));
    if (given != NULL)
        return given;
    return arena_printf(context_arena(context), "%s" REJECTS_SUFFIX, base_name(path));
}

static void check_zone(const struct mapping_section *section)
{
    const char *zone = mapping_time_zone(section);
    if (zone != NULL && !when_zone_known(zone))
        refuse(_("Write it as Asia/Shanghai."), _("There is no time zone \"%s\"."), zone);
}

static void add_job(struct plan *plan, const struct options *options, const char *path)
{
    char error[1024];
    if (plan->count == FILES_MAX)
        refuse_usage(_("At most %d files in one command."), FILES_MAX);
    struct job *job = &plan->jobs[plan->count++];
    job->path = path;
    job->rejects_path = rejects_path(plan->context, options, path);
    job->section = mapping_section_for(plan->mapping, path, error, sizeof error);
    if (job->section == NULL || !import_check(job->section, path, error, sizeof error))
        refuse(NULL, "%s", error);
    check_zone(job->section);
}

// Units and people before customers, those before deals, deals before facts; else as they were
// given.
static void sort_jobs(struct plan *plan)
{
    for (size_t i = 1; i < plan->count; i++) {
        struct job job = plan->jobs[i];
        size_t at = i;
        for (; at > 0 &&
               mapping_section_kind(plan->jobs[at - 1].section) > mapping_section_kind(job.section);
             at--)
            plan->jobs[at] = plan->jobs[at - 1];
        plan->jobs[at] = job;
    }
}

// ---- doing it ----

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    struct plan *plan = context;
    char bar[BAR_CELLS * 4 + 1];
    if (plan->percent < -1 || total == 0)
        return;
    int percent = (int)(done * 100 / total);
    if (percent == plan->percent)
        return;
    plan->percent = percent;
    fprintf(stderr, "\r\033[K%s %3d%% %.40s",
            render_bar((int64_t)done, (int64_t)total, BAR_CELLS, bar, sizeof bar), percent,
            base_name(plan->job->path));
    fflush(stderr);
}

static void run_jobs(struct plan *plan)
{
    bool bar = isatty(STDERR_FILENO) == 1 && context_mode(plan->context) != OUTPUT_JSON;
    const struct import_settings settings = {
        .session = context_session(plan->context),
        .dry_run = plan->dry_run,
        .progress = bar ? show_progress : NULL,
        .context = plan,
    };
    struct import *import = import_new(&settings);
    for (size_t i = 0; i < plan->count; i++) {
        struct job *job = &plan->jobs[i];
        plan->job = job;
        plan->percent = -1;
        job->begun = true;
        job->result = import_file(import, job->section, job->path, job->rejects_path, &job->counts,
                                  job->error, sizeof job->error);
        if (job->result == IMPORT_BROKEN)
            break;
    }
    if (bar)
        fputs("\r\033[K", stderr);
    import_free(import);
}

// ---- saying what came of it ----

static void set_counts(struct table *table, size_t row, const struct import_counts *counts)
{
    const int64_t numbers[] = {counts->rows, counts->added, counts->updated, counts->known,
                               counts->refused};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        table_set_count(table, row, i + 1, numbers[i]);
    if (counts->refused > 0)
        table_set_colour(table, row, 5, TABLE_BAD);
}

static void add_counts(struct import_counts *sum, const struct import_counts *counts)
{
    sum->rows += counts->rows;
    sum->added += counts->added;
    sum->updated += counts->updated;
    sum->known += counts->known;
    sum->refused += counts->refused;
}

static void print_counts(const struct plan *plan)
{
    static const struct table_column columns[] = {
        {"file", N_("File"), TABLE_TRUNCATE},
        {"rows", N_("Rows"), TABLE_RIGHT},
        {"added", N_("Added"), TABLE_RIGHT},
        {"updated", N_("Updated"), TABLE_RIGHT},
        {"known", N_("Known"), TABLE_RIGHT},
        {"refused", N_("Refused"), TABLE_RIGHT},
        {NULL, NULL, 0},
    };
    struct table *table = table_new(columns);
    struct import_counts sum = {0};
    for (size_t i = 0; i < plan->count; i++) {
        size_t row = table_add(table);
        table_set(table, row, 0, base_name(plan->jobs[i].path));
        set_counts(table, row, &plan->jobs[i].counts);
        add_counts(&sum, &plan->jobs[i].counts);
    }
    if (plan->count > 1 && context_mode(plan->context) == OUTPUT_TABLE)
        set_counts(table, table_add_total(table, 0), &sum);
    context_print_table(plan->context, table);
}

static void print_json(const struct plan *plan)
{
    json_t *files = json_array();
    for (size_t i = 0; i < plan->count; i++) {
        const struct job *job = &plan->jobs[i];
        const struct import_counts *c = &job->counts;
        json_t *file = json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "file", job->path, "rows",
                                 (json_int_t)c->rows, "added", (json_int_t)c->added, "updated",
                                 (json_int_t)c->updated, "known", (json_int_t)c->known, "refused",
                                 (json_int_t)c->refused);
        if (c->refused > 0)
            json_object_set_new(file, "rejects", json_string(job->rejects_path));
        if (job->result != IMPORT_DONE)
            json_object_set_new(file, "error", json_string(job->error));
        json_array_append_new(files, file);
    }
    json_t *all = json_pack("{s:b, s:o}", "dryRun", plan->dry_run, "files", files);
    json_dumpf(all, stdout, JSON_INDENT(2));
    fputc('\n', stdout);
    json_decref(all);
}

static void say_results(const struct plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct job *job = &plan->jobs[i];
        if (job->counts.refused > 0 && job->result == IMPORT_DONE)
            say(plan->context, _("Refused rows of %s, with line and reason: %s"),
                base_name(job->path), job->rejects_path);
    }
    if (plan->dry_run)
        say(plan->context, _("This was a rehearsal: nothing was changed."));
}

static int print_results(const struct plan *plan)
{
    if (context_mode(plan->context) == OUTPUT_JSON)
        print_json(plan);
    else
        print_counts(plan);
    say_results(plan);
    fflush(stdout);
    int code = COMMAND_DONE;
    for (size_t i = 0; i < plan->count; i++) {
        const struct job *job = &plan->jobs[i];
        if (job->begun && job->result != IMPORT_DONE)
            fprintf(stderr, "tiejun: %s\n", job->error);
        if (job->result == IMPORT_BROKEN) {
            fprintf(stderr, "  %s\n",
                    _("Run the same command again: what is in already is known by its id."));
            code = COMMAND_UNREACHABLE;
        }
        if (code == COMMAND_DONE && (job->result != IMPORT_DONE || job->counts.refused > 0))
            code = COMMAND_REFUSED;
    }
    return code;
}

// ---- the commands ----

static struct plan *make_plan(struct context *context, const struct options *options)
{
    char error[1024];
    const char *map = options_string(options, "map");
    if (options->argument_count == 0)
        refuse_usage(_("Name the files to import: tiejun import FILE... --map MAP"));
    if (map == NULL)
        refuse_usage(
            _("Name the mapping file: --map MAP. What it can say: tiejun import --fields"));
    struct plan *plan = arena_alloc(context_arena(context), sizeof *plan);
    if (plan == NULL)
        abort();
    plan->context = context;
    plan->dry_run = options_flag(options, "dry-run");
    plan->mapping = mapping_load(map, error, sizeof error);
    if (plan->mapping == NULL)
        refuse(NULL, "%s", error);
    for (size_t i = 0; i < options->argument_count; i++)
        add_job(plan, options, options->arguments[i]);
    sort_jobs(plan);
    return plan;
}

static int run_plan(struct plan *plan)
{
    run_jobs(plan);
    int code = print_results(plan);
    mapping_free(plan->mapping);
    return code;
}

static int run_import(struct context *context, const struct options *options)
{
    if (options_flag(options, "fields"))
        return print_fields(context);
    return run_plan(make_plan(context, options));
}

static int run_org_import(struct context *context, const struct options *options)
{
    if (options_flag(options, "fields"))
        return print_fields(context);
    struct plan *plan = make_plan(context, options);
    for (size_t i = 0; i < plan->count; i++) {
        if (mapping_section_kind(plan->jobs[i].section) != MAPPING_ORG)
            refuse(_("For other files: tiejun import FILE... --map MAP"),
                   _("%s is not about units and people by the mapping file."), plan->jobs[i].path);
    }
    return run_plan(plan);
}

const struct command import_commands[] = {
    {.noun = "import",
     .summary = N_("Bring in CSV files of another program"),
     .usage = N_("FILE... --map MAP [--dry-run] [--rejects FILE]"),
     .example = "tiejun import --fields\n"
                "tiejun import teams.csv deals.csv --map our_crm.map --dry-run",
     .options = import_options,
     .arguments_max = FILES_MAX,
     .run = run_import},
    {.noun = "org",
     .verb = "import",
     .summary = N_("Bring in units and people from CSV files"),
     .usage = N_("FILE... --map MAP [--dry-run] [--rejects FILE]"),
     .example = "tiejun org import teams.csv --map our_crm.map",
     .options = import_options,
     .arguments_max = FILES_MAX,
     .run = run_org_import},
    {.noun = NULL},
};
