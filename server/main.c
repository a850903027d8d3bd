// tiejund: owns the goals and activities of a sales force.

#include "common/i18n.h"
#include "common/log.h"
#include "server/config.h"
#include "server/privileges.h"
#include "server/serve.h"
#include "server/tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

static int run_serve(const struct config *config, const struct options *options, FILE *token)
{
    (void)options;
    (void)token;
    return serve(config);
}

static int run_migrate(const struct config *config, const struct options *options, FILE *token)
{
    (void)options;
    (void)token;
    return task_migrate(config);
}

static int run_check(const struct config *config, const struct options *options, FILE *token)
{
    (void)options;
    (void)token;
    return task_check(config);
}

static int run_certificate(const struct config *config, const struct options *options, FILE *token)
{
    (void)token;
    return task_certificate(config, options);
}

static const struct command {
    const char *name;
    const char *help;
    int (*run)(const struct config *config, const struct options *options, FILE *token);
} commands[] = {
    {"serve", N_("serve clients until told to stop; the default"), run_serve},
    {"init", N_("make the company and its first director"), task_init},
    {"migrate", N_("bring the schema to this version"), run_migrate},
    {"check", N_("recompute every total from the facts"), run_check},
    {"certificate", N_("make the server's certificate anew, and add names to it"), run_certificate},
};

static void print_help(void)
{
    puts(_("Usage: tiejund [--private DIR | --config FILE] [OPTION...] [COMMAND]"));
    puts(_("\nCommands:"));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        printf("  %-11s %s\n", commands[i].name, _(commands[i].help));
    }
    puts(_("\nOptions:"));
    options_print(stdout, config_options);
    puts(_("\nOptions of init:"));
    options_print(stdout, init_options);
    puts(_("\nOptions of init and certificate:"));
    options_print(stdout, certificate_options);
    puts(_("\nExample:\n"
           "  tiejund --private /srv/tiejun init --company Acme --director li.wei\n"
           "  tiejund --private /srv/tiejun serve"));
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

static int usage_error(const char *message)
{
    fprintf(stderr, "tiejund: %s\n", message);
    return EXIT_USAGE;
}

// Opened before root is given up: the file is for whoever started us. Never over another one.
static FILE *open_token_file(const char *path)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (!file) {
        fprintf(stderr, _("tiejund: cannot make %s: %s\n"), path, strerror(errno));
    }
    return file;
}

// In a child, which gives root up for good, so that the parent can take the file away again.
static int run_in_child(const struct command *command, const struct config *config,
                        const struct options *options, const char *user, FILE *token)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        int code = EXIT_FAILURE;
        if (privileges_drop(user)) {
            code = command->run(config, options, token);
        }
        (void)fflush(NULL);
        _exit(code);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return usage_error(strerror(errno));
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

// The folders that the daemon writes to.
static bool hand_over_folders(const struct config *config, const char *user)
{
    return privileges_hand_over(user, config->private_folder) &&
           (*config->certificate || privileges_hand_over(user, config->tls_folder));
}

static int run_init_command(const struct command *command, const struct config *config,
                            const struct options *options, const char *user)
{
    const char *path = options_string(options, "token-file");
    if (!options_string(options, "company") || !options_string(options, "director")) {
        return usage_error(_("init needs --company and --director"));
    }
    // Before the token is made, which may lie in that folder.
    if (!hand_over_folders(config, user)) {
        return EXIT_FAILURE;
    }
    FILE *token = path ? open_token_file(path) : NULL;
    if (path && !token) {
        return EXIT_FAILURE;
    }
    int code = run_in_child(command, config, options, user, token);
    if (token) {
        (void)fclose(token);
        if (code != EXIT_SUCCESS) {
            unlink(path);
        }
    }
    return code;
}

static int run_command(const struct command *command, const struct options *options)
{
    struct config config;
    const char *user = options_string(options, "user");
    user = user ? user : "postgres";
    if (!config_read(&config, options)) {
        return EXIT_USAGE;
    }
    if (command->run == task_init) {
        return run_init_command(command, &config, options, user);
    }
    if (!hand_over_folders(&config, user) || !privileges_drop(user)) {
        return EXIT_FAILURE;
    }
    return command->run(&config, options, NULL);
}

// The tables of all options in one: they are few, and a stray one is named by the commands.
static const struct option_spec *all_options(struct option_spec *room)
{
    const struct option_spec *tables[] = {config_options, init_options, certificate_options};
    size_t n = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        for (const struct option_spec *spec = tables[i]; spec->name; spec++) {
            room[n++] = *spec;
        }
    }
    room[n] = (struct option_spec){0};
    return room;
}

int main(int argc, char **argv)
{
    struct option_spec specs[32];
    struct options options;
    char error[256];
    i18n_init();
    i18n_preload();
    if (sodium_init() < 0) {
        return usage_error("libsodium does not start");
    }
    if (!options_parse(&options, all_options(specs), NULL, "tiejund", argc - 1, argv + 1, error,
                       sizeof error)) {
        options_release(&options);
        return usage_error(error);
    }
    int code = EXIT_SUCCESS;
    const struct command *command =
        find_command(options.argument_count ? options.arguments[0] : "serve");
    if (options.help) {
        print_help();
    } else if (options_flag(&options, "version")) {
        puts("tiejund " TIEJUN_VERSION);
    } else if (!command || options.argument_count > 1) {
        code = usage_error(_("there are the commands serve, init, migrate, check and certificate"));
    } else {
        code = run_command(command, &options);
    }
    options_release(&options);
    return code;
}
