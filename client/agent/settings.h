// What tiejun-agent is told by its INI file; tiejun-agent.ini beside it is an example.
#pragma once

#include "client/agent/webhook_body.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTINGS_PEOPLE_MOST 256
#define SETTINGS_WEBHOOKS_MOST 16

// Minutes of the office's day; -1: never.
struct settings_times {
    int pace;
    int morning;
    int evening;
};

// Minutes of the office's day; the same twice: never.
struct settings_quiet {
    int from;
    int to;
};

struct settings_person {
    char *name;
    char *token_file;
    // NULL: the agent's.
    char *server;
};

struct settings_webhook {
    char *name;
    struct webhook webhook;
    // What it hears of: "reminder" and topics of notices, or "all".
    char *topics;
};

struct settings {
    char *server;
    // The CA of the daemon's certificate, a PEM file, or NULL: as the environment says (trust.h).
    char *ca;
    struct settings_times times;
    // Facts that wait so many hours are worth a reminder, and as often again; 0: never.
    int unsynced_hours;
    int refresh_minutes;
    // Which notices are shown, "all" or a list, and when none is.
    char *notice_topics;
    struct settings_quiet quiet;
    // Where reminders and notices go, beside the log and the webhooks.
    bool terminal;
    bool notify_send;
    struct settings_person people[SETTINGS_PEOPLE_MOST];
    size_t person_count;
    // The file names nobody: there is one person, who runs the agent.
    bool for_oneself;
    struct settings_webhook webhooks[SETTINGS_WEBHOOKS_MOST];
    size_t webhook_count;
};

// Reads the file; NULL: what holds without one. Where it names nobody or no daemon, it is the
// caller's own token (TIEJUN_TOKEN_FILE) and daemon (TIEJUN_SERVER), else those of its last login.
// False after saying on standard error what is wrong, and in which line.
bool settings_read(struct settings *settings, const char *path);
void settings_release(struct settings *settings);
