/* journal.h: `patriot journal verify | export [--json|--csv] | rebuild`. */
#pragma once

int app_journal_main(int argc, char **argv);
