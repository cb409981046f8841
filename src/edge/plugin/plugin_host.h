/* plugin_host.h: the process of a plug-in from inside: rights away, object loaded, questions answered until the bell is closed. */
#pragma once

/* Works on the descriptors PLUGIN_BELL, PLUGIN_WINDOW and PLUGIN_FILE; does not return but when these are not there (exit code). */
int plugin_host_serve(void);
