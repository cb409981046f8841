/* plugin_host.h: `patriot plugin-host`: the process of one C plug-in. Started by whoever uses the plug-in, never by people. */
#pragma once

int app_plugin_host_main(int argc, char **argv);
