// A set of rows of which the copy (copy.h) is kept by change cursor: the daemon compares what is
// here with what there is, and sends the parts that differ (CustomerService.Changes). Each page of
// that is taken in with its cursor in one transaction: a program that ends in between goes on from
// there.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct copy;

struct copy_row {
    // What it is known by in its set, and sorted by, bytewise.
    const char *key;
    int32_t part;
    const ProtobufCMessage *message;
};

struct copy_page {
    const struct copy_row *rows;
    size_t count;
    // These, or with whole all, are taken out before the rows are put in.
    const int32_t *parts;
    size_t part_count;
    bool whole;
    // For the next page; NULL leaves the one that is kept.
    const char *cursor;
    // Others follow: the set is not up to date yet.
    bool more;
};

// The cursor of a set, in the arena; NULL when nothing of it is kept.
char *copy_set_cursor(struct copy *copy, const char *set, struct arena *arena);

// Takes a page in; the last one makes the set as of now. False when it cannot be kept.
bool copy_set_take(struct copy *copy, const char *set, const struct copy_page *page);

// When the set was last up to date, in nanoseconds since 1970 by the device's clock. False when it
// never was.
bool copy_set_came(struct copy *copy, const char *set, int64_t *came_ns);

// The rows of a set that was up to date once, by their keys, in the arena. False when there is
// none.
bool copy_set_rows(struct copy *copy, const char *set, bool descending,
                   const ProtobufCMessageDescriptor *descriptor, struct arena *arena,
                   ProtobufCMessage ***rows, size_t *count);
