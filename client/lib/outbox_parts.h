// What an outbox is made of; for outbox.c and outbox_store.c alone.
#pragma once

#include "client/lib/database.h"
#include "client/lib/outbox.h"

struct outbox {
    struct database database;
    char *lock_path;
    int lock;
    // What was there when it was opened is on disk.
    bool is_on_disk;
};

// A column's message, in the arena; NULL where the column is NULL, or does not hold such a message.
void *outbox_column_message(sqlite3_stmt *statement, int column, struct arena *arena,
                            const ProtobufCMessageDescriptor *descriptor);
// A column of boot (device_clock.h).
void outbox_column_boot(sqlite3_stmt *statement, int column, char boot[UUID_TEXT_SIZE]);
