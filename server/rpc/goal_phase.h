// Day targets of goals.
#pragma once

#include "server/rpc/request.h"

finish_function goal_finish_phase;
