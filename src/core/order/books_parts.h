/* books_parts.h: shared by books_apply.c and books_fill.c; nothing else includes it. */
#pragma once

#include "core/order/books.h"

result_t books_apply_fill(books_t *books, const order_record_t *record);
result_t books_apply_reduction(books_t *books, const order_record_t *record);
