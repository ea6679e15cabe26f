/* Files that travel in the binary: the steps of the schema. */
#pragma once
#include "migrations.h"
