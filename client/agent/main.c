// tiejun-agent: sends outboxes, keeps copies fresh, reminds. For one person, or for several of an
// office that are enrolled in its INI file.

#include "client/agent/network_watch.h"
#include "client/agent/notice.h"
#include "client/agent/person.h"
#include "client/agent/settings.h"
#include "common/i18n.h"
#include "common/log.h"
#include "common/options.h"

#include <curl/curl.h>
#include <event2/event.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_USAGE = 2 };

static const struct option_spec agent_options[] = {
    {"config", 'c', OPTION_STRING, N_("FILE"), N_("Its settings; for yourself alone if not given")},
    {"log-level", 0, OPTION_STRING, N_("LEVEL"), N_("error, warning, notice, info or debug")},
    {"version", 0, OPTION_FLAG, NULL, N_("Print the version")},
    {NULL, 0, OPTION_FLAG, NULL, NULL},
};

struct agent {
    struct settings settings;
    struct event_base *base;
    struct notifier *notifier;
    struct person *people[SETTINGS_PEOPLE_MOST];
    size_t person_count;
    struct network_watch *watch;
    struct event *terminate;
    struct event *interrupt;
};

static void print_help(void)
{
    printf("%s\n\n%s\n\n", _("Usage: tiejun-agent [--config FILE]"),
           _("Sends what `tiejun log` has left in the outbox as soon as the daemon can be\n"
             "reached, keeps your day and customers at hand, and reminds you."));
    options_print(stdout, agent_options);
    printf("\n%s\n  tiejun-agent\n  tiejun-agent --config ~/.config/tiejun/agent.ini\n",
           _("Example:"));
}

static void on_stop(evutil_socket_t number, short events, void *context)
{
    struct agent *agent = context;
    (void)events;
    log_event(LOG_LEVEL_NOTICE, NULL, NULL, "stopping on signal %d", (int)number);
    sd_notify(0, "STOPPING=1");
    event_base_loopexit(agent->base, NULL);
}

static void on_network(void *context)
{
    struct agent *agent = context;
    for (size_t i = 0; i < agent->person_count; i++)
        person_hurry(agent->people[i]);
}

static struct event *on_signal(struct agent *agent, int number)
{
    struct event *event = evsignal_new(agent->base, number, on_stop, agent);
    if (!event || event_add(event, NULL) != 0)
        abort();
    return event;
}

static bool start(struct agent *agent)
{
    agent->notifier = notifier_new(agent->base, &agent->settings);
    for (size_t i = 0; i < agent->settings.person_count; i++) {
        struct person *person =
            person_new(agent->base, &agent->settings, agent->notifier, &agent->settings.people[i]);
        if (person)
            agent->people[agent->person_count++] = person;
    }
    if (agent->person_count == 0) {
        log_event(LOG_LEVEL_ERROR, NULL, NULL, "nobody to work for");
        return false;
    }
    agent->watch = network_watch_new(agent->base, on_network, agent);
    agent->terminate = on_signal(agent, SIGTERM);
    agent->interrupt = on_signal(agent, SIGINT);
    log_event(LOG_LEVEL_NOTICE, NULL, NULL, "working for %zu of %zu people", agent->person_count,
              agent->settings.person_count);
    sd_notify(0, "READY=1");
    return true;
}

static void stop(struct agent *agent)
{
    for (size_t i = 0; i < agent->person_count; i++)
        person_free(agent->people[i]);
    network_watch_free(agent->watch);
    if (agent->terminate)
        event_free(agent->terminate);
    if (agent->interrupt)
        event_free(agent->interrupt);
    notifier_free(agent->notifier);
    event_base_free(agent->base);
}

static int work(const char *settings)
{
    static struct agent agent;
    if (!settings_read(&agent.settings, settings)) {
        settings_release(&agent.settings);
        return EXIT_USAGE;
    }
    if (agent.settings.ca)
        setenv("TIEJUN_CA", agent.settings.ca, 1);
    // Threads look names up and read the environment meanwhile: with TZ in it from the start,
    // zone_enter() only replaces it, and moves nothing.
    setenv("TZ", ":/etc/localtime", 0);
    agent.base = event_base_new();
    if (!agent.base)
        return EXIT_REFUSED;
    bool started = start(&agent);
    if (started)
        event_base_dispatch(agent.base);
    stop(&agent);
    settings_release(&agent.settings);
    return started ? EXIT_DONE : EXIT_REFUSED;
}

static int run(const struct options *options)
{
    const char *level = options_string(options, "log-level");
    if (options->help) {
        print_help();
        return EXIT_DONE;
    }
    if (options_flag(options, "version")) {
        printf("tiejun-agent %s\n", TIEJUN_VERSION);
        return EXIT_DONE;
    }
    if (options->argument_count > 0 || (level && !log_level_named(level))) {
        print_help();
        return EXIT_USAGE;
    }
    if (level)
        log_set_level(log_level_named(level));
    return work(options_string(options, "config"));
}

int main(int argc, char **argv)
{
    char error[512];
    struct options options;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    // notify-send is nobody's to wait for.
    signal(SIGCHLD, SIG_IGN);
    i18n_init();
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return EXIT_REFUSED;
    int code = EXIT_USAGE;
    if (options_parse(&options, agent_options, NULL, "tiejun-agent", argc - 1, argv + 1, error,
                      sizeof error))
        code = run(&options);
    else
        fprintf(stderr, "tiejun-agent: %s\n", error);
    options_release(&options);
    curl_global_cleanup();
    return code;
}
