#include "tests/sim/disk.h"

#include "tests/sim/world.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECTOR 512
#define FILES_MOST 16
#define DISKS_MOST 16
#define REGIONS_MOST 8
#define REGION_SIZE 32768
#define PATH_SIZE 256
#define NAME_SIZE 32

struct image {
    uint8_t *data;
    size_t size;
    size_t capacity;
};

struct handle;

// now: what programs see; synced: what a power cut leaves at least.
struct file {
    // In the folder of its disk.
    char name[NAME_SIZE];
    bool exists;
    struct image now;
    struct image synced;
    // What was written since, from the first byte to behind the last.
    size_t written_from;
    size_t written_to;
    void *regions[REGIONS_MOST];
    struct handle *handles;
};

struct disk {
    struct world *world;
    char folder[PATH_SIZE];
    struct file files[FILES_MOST];
    // Handles of an earlier life are dead.
    uint64_t life;
    bool stopped;
    bool lost_power;
    // A power cut hit files while they were written, and nothing was opened since.
    bool damaged;
    bool full;
    unsigned fuse;
    bool fuse_cuts_power;
};

// What SQLite knows as an open file.
struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct file *file;
    uint64_t life;
    int lock;
    unsigned shared_locks;
    unsigned exclusive_locks;
    bool delete_on_close;
    struct handle *next;
};

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

static void image_resize(struct image *image, size_t size)
{
    image_reserve(image, size);
    if (size > image->size)
        memset(image->data + image->size, 0, size - image->size);
    image->size = size;
}

static void image_write(struct image *image, size_t from, const void *data, size_t size)
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

static void note_written(struct file *file, size_t from, size_t to)
{
    bool first = file->written_to == 0;
    file->written_from = first || from < file->written_from ? from : file->written_from;
    file->written_to = to > file->written_to ? to : file->written_to;
}

// What was written is on the disk for good.
static void settle(struct file *file)
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
    note_written(file, 0, now->size);
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

// ---- disks ----

static void image_copy(struct image *image, const struct image *from)
{
    image->size = 0;
    image_write(image, 0, from->data, from->size);
}

static void *new_region(struct file *file, size_t i)
{
    if (!file->regions[i])
        file->regions[i] = calloc(1, REGION_SIZE);
    if (!file->regions[i])
        abort();
    return file->regions[i];
}

// Their memory stays where it is: idle connections still point at it.
static void drop_regions(struct file *file)
{
    for (size_t i = 0; i < REGIONS_MOST; i++) {
        if (file->regions[i])
            memset(file->regions[i], 0, REGION_SIZE);
    }
}

static void file_remove(struct file *file)
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
            memcpy(new_region(file, i), from->regions[i], REGION_SIZE);
    }
}

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
        drop_regions(&disk->files[i]);
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

static bool is_dead(const struct handle *handle)
{
    return handle->life != handle->disk->life;
}

// Whether the handle's program still lives, after one more write or sync.
static bool lives_on(struct handle *handle)
{
    struct disk *disk = handle->disk;
    if (!is_dead(handle) && disk->fuse > 0 && --disk->fuse == 0)
        disk_stop(disk, disk->fuse_cuts_power);
    return !is_dead(handle);
}

// ---- files ----

static int file_read(sqlite3_file *base, void *out, int size, sqlite3_int64 offset)
{
    struct image *image = &((struct handle *)base)->file->now;
    if (is_dead((struct handle *)base))
        return SQLITE_IOERR_READ;
    size_t there = (size_t)offset >= image->size ? 0 : image->size - (size_t)offset;
    size_t count = there < (size_t)size ? there : (size_t)size;
    if (count > 0)
        memcpy(out, image->data + offset, count);
    memset((char *)out + count, 0, (size_t)size - count);
    return count == (size_t)size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int size, sqlite3_int64 offset)
{
    struct handle *handle = (struct handle *)base;
    struct image *image = &handle->file->now;
    if (!lives_on(handle))
        return SQLITE_IOERR_WRITE;
    size_t end = (size_t)offset + (size_t)size;
    if (handle->disk->full && end > image->size)
        return SQLITE_FULL;
    image_write(image, (size_t)offset, data, (size_t)size);
    note_written(handle->file, (size_t)offset, end);
    return SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = (struct handle *)base;
    if (!lives_on(handle))
        return SQLITE_IOERR_TRUNCATE;
    note_written(handle->file, (size_t)size, handle->file->now.size);
    image_resize(&handle->file->now, (size_t)size);
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct handle *handle = (struct handle *)base;
    (void)flags;
    if (!lives_on(handle))
        return SQLITE_IOERR_FSYNC;
    settle(handle->file);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    *size = (sqlite3_int64)((struct handle *)base)->file->now.size;
    return SQLITE_OK;
}

// Others' locks on the same file, of programs that live.
static bool others_hold(const struct handle *handle, int lock)
{
    for (struct handle *other = handle->file->handles; other; other = other->next) {
        if (other != handle && !is_dead(other) && other->lock >= lock)
            return true;
    }
    return false;
}

static int file_lock(sqlite3_file *base, int lock)
{
    struct handle *handle = (struct handle *)base;
    if (lock <= handle->lock)
        return SQLITE_OK;
    int forbidden = lock == SQLITE_LOCK_SHARED      ? SQLITE_LOCK_PENDING
                    : lock == SQLITE_LOCK_EXCLUSIVE ? SQLITE_LOCK_SHARED
                                                    : SQLITE_LOCK_RESERVED;
    if (others_hold(handle, forbidden))
        return SQLITE_BUSY;
    handle->lock = lock;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *base, int lock)
{
    ((struct handle *)base)->lock = lock;
    return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *base, int *reserved)
{
    *reserved = others_hold((struct handle *)base, SQLITE_LOCK_RESERVED);
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    (void)base;
    (void)operation;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *base)
{
    (void)base;
    return SECTOR;
}

static int file_characteristics(sqlite3_file *base)
{
    (void)base;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **memory)
{
    struct file *file = ((struct handle *)base)->file;
    if (region >= REGIONS_MOST || size != REGION_SIZE)
        return SQLITE_IOERR_SHMMAP;
    if (!file->regions[region] && extend)
        new_region(file, (size_t)region);
    *memory = file->regions[region];
    return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int offset, int count, int flags)
{
    struct handle *handle = (struct handle *)base;
    unsigned mask = ((1U << count) - 1) << offset;
    bool exclusive = flags & SQLITE_SHM_EXCLUSIVE;
    if (flags & SQLITE_SHM_UNLOCK) {
        handle->shared_locks &= ~mask;
        handle->exclusive_locks &= ~mask;
        return SQLITE_OK;
    }
    for (struct handle *other = handle->file->handles; other; other = other->next) {
        unsigned held = other->exclusive_locks | (exclusive ? other->shared_locks : 0);
        if (other != handle && !is_dead(other) && held & mask)
            return SQLITE_BUSY;
    }
    if (exclusive)
        handle->exclusive_locks |= mask;
    else
        handle->shared_locks |= mask;
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
    (void)base;
}

static int shm_unmap(sqlite3_file *base, int delete)
{
    struct handle *handle = (struct handle *)base;
    if (delete &&!is_dead(handle))
        drop_regions(handle->file);
    handle->shared_locks = handle->exclusive_locks = 0;
    return SQLITE_OK;
}

static int file_close(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    struct handle **place = &handle->file->handles;
    while (*place != handle)
        place = &(*place)->next;
    *place = handle->next;
    if (handle->delete_on_close && !is_dead(handle))
        file_remove(handle->file);
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

// ---- open files ----

bool disk_has_open(const struct sqlite3_file *file)
{
    return file->pMethods == &methods;
}

bool disk_file_is_live(const struct sqlite3_file *file)
{
    return disk_has_open(file) && !is_dead((const struct handle *)file);
}

bool disk_file_is_damaged(const struct sqlite3_file *file)
{
    return ((const struct handle *)file)->disk->damaged;
}

void disk_file_revive(struct sqlite3_file *file)
{
    struct handle *handle = (struct handle *)file;
    handle->life = handle->disk->life;
}

// ---- the VFS ----

static struct disk *disk_of(const char *path)
{
    for (size_t i = 0; i < DISKS_MOST; i++) {
        if (disks[i] && strncmp(path, disks[i]->folder, strlen(disks[i]->folder)) == 0)
            return disks[i];
    }
    return NULL;
}

static struct file *find_file(struct disk *disk, const char *path, bool make)
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

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out)
{
    struct handle *handle = (struct handle *)base;
    struct disk *disk = path ? disk_of(path) : NULL;
    struct file *file = disk ? find_file(disk, path, true) : NULL;
    (void)vfs;
    *handle = (struct handle){0};
    if (!file || disk->stopped)
        return SQLITE_CANTOPEN;
    file->exists = true;
    disk->damaged = false;
    *handle = (struct handle){
        .base.pMethods = &methods,
        .disk = disk,
        .file = file,
        .life = disk->life,
        .delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE,
        .next = file->handles,
    };
    file->handles = handle;
    if (out)
        *out = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    struct disk *disk = disk_of(path);
    struct file *file = disk ? find_file(disk, path, false) : NULL;
    (void)vfs;
    (void)sync;
    if (!file || !file->exists)
        return SQLITE_IOERR_DELETE_NOENT;
    if (disk->stopped)
        return SQLITE_IOERR_DELETE;
    file_remove(file);
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer)
{
    struct disk *disk = disk_of(path);
    struct file *file = disk ? find_file(disk, path, false) : NULL;
    (void)vfs;
    (void)flags;
    *answer = file && file->exists && file->now.size > 0;
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
    (void)vfs;
    snprintf(out, (size_t)size, "%s", path);
    return SQLITE_OK;
}

// Asked once in the life of the program, so it must not touch the dice of a run.
static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    memset(out, 1, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, double *days)
{
    (void)vfs;
    *days = 2460000.5;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    (void)size;
    (void)out;
    return 0;
}

void disk_register(void)
{
    static sqlite3_vfs vfs = {
        .iVersion = 1,
        .szOsFile = sizeof(struct handle),
        .mxPathname = PATH_SIZE,
        .zName = "simulated",
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_path,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xCurrentTime = vfs_time,
        .xGetLastError = vfs_last_error,
    };
    // One thread, and nobody who counts its memory: half of the time of a run.
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_vfs_register(&vfs, 1);
}
