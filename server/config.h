// What tiejund is told: its command line and its configuration file.
#pragma once

#include "common/options.h"

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_TEXT_MAX = 512 };

struct config {
    // ADDRESS:PORT.
    char listen[CONFIG_TEXT_MAX];
    // libpq connection strings of the daemon's role and of the schema's owner.
    char database[CONFIG_TEXT_MAX];
    char database_owner[CONFIG_TEXT_MAX];
    int connections;
    // Folder of a private cluster, empty when there is none.
    char private_folder[CONFIG_TEXT_MAX];
    char log_level[CONFIG_TEXT_MAX];
};

// The options that every command takes.
extern const struct option_spec config_options[];

// Defaults, then --config FILE, then the command line. False after logging why not.
bool config_read(struct config *config, const struct options *options);
