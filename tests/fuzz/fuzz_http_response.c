/* fuzz_http_response.c: hostile responses; see fuzz_http_request.c.
 * rooms: edge/net
 */
#include "fuzz/http_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    http_fuzz(HTTP_RESPONSE, data, size);
    return 0;
}
