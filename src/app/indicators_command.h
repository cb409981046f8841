/* indicators_command.h: `patriot indicators [NAME] [--pine] [--json]`: what the registry has, and what each one promises. */
#pragma once

int app_indicators_main(int argc, char **argv);
