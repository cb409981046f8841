/* strategies_command.h: `patriot strategies [NAME] [--check FILE] [--json]`: the strategies, their written rules and options. */
#pragma once

int app_strategies_main(int argc, char **argv);
