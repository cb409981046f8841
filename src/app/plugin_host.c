/* plugin_host.c: see plugin_host.h; edge/plugin/plugin_host.h does the work. */
#include "app/plugin_host.h"

#include <stdio.h>

#include "app/options.h"
#include "app/role.h"
#include "edge/observe/process.h"
#include "edge/plugin/plugin_host.h"

int app_plugin_host_main(int argc, char **argv)
{
    const command_t words = {.command = "patriot plugin-host",
                             .usage = "",
                             .about = "The process in which one C plug-in strategy runs, without rights. The monitor starts it."};
    const char *operands[1];
    size_t count = 0;
    int code = EXIT_MISUSE;
    if (!options_take(&words, argc, argv, operands, &count, &code)) {
        return code;
    }
    process_title_set("plugin-host", NULL);
    code = plugin_host_serve();
    fprintf(stderr, "patriot plugin-host: started by hand there is nothing to serve; name a plug-in in signal.strategies\n");
    return code;
}
