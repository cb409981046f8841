/* config_command.h: `patriot config check | show [--origin] [--json] | reload`. */
#pragma once

int app_config_main(int argc, char **argv);
