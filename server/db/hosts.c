#include "server/db/hosts.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SILENCE_OF_SEVERAL_S = 2, SILENCE_OF_ONE_S = 10, SILENCE_MOST_S = 3600 };

// One of a list with commas.
struct element {
    const char *text;
    size_t length;
};

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options->keyword; options++) {
        if (strcmp(options->keyword, keyword) == 0) {
            return options->val ? options->val : "";
        }
    }
    return "";
}

static size_t count_elements(const char *list)
{
    size_t count = 1;
    for (; *list; list++) {
        count += *list == ',';
    }
    return count;
}

static struct element element_of(const char *list, size_t which)
{
    for (; which > 0; which--) {
        list = strchr(list, ',') + 1;
    }
    return (struct element){.text = list, .length = strcspn(list, ",")};
}

// What is empty is left out: libpq's default holds.
static void write_option(FILE *out, const char *keyword, struct element value)
{
    if (value.length == 0) {
        return;
    }
    fprintf(out, "%s='", keyword);
    for (size_t i = 0; i < value.length; i++) {
        if (value.text[i] == '\'' || value.text[i] == '\\') {
            fputc('\\', out);
        }
        fputc(value.text[i], out);
    }
    fputs("' ", out);
}

static void write_whole(FILE *out, const char *keyword, const char *value)
{
    write_option(out, keyword, (struct element){.text = value, .length = strlen(value)});
}

static bool is_list(const char *keyword)
{
    return strcmp(keyword, "host") == 0 || strcmp(keyword, "hostaddr") == 0 ||
           strcmp(keyword, "port") == 0;
}

// Of a list with a single element, which only that of the ports may be, every host has that one.
static void write_element(FILE *out, const PQconninfoOption *options, const char *keyword,
                          size_t host)
{
    const char *list = value_of(options, keyword);
    write_option(out, keyword, element_of(list, count_elements(list) == 1 ? 0 : host));
}

// The string for one of several hosts; NULL when memory is out.
static char *conninfo_for(const PQconninfoOption *options, size_t host)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) {
        return NULL;
    }
    write_element(out, options, "host", host);
    write_element(out, options, "hostaddr", host);
    write_element(out, options, "port", host);
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        if (option->val && !is_list(option->keyword)) {
            write_whole(out, option->keyword, option->val);
        }
    }
    bool whole = !ferror(out);
    if (fclose(out) != 0 || !whole) {
        free(text);
        return NULL;
    }
    return text;
}

// 0 where nobody can say how many there are. An address is in the place of its name.
static size_t count_hosts(const PQconninfoOption *options)
{
    const char *names = value_of(options, "host");
    const char *addresses = value_of(options, "hostaddr");
    return *addresses ? count_elements(addresses) : *names ? count_elements(names) : 0;
}

// Whether libpq takes the lists for what they are: it refuses those of different lengths.
static bool fit_together(const PQconninfoOption *options, size_t count)
{
    const char *names = value_of(options, "host");
    const char *ports = value_of(options, "port");
    return (!*names || count_elements(names) == count) &&
           (count_elements(ports) == 1 || count_elements(ports) == count);
}

static unsigned silence_for(const PQconninfoOption *options, size_t count)
{
    const char *given = value_of(options, "connect_timeout");
    long seconds = *given      ? strtol(given, NULL, 10)
                   : count > 1 ? SILENCE_OF_SEVERAL_S
                   : count > 0 ? SILENCE_OF_ONE_S
                               : 0;
    if (seconds < 0) {
        return 0;
    }
    return 1000 * (unsigned)(seconds > SILENCE_MOST_S ? SILENCE_MOST_S : seconds);
}

static bool fill(struct hosts *hosts, const char *conninfo, const PQconninfoOption *options)
{
    size_t count = options ? count_hosts(options) : 0;
    hosts->silence_ms = options ? silence_for(options, count) : 0;
    bool several = count > 1 && fit_together(options, count);
    size_t strings = several ? count : 1;
    hosts->conninfos = calloc(strings, sizeof *hosts->conninfos);
    while (hosts->conninfos && hosts->count < strings) {
        char *text = several ? conninfo_for(options, hosts->count) : strdup(conninfo);
        if (!text) {
            return false;
        }
        hosts->conninfos[hosts->count++] = text;
    }
    return hosts->conninfos;
}

struct hosts *hosts_of(const char *conninfo)
{
    struct hosts *hosts = calloc(1, sizeof *hosts);
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    if (hosts && !fill(hosts, conninfo, options)) {
        hosts_free(hosts);
        hosts = NULL;
    }
    PQconninfoFree(options);
    return hosts;
}

void hosts_free(struct hosts *hosts)
{
    if (!hosts) {
        return;
    }
    for (size_t i = 0; i < hosts->count; i++) {
        free(hosts->conninfos[i]);
    }
    free(hosts->conninfos);
    free(hosts);
}
