/* fuzz_http_request.c: hostile requests: no crash, no read past the end, the same verdict however the bytes are cut; what was
 * accepted is written again and read back the same. rooms: edge/net
 */
#include "fuzz/http_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    http_fuzz(HTTP_REQUEST, data, size);
    return 0;
}
