/* empty_room.c: keeps a room without files linkable. */
typedef int empty_room_t;
