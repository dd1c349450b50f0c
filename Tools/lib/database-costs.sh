# shellcheck shell=bash disable=SC2154 # costs, results, least_rows, programs: set by Tools/lib/bench-databases
# Sourced by Tools/lib/bench-databases: bench/databases.md out of what it measured.

# The figures as rows of a table.
costs_figures() {
    awk -F '\t' '{
        goal = $4
        against = $5 == "" ? "" : sprintf("%s: %.6g, ratio %.2f", $5, $6, $2 / $6)
        printf "| %s | %.4g %s | %s | %s |\n", $1, $2, $3, goal, against
    }' "$results/databases.figures"
}

# costs_of KIND: a row for each index, or each foreign key, that either engine has
costs_of() {
    awk -F '\t' -v kind="$1" '
        # A primary key is no index of its own in SQLite, which calls it the table.
        function name(columns) { gsub(/["() ]/, "", columns); gsub(/,/, ", ", columns); return columns }
        $1 == kind {
            place = $2 SUBSEP name($3)
            if (!(place in seen)) { order[++count] = place; seen[place] = 1 }
            if (FILENAME ~ /sqlite$/) { sqlite[place] = $4 } else { postgres[place] = $4; size[place] = $5 }
        }
        END {
            for (n = 1; n <= count; n++) {
                split(order[n], part, SUBSEP)
                lite = order[n] in sqlite ? sprintf("%.2f", sqlite[order[n]]) : "–"
                server = order[n] in postgres ? postgres[order[n]] : "–"
                if (kind == "index") server = server " | " (order[n] in size ? size[order[n]] : "–")
                printf "| `%s` | `%s` | %s | %s |\n", part[1], part[2], lite, server
            }
        }' "$costs.sqlite" "$costs.postgres"
}

write_costs() {
    cat <<END_OF_PAGE
# What the databases cost

Written by \`Tools/bench databases\`; everything in one run on one machine: $(nproc) processors, PostgreSQL
$("$programs/postgres" --version | sed 's/[^0-9]*\([0-9.]*\).*/\1/') with its settings as installed (but \`max_wal_size\` 8 GB), the hour of 200 soldiers and
40 vehicles that \`generate-mission\` makes. The load of the machine was $(cut -d ' ' -f 1 /proc/loadavg) at the end.

| | | goal | beside |
| --- | --- | --- | --- |
$(costs_figures)

## Indexes

Of the tables with at least $least_rows rows. SQLite: seconds of processor time that the bare loop saves without it.
PostgreSQL: seconds to build it when the rows are there, and its size. The first columns of PostgreSQL's keys serve
where SQLite has an index of \`mission_id\` alone, and SQLite's keys are the tables themselves. Which view or query each
index is for is in [docs/formats/database.md](../docs/formats/database.md); a test holds it to that in both engines.

| table | columns | SQLite, s | PostgreSQL, s | MiB |
| --- | --- | --- | --- | --- |
$(costs_of index)

They are kept up to date while rows come, not built at the end: a database holds other missions, too, whose rows would
all be indexed again.

## Foreign keys

SQLite: as above. PostgreSQL: seconds of its checks, as the server counts them. It leaves out those to a mission that
another reference implies.

| table | columns | SQLite, s | PostgreSQL, s |
| --- | --- | --- | --- |
$(costs_of key)

## The scoreboard over 1,000 missions

SQLite's plan:

$(cat "$costs.plan-sqlite")

PostgreSQL's:

$(cat "$costs.plan-postgres")
END_OF_PAGE
}
