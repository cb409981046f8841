/* data_command.h: `patriot data show`: bars with columns of indicators. */
#pragma once

int app_data_main(int argc, char **argv);
