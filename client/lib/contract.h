// Every method that the contract declares.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

struct contract_method {
    const ProtobufCServiceDescriptor *service;
    const ProtobufCMethodDescriptor *method;
};

#define CONTRACT_NAME_SIZE 128

// All services, in the order in which a person would want to read them.
const ProtobufCServiceDescriptor *const *contract_services(size_t *count);

// By full name "tiejun.v1.GoalService.Set", or shorter: "GoalService.Set", "goal.set". Case, "_"
// and "-" are ignored. False when there is none.
bool contract_find(const char *name, struct contract_method *found);

// "tiejun.v1.GoalService.Set".
void contract_full_name(const struct contract_method *method, char name[CONTRACT_NAME_SIZE]);

// "goal.set": the shortest name that contract_find knows it by.
void contract_short_name(const struct contract_method *method, char name[CONTRACT_NAME_SIZE]);
