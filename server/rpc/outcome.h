// Batches answer row by row: this gives every refused row its sentence.
#pragma once

#include "server/rpc/request.h"

// For answers with a repeated field "outcomes" whose messages have the string fields "code" and
// "message": message comes from SQL as the parts of the sentence and leaves as the sentence.
finish_function finish_outcomes;
