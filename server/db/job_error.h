// Why a transaction failed.
#pragma once

// Nothing of it was kept, unless the connection was lost.
struct job_error {
    // Five characters; "08006" when the connection was lost, in which case the transaction may
    // have been committed.
    char sqlstate[6];
    char *message;
    // The column and detail of the error, as refuse() sets them; NULL when absent.
    char *column;
    char *detail;
};
