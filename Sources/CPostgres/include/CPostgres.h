// libpq, loaded when it is first needed: so that blackbox-pg can say in words that libpq5 is missing,
// instead of the loader's message before main. No policy here; PostgresConnection is the only caller.
// All functions but bb_pq_load need a load that succeeded. A connection is for one thread at a time.
#ifndef BLACKBOX_CPOSTGRES_H
#define BLACKBOX_CPOSTGRES_H

#include <stdint.h>

typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

// NULL when libpq is there, else the loader's words (valid until the next call).
const char *bb_pq_load(void);

// Begins to connect. NULL-terminated keywords, a value for each; the first `dbname` may be a
// connection string. NULL when memory ran out.
PGconn *bb_pq_connect_start(const char *const *keywords, const char *const *values);
// Goes on with it: 0 failed, 1 wait until the socket can be read, 2 until it can be written, 3 done.
int32_t bb_pq_connect_poll(PGconn *connection);
int32_t bb_pq_socket(const PGconn *connection);
// 1 while the connection stands (so far as is known).
int32_t bb_pq_is_connected(const PGconn *connection);
// The setting connect_timeout, seconds; 0 when there is none.
int32_t bb_pq_connect_timeout(PGconn *connection);
// Texts of the connection, never NULL, valid until its next use.
const char *bb_pq_error(const PGconn *connection);
const char *bb_pq_host(const PGconn *connection);
const char *bb_pq_port(const PGconn *connection);
const char *bb_pq_database(const PGconn *connection);
const char *bb_pq_user(const PGconn *connection);
void bb_pq_finish(PGconn *connection);

// Runs one command; parameters as text, NULL for SQL's. The result is the caller's to clear; NULL when
// the connection is lost or memory ran out.
PGresult *bb_pq_exec(PGconn *connection, const char *sql);
PGresult *bb_pq_exec_parameters(
    PGconn *connection, const char *sql, int32_t count, const char *const *values);

// The rows of a COPY … FROM STDIN that bb_pq_exec began: 1 when the bytes are taken over.
int32_t bb_pq_put_copy(PGconn *connection, const uint8_t *bytes, int32_t count);
// Ends it; the result of the whole COPY.
PGresult *bb_pq_end_copy(PGconn *connection);

// A result's kind.
enum { BB_PQ_FAILED = 0, BB_PQ_DONE = 1, BB_PQ_ROWS = 2, BB_PQ_COPY_IN = 3 };
int32_t bb_pq_result_kind(const PGresult *result);
// SQLSTATE (5 characters) and texts of an error; empty when there is none.
const char *bb_pq_result_state(const PGresult *result);
const char *bb_pq_result_message(const PGresult *result);
const char *bb_pq_result_detail(const PGresult *result);
int32_t bb_pq_row_count(const PGresult *result);
int32_t bb_pq_column_count(const PGresult *result);
const char *bb_pq_column_name(const PGresult *result, int32_t column);
// NULL for SQL's NULL; text, zero-terminated, valid until the result is cleared.
const char *bb_pq_value(const PGresult *result, int32_t row, int32_t column);
void bb_pq_clear(PGresult *result);

#endif
