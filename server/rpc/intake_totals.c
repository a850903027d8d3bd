#include "server/rpc/intake_totals.h"

#include "server/method/total.h"

enum { METRICS_OF_ONE = 2 };

// The metrics that a kind of fact counts for, as the table metric has them.
static const struct {
    const char *count;
    const char *money;
} metrics[] = {
    [TIEJUN__V1__FACT_KIND__FACT_KIND_APPOINTMENT] = {"appointments", NULL},
    [TIEJUN__V1__FACT_KIND__FACT_KIND_NEW_CUSTOMER] = {"new_customers", NULL},
    [TIEJUN__V1__FACT_KIND__FACT_KIND_VISIT] = {"visits", NULL},
    [TIEJUN__V1__FACT_KIND__FACT_KIND_MATERIAL] = {"materials", NULL},
    [TIEJUN__V1__FACT_KIND__FACT_KIND_NEGOTIATION] = {"negotiations", NULL},
    [TIEJUN__V1__FACT_KIND__FACT_KIND_SIGNING] = {"signings", "revenue"},
    [TIEJUN__V1__FACT_KIND__FACT_KIND_PAYMENT] = {NULL, "payments"},
    [TIEJUN__V1__FACT_KIND__FACT_KIND_COMPETITOR_SIGHTING] = {NULL, NULL},
};

static bool is_plain(const Tiejun__Server__JudgedFact *fact)
{
    return !fact->code && !(fact->voids && *fact->voids) && fact->local_date &&
           (size_t)fact->kind < sizeof metrics / sizeof *metrics &&
           (!metrics[fact->kind].money || (fact->has_amount_minor && fact->currency));
}

static size_t add_works(const Tiejun__Server__JudgedFact *fact, struct total_work *works)
{
    struct total_work work = {
        .office_id = fact->office_id,
        .unit_id = fact->unit_id,
        .person_id = fact->person_id,
        .date = fact->local_date,
        .effective = !fact->has_effective || fact->effective,
    };
    size_t n = 0;
    if (metrics[fact->kind].count) {
        works[n] = work;
        works[n].metric = metrics[fact->kind].count;
        works[n].currency = "";
        works[n++].amount = 1;
    }
    if (metrics[fact->kind].money) {
        works[n] = work;
        works[n].metric = metrics[fact->kind].money;
        works[n].currency = fact->currency;
        works[n++].amount = fact->amount_minor;
    }
    return n;
}

static Tiejun__Server__TotalMove *message_of(struct arena *arena, const struct total_move *move)
{
    Tiejun__Server__TotalMove *message = arena_alloc(arena, sizeof *message);
    if (!message) {
        return NULL;
    }
    tiejun__server__total_move__init(message);
    message->has_office_id = message->has_scope_id = true;
    message->office_id = move->office_id;
    message->scope_id = move->scope_id;
    message->scope = move->scope == 'o' ? "o" : move->scope == 'p' ? "p" : "u";
    message->grain = move->grain == 'd' ? "d" : "m";
    message->date = (char *)move->date;
    message->metric = (char *)move->metric;
    message->currency = (char *)move->currency;
    message->has_done = message->has_effective = true;
    message->done = move->done;
    message->effective = move->effective;
    return message;
}

static bool list_moves(struct arena *arena, Tiejun__Server__FactPlan *plan,
                       const struct total_move *moves, size_t n)
{
    Tiejun__Server__TotalMove **messages = arena_alloc(arena, n * sizeof(void *));
    if (!messages) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        messages[i] = message_of(arena, &moves[i]);
        if (!messages[i]) {
            return false;
        }
    }
    plan->totals = messages;
    plan->n_totals = n;
    return true;
}

bool intake_totals_fill(struct arena *arena, Tiejun__Server__FactPlan *plan)
{
    size_t most = plan->n_facts * METRICS_OF_ONE;
    struct total_work *works = arena_alloc(arena, most * sizeof *works);
    if (!works) {
        return false;
    }
    size_t n = 0;
    for (size_t i = 0; i < plan->n_facts; i++) {
        if (!is_plain(plan->facts[i])) {
            return true;
        }
        n += add_works(plan->facts[i], &works[n]);
    }
    struct total_move *moves = arena_alloc(arena, (n + 1) * TOTAL_MOVES_OF_ONE * sizeof *moves);
    if (!moves) {
        return false;
    }
    return list_moves(arena, plan, moves, total_moves(works, n, moves));
}
