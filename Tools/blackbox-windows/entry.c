// Where blackbox.exe begins: Windows' arguments in UTF-8, then Swift.
#include "CPlatform.h"

#include <stdlib.h>
#include <windows.h>

#include <shellapi.h>

int32_t blackbox_main(const char *const *arguments, int32_t count);

int main(void) {
    int count = 0;
    wchar_t **wide = CommandLineToArgvW(GetCommandLineW(), &count);
    const char **arguments = calloc((size_t)count + 1, sizeof *arguments);
    if (!wide || !arguments) return 1;
    for (int i = 0; i < count; i++) {
        int room = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
        char *text = malloc(room > 0 ? (size_t)room : 1);
        if (!text) return 1;
        text[0] = 0;
        WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, text, room, NULL, NULL);
        arguments[i] = text;
    }
    // What is printed on a console is UTF-8.
    SetConsoleOutputCP(CP_UTF8);
    return blackbox_main(arguments, count);
}
