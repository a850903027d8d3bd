#include "tests/sim/disk.h"

#include "tests/sim/disk_parts.h"
#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DISKS_MOST 16

static struct disk *disks[DISKS_MOST];
static struct disk *pattern;

// ---- images ----

static void image_reserve(struct image *image, size_t size)
{
    if (size <= image->capacity)
        return;
    image->capacity = size * 2;
    image->data = realloc(image->data, image->capacity);
    if (!image->data)
        abort();
}

void image_resize(struct image *image, size_t size)
{
    image_reserve(image, size);
    if (size > image->size)
        memset(image->data + image->size, 0, size - image->size);
    image->size = size;
}

void image_write(struct image *image, size_t from, const void *data, size_t size)
{
    if (size == 0)
        return;
    if (from > image->size)
        image_resize(image, from);
    image_reserve(image, from + size);
    memcpy(image->data + from, data, size);
    if (from + size > image->size)
        image->size = from + size;
}

void file_note_written(struct file *file, size_t from, size_t to)
{
    bool first = file->written_to == 0;
    file->written_from = first || from < file->written_from ? from : file->written_from;
    file->written_to = to > file->written_to ? to : file->written_to;
}

void file_settle(struct file *file)
{
    size_t from = file->written_from;
    size_t to = file->written_to < file->now.size ? file->written_to : file->now.size;
    if (from < to)
        image_write(&file->synced, from, file->now.data + from, to - from);
    image_resize(&file->synced, file->now.size);
    file->written_from = file->written_to = 0;
}

// SQLite finds out by itself how much of its log was written.
static bool is_log(const struct file *file)
{
    size_t length = strlen(file->name);
    return length > 4 && strcmp(file->name + length - 4, "-wal") == 0;
}

// Each sector is as it was synced or as it was written, and so is the length.
static void tear(struct world *world, struct file *file)
{
    struct image *now = &file->now;
    const struct image *synced = &file->synced;
    file_note_written(file, 0, now->size);
    for (size_t start = 0; start < now->size; start += SECTOR) {
        if (world_chance(world, 50))
            continue;
        size_t size = now->size - start < SECTOR ? now->size - start : SECTOR;
        size_t kept = start >= synced->size         ? 0
                      : synced->size - start < size ? synced->size - start
                                                    : size;
        if (kept > 0)
            memcpy(now->data + start, synced->data + start, kept);
        memset(now->data + start + kept, 0, size - kept);
    }
    if (world_chance(world, 50) && synced->size > 0)
        image_resize(now, synced->size);
}

// ---- files ----

static void image_copy(struct image *image, const struct image *from)
{
    image->size = 0;
    image_write(image, 0, from->data, from->size);
}

void *file_region(struct file *file, size_t i)
{
    if (!file->regions[i])
        file->regions[i] = calloc(1, REGION_SIZE);
    if (!file->regions[i])
        abort();
    return file->regions[i];
}

// Their memory stays where it is: idle connections still point at it.
void file_drop_regions(struct file *file)
{
    for (size_t i = 0; i < REGIONS_MOST; i++) {
        if (file->regions[i])
            memset(file->regions[i], 0, REGION_SIZE);
    }
}

void file_remove(struct file *file)
{
    file->exists = false;
    image_resize(&file->now, 0);
    image_resize(&file->synced, 0);
    file->written_from = file->written_to = 0;
}

static void file_copy(struct file *file, const struct file *from)
{
    memcpy(file->name, from->name, sizeof file->name);
    file->exists = from->exists;
    image_copy(&file->now, &from->now);
    image_copy(&file->synced, &from->synced);
    file->written_from = from->written_from;
    file->written_to = from->written_to;
    for (size_t i = 0; i < REGIONS_MOST; i++) {
        if (from->regions[i])
            memcpy(file_region(file, i), from->regions[i], REGION_SIZE);
    }
}

// ---- disks ----

// The disk of that folder, which is one and the same in every run.
static struct disk *disk_for(const char *folder)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/", folder);
    for (size_t i = 0; i < DISKS_MOST; i++) {
        if (disks[i] && strcmp(disks[i]->folder, path) == 0)
            return disks[i];
        if (!disks[i]) {
            disks[i] = calloc(1, sizeof *disks[i]);
            if (!disks[i])
                abort();
            memcpy(disks[i]->folder, path, sizeof path);
            return disks[i];
        }
    }
    abort();
}

struct disk *disk_format(struct world *world, const char *folder)
{
    struct disk *disk = disk_for(folder);
    disk_stop(disk, false);
    disk_restart(disk);
    disk->world = world;
    disk->full = false;
    disk->damaged = false;
    for (size_t i = 0; i < FILES_MOST && pattern; i++)
        file_copy(&disk->files[i], &pattern->files[i]);
    return disk;
}

void disk_keep_pattern(const struct disk *disk)
{
    if (pattern)
        return;
    pattern = calloc(1, sizeof *pattern);
    if (!pattern)
        abort();
    for (size_t i = 0; i < FILES_MOST; i++)
        file_copy(&pattern->files[i], &disk->files[i]);
}

void disk_stop(struct disk *disk, bool power_cut)
{
    disk->stopped = true;
    disk->lost_power = power_cut;
    disk->life++;
    disk->fuse = 0;
    for (size_t i = 0; i < FILES_MOST && power_cut; i++) {
        struct file *file = &disk->files[i];
        disk->damaged = disk->damaged || (file->written_to > 0 && !is_log(file));
        tear(disk->world, file);
    }
}

// Memory that programs share is gone with the last of them.
void disk_restart(struct disk *disk)
{
    disk->stopped = false;
    for (size_t i = 0; i < FILES_MOST; i++)
        file_drop_regions(&disk->files[i]);
}

bool disk_lost_power(const struct disk *disk)
{
    return disk->lost_power;
}

bool disk_is_stopped(const struct disk *disk)
{
    return disk->stopped;
}

bool disk_works(const struct disk *disk)
{
    return !disk->stopped && !disk->full;
}

void disk_set_fuse(struct disk *disk, unsigned operations, bool power_cut)
{
    disk->fuse = operations;
    disk->fuse_cuts_power = power_cut;
}

void disk_set_full(struct disk *disk, bool full)
{
    disk->full = full;
}

// ---- by name ----

struct disk *disk_of(const char *path)
{
    for (size_t i = 0; i < DISKS_MOST; i++) {
        if (disks[i] && strncmp(path, disks[i]->folder, strlen(disks[i]->folder)) == 0)
            return disks[i];
    }
    return NULL;
}

struct file *disk_find(struct disk *disk, const char *path, bool make)
{
    const char *name = path + strlen(disk->folder);
    struct file *spare = NULL;
    for (size_t i = 0; i < FILES_MOST; i++) {
        struct file *file = &disk->files[i];
        if (strcmp(file->name, name) == 0)
            return file;
        if (!file->name[0] && !spare)
            spare = file;
    }
    if (spare && make)
        snprintf(spare->name, sizeof spare->name, "%s", name);
    return make ? spare : NULL;
}
