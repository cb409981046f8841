/* signer.h: `patriot signer`: alone holds the exchange keys and the way to the private endpoints. */
#pragma once

int app_signer_main(int argc, char **argv);
