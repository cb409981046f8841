/* spot_face.h: the server side of Binance spot over a simulated venue (../binance/face.h): its endpoints, streams and WS API.
 *
 * Protocol: protocols/binance-spot.md and clients.md of the design papers.
 */
#pragma once

#include "edge/face/binance/face.h"

/* Everything else is done with the calls of face.h. */
result_t spot_face_create(const face_options_t *options, face_t **out);
