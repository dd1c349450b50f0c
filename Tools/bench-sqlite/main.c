// What SQLite itself costs, for Tools/bench: the rows of a database into an empty one of the same schema,
// with nothing but prepared statements; and a query's time and plan.
//
//   bench-sqlite insert FROM TO       reads all rows into memory, then times their insertion: prints rows,
//                                     seconds, cpuSeconds
//   bench-sqlite costs FROM TO ROWS   the same again and again, each time without one index or foreign key of
//                                     a table of at least so many rows: prints the seconds of CPU of the whole,
//                                     then what each costs: index or key, table, columns, seconds
//   bench-sqlite run FILE SQL         runs statements
//   bench-sqlite query FILE SQL       prints the best of five times in milliseconds of CPU, then the plan
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

// What makes the tables and indexes, in order.
typedef struct {
    char name[128];
    char *sql;
    int is_table;
} statement;

static statement *statements;
static int statement_count;
static table *tables;
static int table_count;

// Everything of a database into memory.
static int64_t load_all(const char *path) {
    sqlite3 *from = open_file(path);
    sqlite3_stmt *list;
    check(from, sqlite3_prepare_v2(
                    from,
                    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN "
                    "('table', 'index') AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
                    -1, &list, NULL));
    while (sqlite3_step(list) == SQLITE_ROW) {
        statements = realloc(statements, sizeof(statement) * (size_t)(statement_count + 1));
        tables = realloc(tables, sizeof(table) * (size_t)(table_count + 1));
        if (statements == NULL || tables == NULL) exit(1);
        statement *next = &statements[statement_count++];
        snprintf(next->name, sizeof next->name, "%s", (const char *)sqlite3_column_text(list, 1));
        next->sql = strdup((const char *)sqlite3_column_text(list, 2));
        if (next->sql == NULL) exit(1);
        next->is_table = strcmp((const char *)sqlite3_column_text(list, 0), "table") == 0;
        if (!next->is_table) continue;
        memset(&tables[table_count], 0, sizeof(table));
        memcpy(tables[table_count++].name, next->name, sizeof next->name);
    }
    sqlite3_finalize(list);
    int64_t rows = 0;
    for (int i = 0; i < table_count; i++) {
        load(from, &tables[i]);
        rows += tables[i].rows;
    }
    sqlite3_close(from);
    return rows;
}

typedef struct {
    double seconds;
    double cpu_seconds;
} times;

// Inserts all rows into a new file whose tables are made by `statements`.
static times insert_into(const char *path) {
    remove(path);
    sqlite3 *to = open_file(path);
    // As blackbox opens its file.
    run(to, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "PRAGMA cache_size = -16384; PRAGMA foreign_keys = ON");
    for (int i = 0; i < statement_count; i++) run(to, statements[i].sql);
    times begin = {now(), seconds(CLOCK_PROCESS_CPUTIME_ID)};
    run(to, "BEGIN");
    for (int i = 0; i < table_count; i++) insert_all(to, &tables[i]);
    run(to, "COMMIT");
    times took = {now() - begin.seconds, seconds(CLOCK_PROCESS_CPUTIME_ID) - begin.cpu_seconds};
    sqlite3_close(to);
    return took;
}

static void insert(const char *from, const char *to) {
    int64_t rows = load_all(from);
    times took = insert_into(to);
    printf("{\"rows\":%lld,\"seconds\":%.6f,\"cpuSeconds\":%.6f}\n", (long long)rows, took.seconds,
           took.cpu_seconds);
}

static int64_t rows_of(const char *name) {
    for (int i = 0; i < table_count; i++) {
        if (strcmp(tables[i].name, name) == 0) return tables[i].rows;
    }
    return 0;
}

// Seconds that are saved when a statement reads like this.
static double saved(const char *to, statement *changed, char *sql, double whole) {
    char *before = changed->sql;
    changed->sql = sql;
    double took = insert_into(to).cpu_seconds;
    changed->sql = before;
    return whole - took;
}

// The first foreign key of a table's statement at or behind `from`, as the schema writes them: a line each.
static const char *foreign_key(const char *from) { return strstr(from, ",\n    FOREIGN KEY ("); }

static void costs(const char *from, const char *to, int64_t least_rows) {
    load_all(from);
    double whole = insert_into(to).cpu_seconds;
    printf("whole\t\t\t%.3f\n", whole);
    for (int i = 0; i < statement_count; i++) {
        statement *one = &statements[i];
        if (!one->is_table) {
            // CREATE INDEX "name" ON "table" (…)
            char *on = strstr(one->sql, "\" ON \""), owner[128];
            if (on == NULL || sscanf(on + 6, "%127[^\"]", owner) != 1) continue;
            if (rows_of(owner) < least_rows) continue;
            char nothing[] = "SELECT 1";
            printf("index\t%s\t%s\t%.3f\n", owner, strchr(on, '('), saved(to, one, nothing, whole));
            continue;
        }
        if (rows_of(one->name) < least_rows) continue;
        for (const char *key = foreign_key(one->sql); key != NULL; key = foreign_key(key + 1)) {
            const char *end = strchr(key + 2, '\n');
            // A comma behind it stays for what follows.
            if (end[-1] == ',') end--;
            char *without = malloc(strlen(one->sql) + 1), columns[256];
            if (without == NULL) exit(1);
            sprintf(without, "%.*s%s", (int)(key - one->sql), one->sql, end);
            if (sscanf(key, ",\n    FOREIGN KEY %255[^)]", columns) == 1) {
                printf("key\t%s\t%s)\t%.3f\n", one->name, columns, saved(to, one, without, whole));
            }
            free(without);
        }
    }
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
    } else if (argc == 5 && strcmp(argv[1], "costs") == 0) {
        costs(argv[2], argv[3], strtoll(argv[4], NULL, 10));
    } else if (argc == 4 && strcmp(argv[1], "run") == 0) {
        sqlite3 *database = open_file(argv[2]);
        run(database, argv[3]);
        sqlite3_close(database);
    } else if (argc == 4 && strcmp(argv[1], "query") == 0) {
        query(argv[2], argv[3]);
    } else {
        fputs("bench-sqlite insert FROM TO | costs FROM TO ROWS | run FILE SQL | query FILE SQL\n", stderr);
        return 2;
    }
    return 0;
}
