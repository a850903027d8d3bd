#include "client/lib/import.h"

#include "client/lib/csv_reader.h"
#include "client/lib/import_call.h"
#include "client/lib/import_memory.h"
#include "client/lib/import_planned.h"
#include "client/lib/import_rejects.h"
#include "client/lib/import_row.h"
#include "client/lib/session.h"
#include "common/arena.h"
#include "common/i18n.h"
#include "tiejun/v1/frame.pb-c.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// A batch is sent when it has this many rows or bytes; a frame takes 1 MiB.
#define BATCH_ROWS 1000
#define BATCH_BYTES ((size_t)512 << 10)
// What the rows of one batch may take here, the worst case included: one row of CSV_RECORD_MAX
// whose columns are used again and again.
#define BATCH_MEMORY ((size_t)64 << 20)
#define BATCHES_IN_FLIGHT 3
#define TRIES_MAX 6
// How often a batch that was refused as a whole is sent again in halves to find the row at fault.
// More than this in one file is no fault of rows.
#define SPLITS_MAX 200

#define CHANGE(name) TIEJUN__V1__RECORD_CHANGE__RECORD_CHANGE_##name

struct item {
    int64_t line;
    // The record as it was read, for the rejects.
    const char **fields;
    size_t field_count;
    struct import_row row;
    Tiejun__V1__RecordChange change;
    const char *reason;
};

// Rows in their order, from reading to the account of them.
struct batch {
    struct arena *arena;
    struct item items[BATCH_ROWS];
    size_t count;
    size_t bytes;
    // Requests about it that were not answered yet.
    size_t pending;
    struct batch *next;
};

// A request on its way: the first messages, or the signings, of a part of a batch.
struct request {
    struct batch *batch;
    size_t first;
    size_t end;
    bool signings;
    int tries;
    uint64_t id;
    struct request *next;
};

struct import {
    struct import_settings settings;
    struct import_planned *planned;
    // Of the file under way.
    struct mapping_section *section;
    struct csv_reader *reader;
    struct import_rejects rejects;
    struct import_counts *counts;
    struct batch *oldest;
    struct batch *newest;
    size_t batches;
    struct request *requests;
    int splits;
    bool broken;
    char *error;
    size_t error_size;
};

struct import *import_new(const struct import_settings *settings)
{
    struct import *import = import_must(calloc(1, sizeof *import));
    import->settings = *settings;
    import->planned = import_planned_new();
    return import;
}

void import_free(struct import *import)
{
    if (import == NULL)
        return;
    import_planned_free(import->planned);
    free(import);
}

static void break_off(struct import *import, const char *why)
{
    if (!import->broken)
        snprintf(import->error, import->error_size, "%s", why);
    import->broken = true;
}

static void add_batch(struct import *import)
{
    struct batch *batch = import_must(calloc(1, sizeof *batch));
    batch->arena = import_must(arena_new(BATCH_MEMORY));
    if (import->newest != NULL)
        import->newest->next = batch;
    else
        import->oldest = batch;
    import->newest = batch;
    import->batches++;
}

static void refuse_item(struct batch *batch, struct item *item, const char *reason)
{
    item->change = CHANGE(REFUSED);
    item->reason = import_must(arena_strdup(batch->arena, reason));
}

// What a row came to, after what it had come to by an earlier message of it.
static Tiejun__V1__RecordChange combine(Tiejun__V1__RecordChange before,
                                        Tiejun__V1__RecordChange now)
{
    if (before == CHANGE(UNSPECIFIED) || now == CHANGE(REFUSED))
        return now;
    if (before == CHANGE(KNOWN) && now != CHANGE(KNOWN))
        return CHANGE(UPDATED);
    return before;
}

static void account(struct import *import, const struct item *item)
{
    struct import_counts *counts = import->counts;
    counts->rows++;
    switch (item->change) {
    case CHANGE(ADDED):
        counts->added++;
        return;
    case CHANGE(UPDATED):
        counts->updated++;
        return;
    case CHANGE(KNOWN):
        counts->known++;
        return;
    default:
        counts->refused++;
        import_rejects_add(&import->rejects, item->line, item->reason, item->fields,
                           item->field_count);
    }
}

static void free_oldest(struct import *import)
{
    struct batch *batch = import->oldest;
    import->oldest = batch->next;
    if (import->oldest == NULL)
        import->newest = NULL;
    import->batches--;
    arena_free(batch->arena);
    free(batch);
}

// Closes the account of batches that are done, in the order of the file.
static void settle(struct import *import)
{
    while (import->oldest != NULL && import->oldest->pending == 0 && !import->broken) {
        for (size_t i = 0; i < import->oldest->count; i++)
            account(import, &import->oldest->items[i]);
        free_oldest(import);
    }
    uint64_t done;
    uint64_t total;
    csv_reader_progress(import->reader, &done, &total);
    if (import->settings.progress != NULL)
        import->settings.progress(import->settings.context, done, total);
}

// A signing is sent for a deal that is in. A rehearsal cannot ask about one that is not.
static bool has_signing(const struct import *import, const struct item *item)
{
    if (item->row.signing == NULL || item->change == CHANGE(REFUSED))
        return false;
    return !import->settings.dry_run || item->change != CHANGE(ADDED);
}

// The messages of a request, each with the item that it belongs to. Gives the same for as long as
// the request was not answered.
static size_t list_messages(const struct import *import, const struct request *request,
                            ProtobufCMessage **messages, struct item **items)
{
    size_t count = 0;
    for (size_t i = request->first; i < request->end; i++) {
        struct item *item = &request->batch->items[i];
        for (size_t j = 0; j < item->row.count && !request->signings; j++) {
            items[count] = item;
            messages[count++] = item->row.messages[j];
        }
        if (request->signings && has_signing(import, item)) {
            items[count] = item;
            messages[count++] = item->row.signing;
        }
    }
    return count;
}

static enum mapping_kind kind_of(const struct import *import, const struct request *request)
{
    return request->signings ? MAPPING_FACT : mapping_section_kind(import->section);
}

static void refuse_request(struct import *import, const struct request *request, const char *reason)
{
    ProtobufCMessage *messages[BATCH_ROWS * IMPORT_ROW_MESSAGES];
    struct item *items[BATCH_ROWS * IMPORT_ROW_MESSAGES];
    size_t count = list_messages(import, request, messages, items);
    for (size_t i = 0; i < count; i++)
        refuse_item(request->batch, items[i], reason);
}

static void send_range(struct import *import, struct batch *batch, size_t first, size_t end,
                       bool signings);

// Some row spoils the whole request: finds it by halves.
static void split_or_refuse(struct import *import, const struct request *request,
                            const char *reason)
{
    if (request->end - request->first <= 1 || import->splits >= SPLITS_MAX) {
        refuse_request(import, request, reason);
        return;
    }
    import->splits++;
    size_t middle = request->first + (request->end - request->first) / 2;
    send_range(import, request->batch, request->first, middle, request->signings);
    send_range(import, request->batch, middle, request->end, request->signings);
}

// Takes the request over.
static void send_request(struct import *import, struct request *request)
{
    ProtobufCMessage *messages[BATCH_ROWS * IMPORT_ROW_MESSAGES];
    struct item *items[BATCH_ROWS * IMPORT_ROW_MESSAGES];
    size_t count = list_messages(import, request, messages, items);
    struct session_error error = {0};
    enum mapping_kind kind = kind_of(import, request);
    const ProtobufCMessage *message =
        import_call_request(kind, messages, count, import->settings.dry_run, request->batch->arena);
    if (count > 0 && !import->broken &&
        session_send(import->settings.session, import_call_method(kind), message, &request->id,
                     &error)) {
        request->next = import->requests;
        import->requests = request;
        request->batch->pending++;
        return;
    }
    if (error.status != 0)
        split_or_refuse(import, request, error.message);
    else if (count > 0)
        break_off(import, error.message);
    free(request);
}

static void send_range(struct import *import, struct batch *batch, size_t first, size_t end,
                       bool signings)
{
    struct request *request = import_must(calloc(1, sizeof *request));
    *request = (struct request){.batch = batch, .first = first, .end = end, .signings = signings};
    send_request(import, request);
}

static void take_outcome(struct import *import, const struct request *request, struct item *item,
                         const ProtobufCMessage *message, const struct import_outcome *outcome)
{
    Tiejun__V1__RecordChange change = outcome->change;
    if (import->settings.dry_run && change == CHANGE(REFUSED) &&
        import_planned_explains(import->planned, message, outcome->field))
        change = CHANGE(ADDED);
    if (item->change == CHANGE(REFUSED))
        return;
    item->change = combine(item->change, change);
    if (item->change == CHANGE(REFUSED))
        refuse_item(request->batch, item, outcome->message);
    else if (import->settings.dry_run)
        import_planned_add(import->planned, message);
}

static void take_answer(struct import *import, const struct request *request,
                        const ProtobufCMessage *response)
{
    ProtobufCMessage *messages[BATCH_ROWS * IMPORT_ROW_MESSAGES];
    struct item *items[BATCH_ROWS * IMPORT_ROW_MESSAGES];
    struct import_outcome outcomes[BATCH_ROWS * IMPORT_ROW_MESSAGES];
    size_t count = list_messages(import, request, messages, items);
    if (!import_call_outcomes(response, outcomes, count)) {
        break_off(import, _("The daemon's answer does not fit the rows that were sent."));
        return;
    }
    for (size_t i = 0; i < count; i++)
        take_outcome(import, request, items[i], messages[i], &outcomes[i]);
    if (!request->signings)
        send_range(import, request->batch, request->first, request->end, true);
}

static bool worth_another_try(const struct session_error *error)
{
    return error->status == TIEJUN__V1__STATUS__STATUS_BUSY ||
           error->status == TIEJUN__V1__STATUS__STATUS_UNAVAILABLE ||
           error->status == TIEJUN__V1__STATUS__STATUS_CONFLICT;
}

static bool may_be_one_row(const struct session_error *error)
{
    return error->status == TIEJUN__V1__STATUS__STATUS_INVALID ||
           error->status == TIEJUN__V1__STATUS__STATUS_NOT_FOUND ||
           error->status == TIEJUN__V1__STATUS__STATUS_CONFLICT ||
           error->status == TIEJUN__V1__STATUS__STATUS_INTERNAL;
}

static void wait_a_little(const struct session_error *error, int tries)
{
    long ms = error->retry_after_ms > 0 ? (long)error->retry_after_ms : 50L << tries;
    if (ms > 5000)
        ms = 5000;
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

// Takes the request over.
static void take_refusal(struct import *import, struct request *request,
                         const struct session_error *error)
{
    if (worth_another_try(error) && request->tries < TRIES_MAX) {
        wait_a_little(error, request->tries++);
        send_request(import, request);
        return;
    }
    if (may_be_one_row(error))
        split_or_refuse(import, request, error->message);
    else
        refuse_request(import, request, error->message);
    free(request);
}

static struct request *find_request(struct import *import, uint64_t id)
{
    for (struct request **at = &import->requests; *at != NULL; at = &(*at)->next) {
        if ((*at)->id != id)
            continue;
        struct request *request = *at;
        *at = request->next;
        return request;
    }
    return NULL;
}

static void receive_one(struct import *import)
{
    struct arena *arena = import_must(arena_new(SESSION_ARENA_BUDGET));
    uint64_t id = 0;
    ProtobufCMessage *response = NULL;
    struct session_error error = {0};
    enum session_result result =
        session_receive(import->settings.session, arena, &id, &response, &error);
    struct request *request = result != SESSION_BROKEN ? find_request(import, id) : NULL;
    if (request == NULL) {
        break_off(import, result == SESSION_BROKEN
                              ? error.message
                              : _("The daemon answered a question that was not asked."));
    } else {
        struct batch *batch = request->batch;
        if (result == SESSION_OK) {
            take_answer(import, request, response);
            free(request);
        } else {
            take_refusal(import, request, &error);
        }
        // Only now, so that the batch is not settled before what follows from the answer was sent.
        batch->pending--;
    }
    arena_free(arena);
    settle(import);
}

static void receive_until(struct import *import, size_t batches)
{
    while (import->batches > batches && !import->broken) {
        size_t before = import->batches;
        if (session_in_flight(import->settings.session) > 0)
            receive_one(import);
        else
            settle(import);
        if (import->batches == before && import->requests == NULL && !import->broken)
            break_off(import, _("An answer of the daemon is missing."));
    }
}

static void send_newest(struct import *import)
{
    if (import->newest == NULL || import->broken)
        return;
    send_range(import, import->newest, 0, import->newest->count, false);
    receive_until(import, BATCHES_IN_FLIGHT);
}

static void keep_fields(struct batch *batch, struct item *item, const struct csv_record *record)
{
    item->field_count = record->count;
    item->fields = import_must(arena_alloc(batch->arena, (record->count + 1) * sizeof(char *)));
    for (size_t i = 0; i < record->count; i++)
        item->fields[i] = import_must(arena_strdup(batch->arena, record->fields[i]));
}

static void add_record(struct import *import, const struct csv_record *record)
{
    struct batch *batch = import->newest;
    struct item *item = &batch->items[batch->count++];
    char reason[512];
    item->line = record->line;
    keep_fields(batch, item, record);
    if (!import_row_make(import->section, record, batch->arena, &item->row, reason,
                         sizeof reason)) {
        item->row = (struct import_row){.count = 0};
        refuse_item(batch, item, reason);
    }
    for (size_t i = 0; i < item->row.count; i++)
        batch->bytes += protobuf_c_message_get_packed_size(item->row.messages[i]);
}

static enum csv_result send_rows(struct import *import)
{
    struct csv_record record = {0};
    enum csv_result result = CSV_END;
    bool under_way = false;
    while (!import->broken && (result = csv_reader_next(import->reader, &record)) == CSV_RECORD) {
        if (!under_way)
            add_batch(import);
        add_record(import, &record);
        const struct batch *batch = import->newest;
        under_way = batch->count < BATCH_ROWS && batch->bytes < BATCH_BYTES &&
                    arena_used(batch->arena) < 4 * BATCH_BYTES;
        if (!under_way)
            send_newest(import);
    }
    if (under_way)
        send_newest(import);
    receive_until(import, 0);
    return result;
}

static void release(struct import *import)
{
    while (import->oldest != NULL)
        free_oldest(import);
    while (import->requests != NULL) {
        struct request *request = import->requests;
        import->requests = request->next;
        free(request);
    }
    csv_reader_close(import->reader);
    import->reader = NULL;
}

static enum import_result finish(struct import *import, enum csv_result read, const char *path)
{
    if (read == CSV_FAILED)
        snprintf(import->error, import->error_size, "%s: %s", path,
                 csv_reader_error(import->reader));
    bool written = import_rejects_close(&import->rejects);
    if (!written && read != CSV_FAILED && !import->broken)
        snprintf(import->error, import->error_size, _("%s cannot be written: %s."),
                 import->rejects.path, strerror(import->rejects.failure));
    release(import);
    if (import->broken)
        return IMPORT_BROKEN;
    return read == CSV_FAILED || !written ? IMPORT_UNREADABLE : IMPORT_DONE;
}

static struct csv_reader *open_bound(struct mapping_section *section, const char *path, char *error,
                                     size_t error_size)
{
    const struct csv_settings settings = mapping_section_csv(section);
    struct csv_reader *reader = csv_reader_open(path, &settings, error, error_size);
    if (reader == NULL || mapping_bind(section, reader, path, error, error_size))
        return reader;
    csv_reader_close(reader);
    return NULL;
}

bool import_check(struct mapping_section *section, const char *path, char *error, size_t error_size)
{
    struct csv_reader *reader = open_bound(section, path, error, error_size);
    csv_reader_close(reader);
    return reader != NULL;
}

enum import_result import_file(struct import *import, struct mapping_section *section,
                               const char *path, const char *rejects_path,
                               struct import_counts *counts, char *error, size_t error_size)
{
    *counts = (struct import_counts){0};
    import->reader = open_bound(section, path, error, error_size);
    if (import->reader == NULL)
        return IMPORT_UNREADABLE;
    import->section = section;
    import->counts = counts;
    import->splits = 0;
    import->error = error;
    import->error_size = error_size;
    import->rejects = (struct import_rejects){.path = rejects_path, .source = path};
    import->rejects.columns = csv_reader_columns(import->reader, &import->rejects.column_count);
    import->rejects.with_mark = csv_reader_wants_mark(import->reader);
    return finish(import, send_rows(import), path);
}
