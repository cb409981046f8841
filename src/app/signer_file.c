/* signer_file.c: see signer_file.h. */
#include "app/signer_file.h"

#include <stdio.h>

#include "core/base/str.h"
#include "core/order/record.h"
#include "edge/store/file.h"

/* "patriot-signer 1 epoch 7 kill 0". Digits that do not fit their number are no number: a level must not come back as another. */
static bool read_state(str_t text, uint32_t *epoch, uint32_t *kill)
{
    static const char *const words[] = {"patriot-signer", "1", "epoch", NULL, "kill", NULL};
    uint64_t numbers[2] = {0};
    size_t count = 0;
    text = str_trim(text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        str_t word = str_cut(&text, ' ');
        if (words[i] ? !str_eq(word, str_from(words[i])) : str_to_u64(word, &numbers[count++]) != RESULT_OK)
            return false;
    }
    if (text.length > 0 || numbers[0] >= UINT32_MAX || numbers[1] > KILL_FLATTEN)
        return false;
    *epoch = (uint32_t)numbers[0];
    *kill = (uint32_t)numbers[1];
    return true;
}

result_t signer_file_read(const char *data_folder, uint32_t *epoch, uint32_t *kill_level)
{
    char path[FILE_PATH_MAX], text[128];
    size_t length = 0;
    result_t result = file_path_join(data_folder, "signer.state", path, sizeof path);
    if (result == RESULT_OK)
        result = file_read_whole(path, text, sizeof text, &length);
    if (result == RESULT_OK && !read_state((str_t){text, length}, epoch, kill_level))
        result = RESULT_MALFORMED;
    return result;
}

result_t signer_file_write(const char *data_folder, uint32_t epoch, uint32_t kill_level)
{
    char path[FILE_PATH_MAX], text[96];
    if (file_path_join(data_folder, "signer.state", path, sizeof path) != RESULT_OK)
        return RESULT_TEXT_TOO_LONG;
    int length = snprintf(text, sizeof text, "patriot-signer 1 epoch %u kill %u\n", epoch, kill_level);
    return length > 0 ? file_write_whole(path, text, (size_t)length, 0600) : RESULT_IO;
}
