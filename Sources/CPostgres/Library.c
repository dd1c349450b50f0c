// libpq's functions, found by name in the library of the machine.
#include "CPostgres.h"

#include <dlfcn.h>
#include <postgresql/libpq-fe.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS(F)                                                                               \
    F(PQconnectStartParams)                                                                        \
    F(PQconnectPoll)                                                                               \
    F(PQsetErrorVerbosity)                                                                         \
    F(PQsetNoticeProcessor)                                                                        \
    F(PQsocket)                                                                                    \
    F(PQstatus)                                                                                    \
    F(PQconninfo)                                                                                  \
    F(PQconninfoFree)                                                                              \
    F(PQerrorMessage)                                                                              \
    F(PQhost)                                                                                      \
    F(PQport)                                                                                      \
    F(PQdb)                                                                                        \
    F(PQuser)                                                                                      \
    F(PQfinish)                                                                                    \
    F(PQexec)                                                                                      \
    F(PQexecParams)                                                                                \
    F(PQputCopyData)                                                                               \
    F(PQputCopyEnd)                                                                                \
    F(PQgetResult)                                                                                 \
    F(PQresultStatus)                                                                              \
    F(PQresultErrorField)                                                                          \
    F(PQntuples)                                                                                   \
    F(PQnfields)                                                                                   \
    F(PQfname)                                                                                     \
    F(PQgetisnull)                                                                                 \
    F(PQgetvalue)                                                                                  \
    F(PQclear)

static struct {
#define F(name) __typeof__(&name) name;
    FUNCTIONS(F)
#undef F
} pq;

static const char *failure = "not loaded";

static void load(void) {
    void *library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        failure = dlerror();
        return;
    }
#define F(name)                                                                                    \
    pq.name = (__typeof__(pq.name))dlsym(library, #name);                                          \
    if (pq.name == NULL) {                                                                         \
        failure = "libpq.so.5 has no " #name;                                                      \
        return;                                                                                    \
    }
    FUNCTIONS(F)
#undef F
    failure = NULL;
}

const char *bb_pq_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return failure;
}

// Notices ("relation exists already, skipping") are nobody's business.
static void ignore_notice(void *unused, const char *message) {
    (void)unused;
    (void)message;
}

PGconn *bb_pq_connect_start(const char *const *keywords, const char *const *values) {
    PGconn *connection = pq.PQconnectStartParams(keywords, values, 1);
    if (connection == NULL) return NULL;
    // With the SQLSTATE in the text: the only way to learn why a connection was refused.
    pq.PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
    pq.PQsetNoticeProcessor(connection, ignore_notice, NULL);
    return connection;
}

int32_t bb_pq_connect_poll(PGconn *connection) {
    if (pq.PQstatus(connection) == CONNECTION_BAD) return 0;
    switch (pq.PQconnectPoll(connection)) {
    case PGRES_POLLING_READING: return 1;
    case PGRES_POLLING_WRITING: return 2;
    case PGRES_POLLING_OK: return 3;
    default: return 0;
    }
}

int32_t bb_pq_socket(const PGconn *connection) { return pq.PQsocket(connection); }

int32_t bb_pq_is_connected(const PGconn *connection) {
    return pq.PQstatus(connection) == CONNECTION_OK;
}

int32_t bb_pq_connect_timeout(PGconn *connection) {
    int32_t seconds = 0;
    PQconninfoOption *options = pq.PQconninfo(connection);
    for (PQconninfoOption *one = options; one != NULL && one->keyword != NULL; one++) {
        if (strcmp(one->keyword, "connect_timeout") == 0 && one->val != NULL) {
            seconds = (int32_t)strtol(one->val, NULL, 10);
        }
    }
    pq.PQconninfoFree(options);
    return seconds;
}

static const char *text(const char *value) { return value == NULL ? "" : value; }

const char *bb_pq_error(const PGconn *connection) { return text(pq.PQerrorMessage(connection)); }
const char *bb_pq_host(const PGconn *connection) { return text(pq.PQhost(connection)); }
const char *bb_pq_port(const PGconn *connection) { return text(pq.PQport(connection)); }
const char *bb_pq_database(const PGconn *connection) { return text(pq.PQdb(connection)); }
const char *bb_pq_user(const PGconn *connection) { return text(pq.PQuser(connection)); }
void bb_pq_finish(PGconn *connection) { pq.PQfinish(connection); }

PGresult *bb_pq_exec(PGconn *connection, const char *sql) { return pq.PQexec(connection, sql); }

PGresult *bb_pq_exec_parameters(
    PGconn *connection, const char *sql, int32_t count, const char *const *values) {
    return pq.PQexecParams(connection, sql, count, NULL, values, NULL, NULL, 0);
}

int32_t bb_pq_put_copy(PGconn *connection, const uint8_t *bytes, int32_t count) {
    return pq.PQputCopyData(connection, (const char *)bytes, count) == 1;
}

PGresult *bb_pq_end_copy(PGconn *connection) {
    // Whether this fails or not, the server's result tells why.
    pq.PQputCopyEnd(connection, NULL);
    PGresult *first = pq.PQgetResult(connection);
    PGresult *next;
    while ((next = pq.PQgetResult(connection)) != NULL) {
        int is_over = pq.PQresultStatus(next) == PGRES_COPY_IN;
        pq.PQclear(next);
        if (is_over) break;
    }
    return first;
}

int32_t bb_pq_result_kind(const PGresult *result) {
    switch (pq.PQresultStatus(result)) {
    case PGRES_COMMAND_OK: return BB_PQ_DONE;
    case PGRES_TUPLES_OK: return BB_PQ_ROWS;
    case PGRES_COPY_IN: return BB_PQ_COPY_IN;
    default: return BB_PQ_FAILED;
    }
}

const char *bb_pq_result_state(const PGresult *result) {
    return text(pq.PQresultErrorField(result, PG_DIAG_SQLSTATE));
}

const char *bb_pq_result_message(const PGresult *result) {
    return text(pq.PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
}

const char *bb_pq_result_detail(const PGresult *result) {
    return text(pq.PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
}

int32_t bb_pq_row_count(const PGresult *result) { return pq.PQntuples(result); }
int32_t bb_pq_column_count(const PGresult *result) { return pq.PQnfields(result); }

const char *bb_pq_column_name(const PGresult *result, int32_t column) {
    return text(pq.PQfname(result, column));
}

const char *bb_pq_value(const PGresult *result, int32_t row, int32_t column) {
    if (pq.PQgetisnull(result, row, column)) return NULL;
    return pq.PQgetvalue(result, row, column);
}

void bb_pq_clear(PGresult *result) { pq.PQclear(result); }
