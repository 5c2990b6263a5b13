#pragma once

// BRAID_API marks the symbols that the shared library exports; everything else is hidden.
#if defined(BRAID_STATIC)
#define BRAID_API
#else
#define BRAID_API __attribute__((visibility("default")))
#endif
