# words.sh: sourced by the scripts. What is done with the words behind a script's name.

# The word of the list that shares most letters in order with the typed one, when it lacks at most two of either; else nothing.
nearest_of() # typed, words...
{
    printf '%s\n' "$@" | awk '
        NR == 1 { typed = $0; best = 3; next }
        {
            split("", row)
            for (i = 1; i <= length(typed); i++) {
                before = 0
                for (j = 1; j <= length($0); j++) {
                    above = row[j]
                    if (substr(typed, i, 1) == substr($0, j, 1)) row[j] = before + 1
                    else if (row[j - 1] > row[j]) row[j] = row[j - 1]
                    before = above
                }
            }
            apart = length(typed) + length($0) - 2 * row[length($0)]
            if (apart < best) { best = apart; word = $0 }
        }
        END { print word }'
}

# Prints the head of a script: its comment up to the first other line.
usage_of() # script
{
    sed -n '2,/^[^#]/{/^#/p}' "$1" | cut -c3-
}

# Says what is wrong, with the nearest of the known words if there is one, then the head of the script; ends with 2.
refuse_word() # script, complaint, typed, known words...
{
    local script=$1 complaint=$2 near
    shift 2
    near=$(nearest_of "$@")
    echo "${script##*/}: $complaint: $1${near:+; did you mean $near?}" >&2
    usage_of "$script" >&2
    exit 2
}
