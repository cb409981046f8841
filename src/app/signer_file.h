/* signer_file.h: DIR/signer.state: what of the signer must not loosen by a restart: the highest epoch that it has met, and the kill
 * level. The signer writes it; a watchdog begins above that epoch, also when its own journal has lost it.
 */
#pragma once

#include <stdint.h>

#include "core/base/result.h"

/* RESULT_NOT_FOUND: no signer has run there; RESULT_MALFORMED: not a line of ours; the errors of file_read_whole. */
result_t signer_file_read(const char *data_folder, uint32_t *epoch, uint32_t *kill_level);

/* Durable when it returns RESULT_OK; the old one stands otherwise. */
result_t signer_file_write(const char *data_folder, uint32_t epoch, uint32_t kill_level);
