// What tiejund is told: its command line and its configuration file.
#pragma once

#include "common/options.h"
#include "server/net/gate.h"

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_TEXT_MAX = 512, CONFIG_LISTENERS_MOST = 8 };

// What stands between the addresses of a list.
#define CONFIG_LIST_BREAKS ", "

// Addresses on which clients are treated alike.
struct config_listener {
    // Of its section in the file; empty for the one of [daemon].
    char name[64];
    // ADDRESS:PORT, several with commas between them.
    char listen[CONFIG_TEXT_MAX];
    // A PEM file: only clients with a certificate of this CA are let in. Empty: all are.
    char client_ca[CONFIG_TEXT_MAX];
};

struct config {
    struct config_listener listeners[CONFIG_LISTENERS_MOST];
    size_t n_listeners;
    // Certificates of our own making: where they lie. Certificate and key of somebody else's, PEM
    // files: empty for ours.
    char tls_folder[CONFIG_TEXT_MAX];
    char certificate[CONFIG_TEXT_MAX];
    char key[CONFIG_TEXT_MAX];
    // libpq connection strings of the daemon's role and of the schema's owner.
    char database[CONFIG_TEXT_MAX];
    char database_owner[CONFIG_TEXT_MAX];
    long connections;
    struct gate_settings limits;
    // Folder of a private cluster, empty when there is none.
    char private_folder[CONFIG_TEXT_MAX];
    char log_level[CONFIG_TEXT_MAX];
    // [login]: how often a password may be tried, and what it costs to do so.
    long address_tries_a_minute;
    long account_tries_an_hour;
    long hash_memory_kib;
    long hash_passes;
};

// The options that every command takes.
extern const struct option_spec config_options[];

// Defaults, then --config FILE, then the command line. False after logging why not.
bool config_read(struct config *config, const struct options *options);
