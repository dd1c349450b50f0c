// What SQLite itself costs, for Tools/bench: the rows of a database into an empty one of the same schema,
// with nothing but prepared statements; and a query's time and plan.
//
//   bench-sqlite insert FROM TO   reads all rows into memory, then times their insertion: prints rows, seconds
//   bench-sqlite run FILE SQL     runs statements
//   bench-sqlite query FILE SQL   prints the best of five times in milliseconds of CPU, then the plan
//
// Exit codes: 0 done; 1 SQLite refused; 2 wrong usage.
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double seconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void check(sqlite3 *database, int code) {
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
    fprintf(stderr, "bench-sqlite: %s\n", sqlite3_errmsg(database));
    exit(1);
}

static double now(void) { return seconds(CLOCK_MONOTONIC); }

static sqlite3 *open_file(const char *path) {
    sqlite3 *database;
    if (sqlite3_open(path, &database) != SQLITE_OK) check(database, SQLITE_CANTOPEN);
    return database;
}

static void run(sqlite3 *database, const char *sql) {
    check(database, sqlite3_exec(database, sql, NULL, NULL, NULL));
}

// One value: a number, or bytes that follow it in the arena.
typedef struct {
    int type;
    int count;
    union {
        int64_t integer;
        double real;
        size_t place;
    } is;
} value;

typedef struct {
    char name[128];
    int columns;
    int64_t rows;
    value *values;
    int64_t capacity;
} table;

static char *arena;
static size_t arena_used, arena_size;

static size_t keep(const void *bytes, size_t count) {
    if (arena_size - arena_used < count) {
        arena_size = 2 * (arena_size + count);
        arena = realloc(arena, arena_size);
        if (arena == NULL) exit(1);
    }
    if (count > 0) memcpy(arena + arena_used, bytes, count);
    arena_used += count;
    return arena_used - count;
}

static void load(sqlite3 *from, table *table) {
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table->name);
    sqlite3_stmt *statement;
    check(from, sqlite3_prepare_v2(from, sql, -1, &statement, NULL));
    table->columns = sqlite3_column_count(statement);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (table->rows == table->capacity) {
            table->capacity = 2 * table->capacity + 1024;
            table->values =
                realloc(table->values, sizeof(value) * (size_t)(table->capacity * table->columns));
            if (table->values == NULL) exit(1);
        }
        value *row = table->values + table->rows * table->columns;
        for (int i = 0; i < table->columns; i++) {
            row[i].type = sqlite3_column_type(statement, i);
            row[i].count = 0;
            if (row[i].type == SQLITE_INTEGER) {
                row[i].is.integer = sqlite3_column_int64(statement, i);
            } else if (row[i].type == SQLITE_FLOAT) {
                row[i].is.real = sqlite3_column_double(statement, i);
            } else if (row[i].type != SQLITE_NULL) {
                const void *bytes = sqlite3_column_blob(statement, i);
                row[i].count = sqlite3_column_bytes(statement, i);
                row[i].is.place = keep(bytes, (size_t)row[i].count);
            }
        }
        table->rows++;
    }
    check(from, code);
    sqlite3_finalize(statement);
}

static void insert_all(sqlite3 *to, const table *table) {
    char sql[1024];
    int length = snprintf(sql, sizeof sql, "INSERT INTO \"%s\" VALUES (?", table->name);
    for (int i = 1; i < table->columns; i++) length += snprintf(sql + length, 8, ",?");
    snprintf(sql + length, 8, ")");
    sqlite3_stmt *statement;
    check(to, sqlite3_prepare_v3(to, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL));
    for (int64_t row = 0; row < table->rows; row++) {
        const value *values = table->values + row * table->columns;
        for (int i = 0; i < table->columns; i++) {
            switch (values[i].type) {
            case SQLITE_INTEGER: sqlite3_bind_int64(statement, i + 1, values[i].is.integer); break;
            case SQLITE_FLOAT: sqlite3_bind_double(statement, i + 1, values[i].is.real); break;
            case SQLITE_NULL: sqlite3_bind_null(statement, i + 1); break;
            case SQLITE_TEXT:
                sqlite3_bind_text(
                    statement, i + 1, arena + values[i].is.place, values[i].count, SQLITE_STATIC);
                break;
            default:
                sqlite3_bind_blob(
                    statement, i + 1, arena + values[i].is.place, values[i].count, SQLITE_STATIC);
            }
        }
        check(to, sqlite3_step(statement));
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void insert(const char *from_path, const char *to_path) {
    sqlite3 *from = open_file(from_path), *to = open_file(to_path);
    // As blackbox opens its file.
    run(to, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "PRAGMA cache_size = -16384; PRAGMA foreign_keys = ON");
    table *tables = NULL;
    int count = 0;
    sqlite3_stmt *statement;
    check(from, sqlite3_prepare_v2(
                    from,
                    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN "
                    "('table', 'index') AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
                    -1, &statement, NULL));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        run(to, (const char *)sqlite3_column_text(statement, 2));
        if (strcmp((const char *)sqlite3_column_text(statement, 0), "table") != 0) continue;
        tables = realloc(tables, sizeof(table) * (size_t)(count + 1));
        if (tables == NULL) exit(1);
        memset(&tables[count], 0, sizeof(table));
        snprintf(tables[count].name, sizeof tables[count].name, "%s",
                 (const char *)sqlite3_column_text(statement, 1));
        count++;
    }
    sqlite3_finalize(statement);
    int64_t rows = 0;
    for (int i = 0; i < count; i++) {
        load(from, &tables[i]);
        rows += tables[i].rows;
    }
    double begin = now();
    run(to, "BEGIN");
    for (int i = 0; i < count; i++) insert_all(to, &tables[i]);
    run(to, "COMMIT");
    printf("{\"rows\":%lld,\"seconds\":%.6f}\n", (long long)rows, now() - begin);
    sqlite3_close(from);
    sqlite3_close(to);
}

static void query(const char *path, const char *sql) {
    sqlite3 *database = open_file(path);
    double best = 1e9;
    for (int round = 0; round < 5; round++) {
        // Of the processor: what else the machine does is not the query's.
        double begin = seconds(CLOCK_PROCESS_CPUTIME_ID);
        run(database, sql);
        double took = seconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
        if (took < best) best = took;
    }
    printf("%.3f\n", best * 1000);
    size_t length = strlen(sql) + 32;
    char *explain = malloc(length);
    if (explain == NULL) exit(1);
    snprintf(explain, length, "EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *statement;
    check(database, sqlite3_prepare_v2(database, explain, -1, &statement, NULL));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        printf("    %s\n", sqlite3_column_text(statement, 3));
    }
    sqlite3_finalize(statement);
    free(explain);
    sqlite3_close(database);
}

int main(int argc, char **argv) {
    if (argc == 4 && strcmp(argv[1], "insert") == 0) {
        insert(argv[2], argv[3]);
    } else if (argc == 4 && strcmp(argv[1], "run") == 0) {
        sqlite3 *database = open_file(argv[2]);
        run(database, argv[3]);
        sqlite3_close(database);
    } else if (argc == 4 && strcmp(argv[1], "query") == 0) {
        query(argv[2], argv[3]);
    } else {
        fputs("bench-sqlite insert FROM TO | run FILE SQL | query FILE SQL\n", stderr);
        return 2;
    }
    return 0;
}
