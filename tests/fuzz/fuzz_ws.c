/* fuzz_ws.c: hostile WebSocket bytes through our decoder, in pieces of every size, with wslay as the second opinion.
 * rooms: edge/net
 *
 * First byte: role and size of the pieces; the rest is what the peer sends.
 */
#include <stdlib.h>

#include "fuzz/ws_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static transcript_t whole, pieces, theirs;
    static wslay_t wslay;
    static int wslay_state; /* 0: not tried, 1: there, 2: not there */
    if (size < 1) {
        return 0;
    }
    if (wslay_state == 0) {
        wslay_state = wslay_open(&wslay) ? 1 : 2;
    }
    ws_role_t role = (data[0] & 1) != 0 ? WS_SERVER : WS_CLIENT;
    size_t piece = 1 + (size_t)(data[0] >> 1) % 17;
    const char *bytes = (const char *)data + 1;
    size_t length = size - 1;
    char *memory = malloc(length + 1);
    transcript_ours(role, bytes, length, length + 1, memory, &whole);
    transcript_ours(role, bytes, length, piece, memory, &pieces);
    if (whole.length != pieces.length || memcmp(whole.text, pieces.text, whole.length) != 0) {
        abort();
    }
    if (wslay_state == 1) {
        if (!oracle_agrees(&wslay, role, bytes, length, &whole, &theirs)) {
            fprintf(stderr, "ours:\n%.*s\nwslay:\n%.*s\n", (int)whole.length, whole.text, (int)theirs.length, theirs.text);
            abort();
        }
    }
    free(memory);
    return 0;
}
