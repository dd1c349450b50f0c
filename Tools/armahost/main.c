// armahost: a stand-in for the game (see options.c for what it can do).
#include "counterparts.h"
#include "options.h"
#include "os.h"
#include "session.h"

#include <stdlib.h>

static session run;

static bool start_target(const options *o) {
    switch (o->target) {
    case TARGET_PLUGIN: return game_load(&o->game);
    case TARGET_MEMORY: return floor_start();
    case TARGET_WRITE:
        if (write_start(o->write_path)) return true;
        fprintf(stderr, "armahost: cannot write to %s\n", o->write_path);
    }
    return false;
}

static bool broke_the_interface(void) {
    const game_faults *f = game_fault_counts();
    return f->overruns + f->unterminated + f->not_utf8 + f->return_codes + f->null_texts > 0;
}

int main(int count, char **arguments) {
    char **texts = os_utf8_arguments(&count);
    if (texts != NULL) arguments = texts;
    options o;
    int code = options_read(&o, count, arguments);
    if (code != EXIT_FINE) return code < 0 ? EXIT_FINE : code;
    if (!start_target(&o)) return EXIT_NOT_LOADED;
    if (!session_start(&run, &o)) return EXIT_USAGE;
    if (o.probe_nil && o.target == TARGET_PLUGIN) game_probe_nil();
    code = o.addon ? addon_run(&run) : session_play(&run);
    int finish = session_finish(&run);
    if (code == EXIT_FINE) code = finish;
    if (code == EXIT_FINE && broke_the_interface()) code = EXIT_BROKEN;
    if (!o.game.quiet) report_text(&run, stdout);
    if (o.json_path != NULL && !report_json(&run, o.json_path) && code == EXIT_FINE) code = EXIT_USAGE;
    // exit() and not _exit(): the plug-in's destructor runs, as when the game leaves in peace.
    exit(code);
}
