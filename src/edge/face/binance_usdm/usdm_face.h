/* usdm_face.h: the USD-M futures product of the face (edge/face/binance): perpetuals and deliveries of the world at /fapi. */
#pragma once

#include "core/base/result.h"
#include "edge/face/binance/face.h"

/* Everything else is done with the calls of face.h. Takes the world's listener. RESULT_FULL without memory. */
result_t usdm_face_create(const face_options_t *options, face_t **out);
