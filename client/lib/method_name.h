// The names by which a person calls the methods of the contract.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

struct named_method {
    const ProtobufCServiceDescriptor *service;
    const ProtobufCMethodDescriptor *method;
};

#define METHOD_NAME_SIZE 128

// By full name "tiejun.v1.GoalService.Set", or shorter: "GoalService.Set", "goal.set". Case, "_"
// and "-" are ignored. False when there is none.
bool method_find(const char *name, struct named_method *found);

// "tiejun.v1.GoalService.Set".
void method_full_name(const struct named_method *method, char name[METHOD_NAME_SIZE]);

// "goal.set": the shortest name that method_find knows it by.
void method_short_name(const struct named_method *method, char name[METHOD_NAME_SIZE]);
