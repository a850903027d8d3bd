#include "tests/sim/database.h"

#include "common/arena.h"
#include "common/message.h"
#include "tests/sim/tables.h"
#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

#define BUDGET ((size_t)64 << 20)
// How long a transaction waits for a database that is away.
#define AWAY_MOST_MS 5000

static const char CONNECTION_LOST[] = "08006";

// Something that was asked for: one of the two.
struct transaction {
    struct transaction *next;
    struct database *database;
    // NULL once its daemon is dead.
    struct database_client *client;
    struct intake_errand *errand;
    const Tiejun__Server__FactRead *read;
    const Tiejun__Server__FactPlan *plan;
    // Of the plan, once nobody else keeps it.
    struct arena *arena;
    int64_t asked_at;
    bool is_over;
    const ProtobufCMessage *answer;
    // SQLSTATE; NULL when it is committed and the answer will arrive. An answer may make no sense.
    const char *state;
};

struct database {
    struct world *world;
    struct tables *tables;
    bool calm;
    // How often something fails, in percent, and how slow it is: it changes with the weather.
    unsigned trouble;
    int64_t away_until;
    struct transaction *transactions;
    struct database_counts counts;
    const char *complaint;
};

struct database_client {
    struct database *database;
};

struct database *database_new(struct world *world, struct tables *tables)
{
    struct database *database = calloc(1, sizeof *database);
    if (!database)
        abort();
    database->world = world;
    database->tables = tables;
    database->trouble = (unsigned)world_below(world, 25);
    return database;
}

void database_free(struct database *database)
{
    while (database->transactions) {
        struct transaction *next = database->transactions->next;
        arena_free(database->transactions->arena);
        free(database->transactions);
        database->transactions = next;
    }
    free(database);
}

void database_calm(struct database *database)
{
    database->calm = true;
    database->away_until = 0;
}

const char *database_complaint(const struct database *database)
{
    return database->complaint;
}

struct database_counts database_counts(const struct database *database)
{
    return database->counts;
}

// Mostly quick, at times as slow as a disk that is not its own.
static int64_t delay(struct database *database)
{
    struct world *world = database->world;
    if (database->calm)
        return (int64_t)world_below(world, 20);
    return (int64_t)world_below(world, world_chance(world, database->trouble) ? 10000 : 200);
}

// ---- the end of a transaction ----

static void forget(struct transaction *transaction)
{
    struct transaction **place = &transaction->database->transactions;
    while (*place != transaction)
        place = &(*place)->next;
    *place = transaction->next;
    arena_free(transaction->arena);
    free(transaction);
}

static void answer(void *context, uint64_t a, uint64_t b)
{
    struct transaction *transaction = context;
    struct intake_errand *errand = transaction->errand;
    struct job_error error = {.message = (char *)"the simulated database says no"};
    const char *state = transaction->state;
    const ProtobufCMessage *said = transaction->answer;
    (void)a;
    (void)b;
    if (state)
        memcpy(error.sqlstate, state, sizeof error.sqlstate);
    forget(transaction);
    if (errand)
        errand->done(errand, state ? NULL : said, state ? &error : NULL);
}

static void end(struct transaction *transaction, const char *state)
{
    transaction->is_over = true;
    transaction->state = state;
    if (!state && !transaction->database->calm && world_chance(transaction->database->world, 1))
        transaction->answer = NULL;
    if (state) {
        transaction->database->counts.failed++;
        world_trace(transaction->database->world, "database: %s fails, %s",
                    transaction->plan ? "a write" : "a read", state);
    }
    world_after(transaction->database->world, delay(transaction->database), answer, transaction, 0,
                0);
}

// ---- its middle ----

static const char *commit(struct transaction *transaction)
{
    struct tables *tables = transaction->database->tables;
    struct arena *arena = transaction->errand ? transaction->errand->arena : transaction->arena;
    const char *state;
    if (transaction->plan) {
        Tiejun__V1__FactServiceLogResponse *kept = NULL;
        state = tables_write(tables, transaction->plan, arena, &kept);
        transaction->answer = state ? NULL : &kept->base;
    } else {
        Tiejun__Server__FactGround *ground = NULL;
        state = tables_read(tables, transaction->read, arena, &ground);
        transaction->answer = state ? NULL : &ground->base;
    }
    return state;
}

// What goes wrong by itself. NULL: nothing.
static const char *misfortune(struct database *database)
{
    const char *const states[] = {"40001", "40P01", "55P03", "57014", "57P01", CONNECTION_LOST};
    if (database->calm || !world_chance(database->world, database->trouble))
        return NULL;
    return states[world_below(database->world, sizeof states / sizeof states[0])];
}

// The connection may be lost after the commit as well.
static void lose(struct transaction *transaction)
{
    if (world_chance(transaction->database->world, 50))
        (void)commit(transaction);
    end(transaction, CONNECTION_LOST);
}

static void run(void *context, uint64_t a, uint64_t b)
{
    struct transaction *transaction = context;
    struct database *database = transaction->database;
    int64_t now = world_now(database->world);
    const char *state;
    (void)a;
    (void)b;
    if (transaction->is_over)
        answer(transaction, 0, 0);
    else if (now < database->away_until && now - transaction->asked_at < AWAY_MOST_MS)
        world_after(database->world, AWAY_MOST_MS, run, transaction, 0, 0);
    else if (now < database->away_until)
        end(transaction, "08001");
    else if ((state = misfortune(database)) == CONNECTION_LOST)
        lose(transaction);
    else
        end(transaction, state ? state : commit(transaction));
}

// Those whose end is not told yet learn of nothing but the loss.
void database_fail_over(struct database *database)
{
    world_trace(database->world, "database: fails over");
    database->away_until =
        world_now(database->world) + (int64_t)world_below(database->world, 20000);
    for (struct transaction *each = database->transactions; each; each = each->next) {
        if (!each->is_over && world_chance(database->world, 50))
            (void)commit(each);
        each->is_over = true;
        each->state = CONNECTION_LOST;
    }
}

// ---- its beginning ----

static bool has_office(const Tiejun__Server__FactPlan *plan, int64_t office_id)
{
    for (size_t i = 0; i < plan->n_facts; i++) {
        if (plan->facts[i]->office_id == office_id)
            return true;
    }
    return false;
}

// Two transactions of one daemon would wait for each other's locks, and their facts have no order.
static void check_offices(struct database_client *client, const Tiejun__Server__FactPlan *plan)
{
    struct database *database = client->database;
    for (struct transaction *each = database->transactions; each; each = each->next) {
        for (size_t i = 0; each->client == client && each->plan && i < plan->n_facts; i++) {
            if (has_office(each->plan, plan->facts[i]->office_id))
                database->complaint = "a daemon writes one office's facts twice at a time";
        }
    }
}

static bool ask(struct database_client *client, struct intake_errand *errand,
                const Tiejun__Server__FactRead *read, const Tiejun__Server__FactPlan *plan)
{
    struct database *database = client->database;
    if (!database->calm && world_chance(database->world, 2))
        return false;
    struct transaction *transaction = calloc(1, sizeof *transaction);
    if (!transaction)
        abort();
    *transaction = (struct transaction){.next = database->transactions,
                                        .database = database,
                                        .client = client,
                                        .errand = errand,
                                        .read = read,
                                        .plan = plan,
                                        .asked_at = world_now(database->world)};
    database->transactions = transaction;
    database->counts.transactions++;
    database->counts.shared += plan && plan->n_senders > 1;
    world_after(database->world, delay(database), run, transaction, 0, 0);
    return true;
}

static bool read_facts(void *context, struct intake_errand *errand,
                       const Tiejun__Server__FactRead *facts)
{
    return ask(context, errand, facts, NULL);
}

static bool write_facts(void *context, struct intake_errand *errand,
                        const Tiejun__Server__FactPlan *plan)
{
    check_offices(context, plan);
    return ask(context, errand, NULL, plan);
}

// ---- daemons ----

struct database_client *database_client_new(struct database *database)
{
    struct database_client *client = calloc(1, sizeof *client);
    if (!client)
        abort();
    client->database = database;
    return client;
}

struct intake_store database_client_store(struct database_client *client)
{
    return (struct intake_store){client, read_facts, write_facts};
}

static void keep_plan(struct transaction *transaction)
{
    transaction->arena = arena_new(BUDGET);
    transaction->plan =
        transaction->arena ? message_copy(transaction->arena, &transaction->plan->base) : NULL;
    if (!transaction->plan)
        abort();
}

// Nobody hears of it any more. What the server has read already, it does.
static void orphan(struct transaction *transaction)
{
    transaction->client = NULL;
    transaction->errand = NULL;
    if (transaction->plan && !transaction->is_over &&
        world_chance(transaction->database->world, 50))
        keep_plan(transaction);
    else
        transaction->is_over = true;
}

void database_client_free(struct database_client *client)
{
    const struct job_error lost = {.sqlstate = "08006", .message = (char *)"the daemon is dead"};
    for (struct transaction *each = client->database->transactions; each; each = each->next) {
        struct intake_errand *errand = each->client == client ? each->errand : NULL;
        if (errand) {
            orphan(each);
            errand->done(errand, NULL, &lost);
        }
    }
    free(client);
}
